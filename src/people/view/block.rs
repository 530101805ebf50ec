//! Blocking somebody, and ending that: the dialog that asks.

use super::asked;
use crate::{
    browser::focus,
    device::Device,
    kit::poster::Poster,
    people::words,
    ui::{dialog::Dialog, route::Route, toast::Toasts},
};
use leptos::{ev::SubmitEvent, prelude::*};
use model::id::{ConversationId, UserId};

/// What leads to it.
const OPENERS: &str = ".listed-opener button, .details-opener button";

/// The dialog.
#[component]
pub fn BlockDialog(
    /// Over which conversation.
    id: ConversationId,
    /// Whom.
    user: UserId,
) -> impl IntoView {
    let (device, route, toasts) =
        (expect_context::<Device>(), expect_context::<Route>(), expect_context::<Toasts>());
    let (name, is_contact, is_blocked) = device.state.with_untracked(|state| {
        let name = state.name_of(user).unwrap_or(words::SOMEBODY).to_owned();
        (name, state.contacts.contains_key(&user), state.blocked.contains(&user))
    });
    let close = move || {
        route.replace(&format!("/c/{id}"));
        focus::rescue(OPENERS);
    };
    let said = if is_blocked { words::UNBLOCKED } else { words::BLOCKED };
    let poster = Poster::from_context();
    let act = move |event: SubmitEvent| {
        poster.post(&event, move |_| {
            toasts.done(said);
            // Unless somebody has gone on already.
            route.forget(&[asked::BLOCK]);
            focus::rescue(OPENERS);
        });
    };
    let (title, path) = match is_blocked {
        true => (words::unblock_whom(&name), "/api/people/unblock"),
        false => (words::block_whom(&name), "/api/people/block"),
    };
    let text = match is_blocked {
        true => view! { <p>{words::UNBLOCKING}</p> }.into_any(),
        false => view! {
            <p>{words::blocking(&name)}</p>
            {is_contact.then(|| view! { <p>{words::BLOCKING_CONTACT}</p> })}
            <p>{words::BLOCKING_GROUPS}</p>
        }
        .into_any(),
    };
    let button = match is_blocked {
        true => view! { <button class="btn main">{words::UNBLOCK}</button> }.into_any(),
        false => view! { <button class="btn danger">{words::BLOCK}</button> }.into_any(),
    };
    view! {
        <Dialog role="alertdialog" labelled="block-title" described="block-text" close=Callback::new(move |()| close())>
            <h2 id="block-title">{title}</h2>
            <div id="block-text">{text}</div>
            <div class="acts">
                <form method="get" action=format!("/c/{id}") on:submit=move |event: SubmitEvent| {
                    event.prevent_default();
                    close();
                }>
                    <button class="btn" autofocus=true>{words::CANCEL}</button>
                </form>
                <form method="post" action=path on:submit=act>
                    <input type="hidden" name="user_id" value=user.to_string()/>
                    {button}
                </form>
            </div>
        </Dialog>
    }
}

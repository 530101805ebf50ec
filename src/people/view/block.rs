//! Blocking somebody, and ending that: the dialog that asks.

use crate::{
    browser::page,
    device::Device,
    kit::{codec, error::Refused},
    people::words,
    ui::{dialog::Dialog, route::Route, toast::Toasts},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use model::id::{ConversationId, UserId};

/// Posts a form about somebody, and says what came of it.
pub fn post(event: &SubmitEvent, toasts: Toasts, said: &'static str, then: impl FnOnce() + 'static) {
    event.prevent_default();
    let Some((path, json)) = page::posted(event, &[]) else { return };
    spawn_local(async move {
        match codec::post(&path, json).await {
            Ok(_) => {
                toasts.done(said);
                then();
            }
            Err(Refused(error)) => toasts.failed(&error),
        }
    });
}

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
        page::rescue_focus(".options summary, .details-opener button");
    };
    let said = if is_blocked { words::UNBLOCKED } else { words::BLOCKED };
    let act = move |event: SubmitEvent| post(&event, toasts, said, close);
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

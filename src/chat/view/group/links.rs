//! Links into a group: those that there are, and making another one.

use super::{details::Shown, invited::Doors};
use crate::{
    browser::{clock, focus},
    chat::{view::copying::copy, words},
    device::Device,
    kit::poster::Poster,
    ui::{
        dynamic::{Row, Rows, part, text},
        toast::Toasts,
    },
};
use leptos::{ev::SubmitEvent, prelude::*};
use model::{group::Act, group_invitation::InviteLink, id::ConversationId};

/// For whoever may let people in.
#[component]
pub fn InviteLinks(id: ConversationId, doors: Doors, shown: Memo<Option<Shown>>) -> impl IntoView {
    let poster = Poster::from_context();
    let adds = Memo::new(move |_| shown.read().as_ref().is_some_and(|shown| shown.may(Act::Add)));
    let make = move |event: SubmitEvent| poster.post(&event, move |_| doors.ask());
    let rows = Signal::derive(move || {
        let row = |link: InviteLink| {
            let key = link.token.0.as_u128();
            Row::new(key, link.used.into(), move || view! { <Link id doors link=link.clone()/> }.into_any())
        };
        doors.now().links.into_iter().map(row).collect()
    });
    let choices = |choices: [(&'static str, &'static str); 3]| {
        // The one in the middle is what holds where nothing is said.
        let usual = choices[1].0;
        let choice =
            move |(value, word)| view! { <option value=value selected=value == usual>{word}</option> };
        choices.map(choice).collect_view()
    };
    part(move || {
        let all = || {
            view! {
                <details class="act">
                    <summary class="btn" role="button">{words::INVITE_LINK}</summary>
                    <ul class="plain links" aria-label=words::LINKS><Rows rows/></ul>
                    <form method="post" action=format!("/api/groups/{id}/invites") on:submit=make>
                        <p>{words::LINK_HELP}</p>
                        <label class="fld">
                            <span>{words::GOOD_FOR}</span>
                            <select name="expires_in">{choices(words::LINK_TIMES)}</select>
                        </label>
                        <label class="fld">
                            <span>{words::FOR_SO_MANY}</span>
                            <select name="uses">{choices(words::LINK_NUMBERS)}</select>
                        </label>
                        <button class="btn main">{words::MAKE_LINK}</button>
                    </form>
                </details>
            }
        };
        adds.get().then(all).into_any()
    })
}

#[component]
fn Link(id: ConversationId, doors: Doors, link: InviteLink) -> impl IntoView {
    let (device, toasts, poster) =
        (expect_context::<Device>(), expect_context::<Toasts>(), Poster::from_context());
    let InviteLink { token, url, uses, used, expires_at, .. } = link;
    let state = text(move || {
        let zone = device.zone.get();
        let end = zone.civil(expires_at);
        Some(words::link_state(used, uses, &end.day_label(&zone.civil(clock::now())), &end.clock()))
    });
    let revoke = move |event: SubmitEvent| {
        poster.post(&event, move |_| {
            doors.ask();
            focus::rescue(".details header button");
        });
    };
    let copied = url.clone();
    view! {
        <li>
            <input type="text" readonly value=url aria-label=words::INVITE_LINK/>
            <p>{state}</p>
            <div class="acts">
                <button type="button" class="btn small scripted" on:click=move |_| copy(toasts, copied.clone(), words::INVITE_COPIED)>{words::COPY_INVITE}</button>
                <form method="post" action=format!("/api/groups/{id}/invites/revoke") on:submit=revoke>
                    <input type="hidden" name="token" value=token.to_string()/>
                    <button class="btn small bad">{words::REVOKE}</button>
                </form>
            </div>
        </li>
    }
}

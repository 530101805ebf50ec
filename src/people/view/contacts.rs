//! What can be done with a contact: a menu, which opens dialogs.

use crate::{
    browser::clock,
    device::Device,
    people::{
        view::{PEOPLE, asked::BLOCK},
        words,
    },
    ui::{
        dynamic::{part, text},
        icon::{Glyph, Icon},
        lazy::open,
        menu::Menu,
        route::Route,
        toast::Toasts,
    },
};
use leptos::{ev::SubmitEvent, prelude::*};
use model::{
    friendship::Contact,
    id::{ConversationId, UserId},
};

/// What the address says while the dialog is open, so that it opens without scripting, too.
pub const REMOVE: &str = "remove";

/// The menu of a conversation, and the dialog that it opens.
#[component]
pub fn ConversationOptions(
    /// Which conversation.
    id: ConversationId,
    /// Who it is with.
    contact: Memo<Option<Contact>>,
) -> impl IntoView {
    let asked = RwSignal::new(untrack(|| expect_context::<Route>().query(REMOVE)).is_some());
    let toasts = expect_context::<Toasts>();
    let ask = move |event: SubmitEvent| {
        event.prevent_default();
        open(PEOPLE.loader(), asked, toasts, move || format!("/c/{id}?{REMOVE}=1"));
    };
    let face = move || view! { <Glyph icon=Icon::More size=20/> };
    let dialog = part(move || {
        asked
            .get()
            .then(|| Some((PEOPLE.get()?.removal)(id, contact.get_untracked()?, asked)))
            .flatten()
            .into_any()
    });
    let other = contact.with_untracked(|contact| contact.as_ref().map(|contact| contact.id));
    let block = other.map(|user| block_link(id, user, "menu-item danger"));
    view! {
        <Menu label=words::OPTIONS class="options" face>
            {block}
            <form method="get" action=format!("/c/{id}") on:submit=ask>
                <button class="menu-item danger" name=REMOVE value="1">{words::REMOVE_CONTACT}</button>
            </form>
        </Menu>
        {dialog}
    }
}

/// Whether a contact is there, or when they were: as far as that is known.
pub fn presence(device: Device, contact: &Contact) -> Option<String> {
    if contact.online {
        return device.is_online(contact).then(|| words::ONLINE.to_owned());
    }
    let zone = device.zone.get();
    let seen = zone.civil(contact.last_seen?);
    Some(words::last_seen(&seen.day_label(&zone.civil(clock::now())), &seen.clock()))
}

/// What leads to blocking somebody, or to ending that: a link, to what the address then asks.
pub fn block_link(over: ConversationId, user: UserId, class: &'static str) -> AnyView {
    let device = expect_context::<Device>();
    let word = text(move || {
        let is_blocked = device.state.with_people(|state| state.blocked.contains(&user));
        Some(if is_blocked { words::UNBLOCK } else { words::BLOCK })
    });
    let role = class.starts_with("menu-item").then_some("menuitem");
    view! { <a class=class role=role href=format!("/c/{over}?{BLOCK}={user}")>{word}</a> }.into_any()
}

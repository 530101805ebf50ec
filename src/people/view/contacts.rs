//! What can be done with a contact: the dialog that removes one.

use crate::{
    browser::clock,
    device::Device,
    people::{
        view::{PEOPLE, asked::BLOCK},
        words,
    },
    ui::dynamic::{part, text},
};
use leptos::prelude::*;
use model::{
    friendship::Contact,
    id::{ConversationId, UserId},
};

/// What the address says while the dialog is open, so that it opens without scripting, too.
pub const REMOVE: &str = "remove";

/// The dialog that asks whether to remove the contact of a conversation, while it is open.
pub fn removal(id: ConversationId, contact: Memo<Option<Contact>>, asked: RwSignal<bool>) -> impl IntoView {
    part(move || {
        asked
            .get()
            .then(|| Some((PEOPLE.get()?.removal)(id, contact.get_untracked()?, asked)))
            .flatten()
            .into_any()
    })
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

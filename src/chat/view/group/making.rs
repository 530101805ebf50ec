//! The dialog that makes a group: a name and who is in it.

use crate::{
    browser::focus,
    chat::words,
    device::Device,
    kit::poster::Poster,
    ui::{
        avatar::Avatar,
        dialog::Dialog,
        dynamic::{Row, Rows},
        route::Route,
    },
};
use leptos::{ev::SubmitEvent, prelude::*};
use model::{friendship::Contact, group::GroupName, id::ConversationId, user::initials};
use serde::Deserialize;

/// Of the group that was made.
#[derive(Deserialize)]
struct Made {
    id: ConversationId,
}

/// The dialog.
#[component]
pub fn MakeGroup(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let (device, route, poster) =
        (expect_context::<Device>(), expect_context::<Route>(), Poster::from_context());
    let contacts = device.state.with_untracked(|state| state.contacts.values().cloned().collect::<Vec<_>>());
    let nobody = contacts.is_empty().then(|| view! { <p>{words::NOBODY_TO_ADD}</p> });
    let close = move || {
        open.set(false);
        focus::rescue(".new-group");
    };
    let make = move |event: SubmitEvent| {
        poster.post(&event, move |answer| {
            open.try_set(false);
            if let Ok(Made { id }) = model::json::from_str(&answer) {
                route.go(&format!("/c/{id}"));
            }
        });
    };
    view! {
        <Dialog role="dialog" labelled="make-title" close=Callback::new(move |()| close())>
            <h2 id="make-title">{words::NEW_GROUP}</h2>
            <form method="post" action="/api/groups" aria-label=words::NEW_GROUP on:submit=make>
                // Pressed twice it is one group.
                <input type="hidden" name="id" value=ConversationId::new().to_string()/>
                <label class="fld">
                    <span>{words::GROUP_NAME}</span>
                    <input name="name" required=true maxlength=GroupName::MAX.to_string() autocomplete="off" autofocus=true/>
                </label>
                {nobody}
                {people(Signal::derive(move || contacts.clone()))}
                <div class="acts">
                    <a class="btn" href="/" on:click=move |event| { event.prevent_default(); close(); }>{words::CANCEL}</a>
                    <button class="btn main">{words::CREATE_GROUP}</button>
                </div>
            </form>
        </Dialog>
    }
}

/// People to choose from, each of whom stays chosen while others come and go; those chosen are posted as `members`.
pub fn people(contacts: Signal<Vec<Contact>>) -> AnyView {
    let person = |contact: &Contact| {
        view! {
            <li>
                <label class="pick">
                    <input type="checkbox" name="members" value=contact.id.to_string()/>
                    <Avatar initials=initials(contact.name()) seed=contact.id.0.as_u128() small=true/>
                    <span>{contact.name().to_owned()}</span>
                </label>
            </li>
        }
    };
    let rows = Signal::derive(move || {
        let mut contacts = contacts.get();
        contacts.sort_by_cached_key(|contact| contact.name().to_lowercase());
        let row = |contact: Contact| Row::new(contact.id.0.as_u128(), 0, move || person(&contact).into_any());
        contacts.into_iter().map(row).collect()
    });
    view! { <ul class="plain pick-list"><Rows rows/></ul> }.into_any()
}

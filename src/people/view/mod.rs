//! Requests that wait, and contacts.

pub mod contacts;
pub mod pending;
mod removal;
pub mod requests;

use crate::ui::lazy::lazy;
use leptos::prelude::*;
use model::{friendship::Contact, id::ConversationId};
use pending::PendingRequests;
use removal::RemoveDialog;

/// What is seldom wanted of people.
#[derive(Clone, Copy)]
pub struct People {
    /// Draws the dialog that removes a contact; the signal says whether it is open.
    pub removal: fn(ConversationId, Contact, RwSignal<bool>) -> AnyView,
    /// Draws the requests that wait.
    pub requests: fn() -> AnyView,
}

lazy! {
    /// All of it.
    pub static PEOPLE: People = people(People {
        removal: |id, contact, asked| view! { <RemoveDialog id contact asked/> }.into_any(),
        requests: || view! { <PendingRequests/> }.into_any(),
    })
}

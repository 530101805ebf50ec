//! Requests that wait, and contacts.

pub mod asked;
mod block;
mod card;
pub mod contacts;
mod invitations;
pub mod pending;
mod removal;
pub mod requests;

use crate::ui::lazy::lazy;
use block::BlockDialog;
use card::Card;
use invitations::GroupInvitations;
use leptos::prelude::*;
use model::{
    friendship::Contact,
    id::{ConversationId, UserId},
};
use pending::PendingRequests;
use removal::RemoveDialog;

/// What is seldom wanted of people.
#[derive(Clone, Copy)]
pub struct People {
    /// Draws the dialog that removes a contact; the signal says whether it is open.
    pub removal: fn(ConversationId, Contact, RwSignal<bool>) -> AnyView,
    /// Draws somebody's card, or the dialog that blocks them, over a conversation.
    pub about: fn(ConversationId, UserId, bool) -> AnyView,
    /// Draws the requests that wait, and the invitations into groups.
    pub requests: fn() -> AnyView,
}

lazy! {
    /// All of it.
    pub static PEOPLE: People = people(People {
        removal: |id, contact, asked| view! { <RemoveDialog id contact asked/> }.into_any(),
        about: |id, user, blocks| match blocks {
            true => view! { <BlockDialog id user/> }.into_any(),
            false => view! { <Card id user/> }.into_any(),
        },
        requests: || view! { <PendingRequests/><GroupInvitations/> }.into_any(),
    })
}

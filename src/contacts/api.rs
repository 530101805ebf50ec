//! `GET /api/contacts` and `POST /api/contacts/remove`.

#![expect(missing_docs, reason = "the arguments, as fields of what #[server] generates")]

use super::model::{Contact, Removed};
use crate::{
    codec::{JsonOrForm, Query},
    error::AppError,
    id::UserId,
};
use leptos::prelude::*;

/// The viewer's contacts with their presence, by name.
#[server(prefix = "/api", endpoint = "contacts", protocol = Query)]
pub async fn contacts() -> Result<Vec<Contact>, AppError> {
    let user = crate::web::current_user().await?;
    super::server::contacts_of(&expect_context(), user.id).await
}

/// Ends being contacts and erases the shared history for both.
#[server(prefix = "/api", endpoint = "contacts/remove", protocol = JsonOrForm)]
pub async fn remove_contact(contact_id: UserId) -> Result<Removed, AppError> {
    let user = crate::web::current_user().await?;
    crate::requests::server::remove(&expect_context(), user, contact_id).await
}

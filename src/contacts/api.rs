//! `GET /api/contacts` and `POST /api/contacts/remove`.

#![expect(missing_docs, reason = "the arguments, as fields of what #[server] generates")]

use crate::kit::{
    codec::{JsonOrForm, Query},
    error::Refused,
};
use leptos::prelude::*;
use model::{
    friendship::{Contact, Removed},
    id::UserId,
};

/// The viewer's contacts with their presence, by name.
#[server(prefix = "/api", endpoint = "contacts", protocol = Query)]
pub async fn contacts() -> Result<Vec<Contact>, Refused> {
    let user = crate::web::current_user().await?;
    Ok(super::server::contacts_of(&expect_context(), user.id).await?)
}

/// Ends being contacts and erases the shared history for both.
#[server(prefix = "/api", endpoint = "contacts/remove", protocol = JsonOrForm)]
pub async fn remove_contact(contact_id: UserId) -> Result<Removed, Refused> {
    let user = crate::web::current_user().await?;
    Ok(crate::requests::server::remove(&expect_context(), user, contact_id).await?)
}

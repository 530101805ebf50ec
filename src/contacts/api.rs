//! `GET /api/contacts`.

use super::model::Contact;
use crate::{codec::Query, error::AppError};
use leptos::prelude::*;

/// The viewer's contacts with their presence, by name.
#[server(prefix = "/api", endpoint = "contacts", protocol = Query)]
pub async fn contacts() -> Result<Vec<Contact>, AppError> {
    let user = crate::web::current_user().await?;
    super::server::contacts_of(&expect_context(), user.id).await
}

//! `/api/friend-requests/...` and `/api/contacts...`.

#![expect(missing_docs, reason = "the arguments, as fields of what #[server] generates")]

use crate::kit::{
    codec::{JsonOrForm, Query},
    error::Refused,
};
use leptos::prelude::*;
use model::{
    friendship::{Contact, Removed},
    id::{RequestId, UserId},
    request::{Outcome, Pending},
};

/// Asks somebody to become a contact; a crossed request makes contacts at once.
#[server(prefix = "/api", endpoint = "friend-requests/send", protocol = JsonOrForm)]
pub async fn send_request(username: String) -> Result<Outcome, Refused> {
    let user = crate::kit::current_user().await?;
    Ok(super::server::send(&expect_context(), user, &username).await?)
}

/// The viewer's requests that wait.
#[server(prefix = "/api", endpoint = "friend-requests/pending", protocol = Query)]
pub async fn pending_requests() -> Result<Pending, Refused> {
    let user = crate::kit::current_user().await?;
    Ok(super::server::pending(&expect_context(), user.id).await?)
}

/// Says yes to an incoming request.
#[server(prefix = "/api", endpoint = "friend-requests/accept", protocol = JsonOrForm)]
pub async fn accept_request(request_id: RequestId) -> Result<Outcome, Refused> {
    use model::friendship::Move;
    let user = crate::kit::current_user().await?;
    Ok(super::server::answer(&expect_context(), user, request_id, Move::Accept).await?)
}

/// Says no to an incoming request; its sender is not told.
#[server(prefix = "/api", endpoint = "friend-requests/reject", protocol = JsonOrForm)]
pub async fn reject_request(request_id: RequestId) -> Result<Outcome, Refused> {
    use model::friendship::Move;
    let user = crate::kit::current_user().await?;
    Ok(super::server::answer(&expect_context(), user, request_id, Move::Reject).await?)
}

/// Takes an outgoing request back.
#[server(prefix = "/api", endpoint = "friend-requests/cancel", protocol = JsonOrForm)]
pub async fn cancel_request(request_id: RequestId) -> Result<Outcome, Refused> {
    use model::friendship::Move;
    let user = crate::kit::current_user().await?;
    Ok(super::server::answer(&expect_context(), user, request_id, Move::Cancel).await?)
}

/// The viewer's contacts with their presence, by name.
#[server(prefix = "/api", endpoint = "contacts", protocol = Query)]
pub async fn contacts() -> Result<Vec<Contact>, Refused> {
    let user = crate::kit::current_user().await?;
    Ok(super::server::contacts(&expect_context(), user.id).await?)
}

/// Ends being contacts and erases the shared history for both.
#[server(prefix = "/api", endpoint = "contacts/remove", protocol = JsonOrForm)]
pub async fn remove_contact(contact_id: UserId) -> Result<Removed, Refused> {
    let user = crate::kit::current_user().await?;
    Ok(super::server::remove(&expect_context(), user, contact_id).await?)
}

//! `GET /api/users/search`.

#![expect(missing_docs, reason = "the arguments, as fields of what #[server] generates")]

use crate::kit::{codec::Query, error::Refused};
use leptos::prelude::*;
use model::search::Found;

/// Up to ten people whose name contains `q`, those whose name begins with it first.
#[server(prefix = "/api", endpoint = "users/search", protocol = Query)]
pub async fn search_users(q: String) -> Result<Vec<Found>, Refused> {
    let user = crate::kit::current_user().await?;
    Ok(super::server::search(&expect_context(), user.id, &q).await?)
}

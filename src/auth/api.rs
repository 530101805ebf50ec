//! `POST /auth` and `GET /api/me`.

#![expect(missing_docs, reason = "the arguments, as fields of what #[server] generates")]

use super::model::{Mode, Password, User};
use crate::{
    codec::{JsonOrForm, Query},
    error::AppError,
};
use leptos::prelude::*;

/// Signs up or logs in; the answer sets the session cookie.
#[server(prefix = "", endpoint = "auth", protocol = JsonOrForm)]
pub async fn enter(mode: Mode, username: String, password: Password) -> Result<User, AppError> {
    use crate::web::{AppState, current_session};
    let app = expect_context::<AppState>();
    let from = crate::web::limits::client_network(&app, &expect_context())?;
    super::server::enter(&app, current_session().await?, from, mode, &username, password).await
}

/// Who is signed in.
#[server(prefix = "/api", endpoint = "me", protocol = Query)]
pub async fn me() -> Result<User, AppError> {
    crate::web::current_user().await
}

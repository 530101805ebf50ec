//! `POST /auth` and `GET /api/me`.

#![expect(missing_docs, reason = "the arguments, as fields of what #[server] generates")]

use crate::{
    auth::model::Mode,
    kit::{
        codec::{JsonOrForm, Query},
        error::Refused,
    },
};
use leptos::prelude::*;
use model::user::{Password, User};

/// Signs up, with an invitation where one is needed, or logs in; the answer sets the session cookie.
#[server(prefix = "", endpoint = "auth", protocol = JsonOrForm)]
pub async fn enter(
    mode: Mode,
    username: String,
    password: Password,
    invite: Option<String>,
) -> Result<User, Refused> {
    use super::server::{self, Offered};
    use crate::kit::{AppState, SessionDevice, current_session, limits::client_network};
    let app = expect_context::<AppState>();
    let parts = expect_context::<http::request::Parts>();
    let (from, device) = (client_network(&app, &parts)?, SessionDevice::signing_in(&parts.headers));
    let offered = Offered { mode, username, password, invite: invite.unwrap_or_default() };
    Ok(server::enter(&app, current_session().await?, from, device, offered).await?)
}

/// Who is signed in.
#[server(prefix = "/api", endpoint = "me", protocol = Query)]
pub async fn me() -> Result<User, Refused> {
    Ok(crate::kit::current_user().await?)
}

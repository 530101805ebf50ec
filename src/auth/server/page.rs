//! `GET /auth`.

use crate::{
    auth::{
        server::invitations::invited,
        view::{AuthPage, AuthQuery, Door},
    },
    kit::{AppState, Network, config::Signups, still_page},
    ui::{field::Refusal, flash::Flash},
};
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{Extensions, HeaderMap, StatusCode},
    response::Response,
};
use leptos::{nonce::Nonce, prelude::*};

/// The forms for logging in and signing up.
pub async fn page(
    State(app): State<AppState>,
    Network(from): Network,
    headers: HeaderMap,
    extensions: Extensions,
    asked: Result<Query<AuthQuery>, QueryRejection>,
) -> Response {
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    let joining = asked.joining().filter(|_| app.config.group_links_sign_up());
    let door = match (app.config.signups(), asked.invite().or(joining)) {
        (Signups::Open, _) => Door::Open,
        (Signups::Closed, _) => Door::Closed,
        (Signups::Invite, Some(sent)) if asked.is_signup() => match invited(&app, from, sent).await {
            Ok(invited) => Door::Invited { by: invited.and_then(|invited| invited.by) },
            Err(error) => Door::Invite { wrong: Some(error.message) },
        },
        (Signups::Invite, _) => Door::Invite { wrong: None },
    };
    let refusal = Refusal(extensions.get::<Flash>().cloned());
    let (files, nonce) = (app.site.page(), extensions.get::<Nonce>().cloned());
    still_page(&app, &headers, StatusCode::OK, asked.title(), || {
        view! { <AuthPage asked door refusal files nonce/> }.into_any()
    })
}

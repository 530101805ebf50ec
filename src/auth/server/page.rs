//! `GET /auth`.

use crate::{
    auth::view::{Asked, AuthPage},
    kit::{AppState, still_page},
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
    headers: HeaderMap,
    extensions: Extensions,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    let refusal = Refusal(extensions.get::<Flash>().cloned());
    let (files, nonce) = (app.site.page(), extensions.get::<Nonce>().cloned());
    still_page(&app, &headers, StatusCode::OK, asked.title(), || {
        view! { <AuthPage asked refusal files nonce/> }.into_any()
    })
}

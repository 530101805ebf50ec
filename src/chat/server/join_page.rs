//! `GET /join/{token}`: what a link leads into, for whoever is signed in.

use crate::{
    chat::{
        server::links,
        view::join::{JoinPage, LinkGone, MOST_NAMED, Welcome},
        words,
    },
    kit::{AppState, SignedIn, still_page},
    ui::{field::Refusal, flash::Flash},
};
use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{Extensions, HeaderMap, StatusCode},
    response::Response,
};
use leptos::prelude::*;
use model::{
    error::{AppError, ErrorCode},
    invitation::InvitationToken,
};

/// The page. Whatever is wrong with a link, the page that says so is one.
pub async fn page(
    State(app): State<AppState>,
    owner: SignedIn,
    token: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    extensions: Extensions,
) -> Response {
    let token = token.ok().and_then(|Path(token)| InvitationToken::parse(&token));
    let flash = extensions.get::<Flash>().cloned();
    match welcome(&app, &owner, token).await {
        Ok(welcome) => still_page(&app, &headers, StatusCode::OK, words::JOIN_TITLE, || {
            view! { <JoinPage welcome refusal=Refusal(flash)/> }.into_any()
        }),
        Err(error) => {
            let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::NOT_FOUND);
            let why = match error.code {
                ErrorCode::NotFound => None,
                _ => Some(error.message),
            };
            still_page(&app, &headers, status, words::JOIN_TITLE, || view! { <LinkGone why/> }.into_any())
        }
    }
}

async fn welcome(
    app: &AppState,
    owner: &SignedIn,
    token: Option<InvitationToken>,
) -> Result<Welcome, AppError> {
    let me = owner.account.user.id;
    let (link, group) = links::find(app, me, token).await?;
    let named: Vec<_> = group.members.iter().copied().take(MOST_NAMED).collect();
    let mut users = app.store.users(&named).await?;
    // Those who have been there longest come first, as in the group.
    users.sort_by_key(|account| named.iter().position(|id| *id == account.user.id));
    Ok(Welcome {
        token: link.token,
        group: group.id,
        name: group.name.unwrap_or_default(),
        members: group.members.len(),
        named: users.into_iter().map(|account| account.user.name().to_owned()).collect(),
        is_member: group.members.contains(&me),
    })
}

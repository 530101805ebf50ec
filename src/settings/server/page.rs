//! `GET /settings`.

use crate::{
    browser::clock::Zone,
    kit::{AppState, Notice, SignedIn, still_page, theme_of, zone_of},
    live::roster::blocked_users,
    settings::{
        server::{devices::devices, invitations},
        view::{Failed, Settings, SettingsQuery, Shown},
    },
    ui::flash::Flash,
};
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{Extensions, HeaderMap, StatusCode},
    response::Response,
};
use leptos::{nonce::Nonce, prelude::*};

/// The page, as the owner of the session sees it.
pub async fn page(
    State(app): State<AppState>,
    owner: SignedIn,
    headers: HeaderMap,
    extensions: Extensions,
    asked: Result<Query<SettingsQuery>, QueryRejection>,
) -> Response {
    let theme = theme_of(&headers);
    let nonce = extensions.get::<Nonce>().cloned();
    let id = owner.account.user.id;
    let loaded =
        futures::try_join!(devices(&app, &owner), invitations::list(&app, id), blocked_users(&app.live, id));
    let (status, shown) = match loaded {
        Ok((devices, invitations, blocked)) => {
            let shown = Shown {
                user: owner.account.user,
                theme,
                devices,
                invitations,
                blocked,
                zone: Zone::rendered(&zone_of(&headers)),
                asked: asked.map(|Query(asked)| asked).unwrap_or_default(),
                flash: extensions.get::<Flash>().cloned(),
                notice: extensions.get::<Notice>().map(|Notice(text)| text.to_string()),
            };
            (StatusCode::OK, Ok(shown))
        }
        Err(error) => (
            StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            Err(error),
        ),
    };
    still_page(&app, &headers, status, "Settings · Sotto", || match shown {
        Ok(shown) => view! { <Settings shown nonce/> }.into_any(),
        Err(error) => view! { <Failed error/> }.into_any(),
    })
}

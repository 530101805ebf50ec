//! `GET /settings`.

use super::devices::devices;
use crate::{
    app::still,
    browser::clock::Zone,
    settings::view::{Asked, Failed, Settings, Shown},
    ui::flash::Flash,
    web::{AppState, Notice, SignedIn, theme_of, zone_of},
};
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{Extensions, HeaderMap, StatusCode},
    response::{Html, IntoResponse, Response},
};
use leptos::prelude::*;

/// The page, as the owner of the session sees it.
pub async fn page(
    State(app): State<AppState>,
    owner: SignedIn,
    headers: HeaderMap,
    extensions: Extensions,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let theme = theme_of(&headers);
    let (status, shown) = match devices(&app, &owner).await {
        Ok(devices) => {
            let shown = Shown {
                user: owner.account.user,
                theme,
                devices,
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
    let css = app.site.page().css;
    // What a view makes lives in its owner, and goes with it.
    let html = Owner::new().with(|| {
        let page = match shown {
            Ok(shown) => view! { <Settings shown/> }.into_any(),
            Err(error) => view! { <Failed error/> }.into_any(),
        };
        still("Settings · Sotto", css, theme, page).to_html()
    });
    (status, Html(html)).into_response()
}

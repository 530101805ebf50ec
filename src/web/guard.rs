//! Who may speak to the server at all: this site's own pages, and for pages who is signed in.

use super::state::AppState;
use crate::{auth::model::own_path, kit::error::Refused};
use axum::{
    extract::{Query, Request, State},
    http::{HeaderMap, Method, Uri, header},
    middleware,
    response::{IntoResponse, Redirect, Response},
};
use model::error::{AppError, ErrorCode};
use serde::Deserialize;

/// Refuses every unsafe method that does not come from this site (OWASP ASVS 5.0, 3.5):
/// `Sec-Fetch-Site` must say `same-origin`, or, where a client does not send it, `Origin` must
/// be ours.
pub async fn same_site(State(app): State<AppState>, request: Request, next: middleware::Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let own = match request.headers().get("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => has_own_origin(&app, request.headers()),
    };
    if safe || own {
        return next.run(request).await;
    }
    tracing::warn!(audit = "cross_site", path = request.uri().path(), "refused a request from another site");
    Refused(cross_site()).into_response()
}

/// Whether `Origin` is there and exactly ours.
pub fn has_own_origin(app: &AppState, headers: &HeaderMap) -> bool {
    headers
        .get(header::ORIGIN)
        .and_then(|origin| origin.to_str().ok())
        .is_some_and(|origin| app.config.is_own_origin(origin))
}

/// 403: from another site.
pub fn cross_site() -> AppError {
    AppError::new(
        ErrorCode::CrossSite,
        "This request comes from another site and was refused. Open the chat itself and try again.",
    )
}

/// Where a page sends its visitor instead: to `/auth` without a session, and from there on to
/// the page first wanted with one.
pub fn elsewhere(signed_in: bool, uri: &Uri) -> Option<Response> {
    let to = match (uri.path() == "/auth", signed_in) {
        (true, true) => {
            let Next { next } = Query::try_from_uri(uri).map(|Query(next)| next).unwrap_or_default();
            own_path(&next).to_owned()
        }
        (false, false) => match uri.path_and_query().map_or("/", |wanted| wanted.as_str()) {
            "/" => "/auth".to_owned(),
            wanted => {
                let next = serde_urlencoded::to_string([("next", wanted)]).unwrap_or_default();
                format!("/auth?{next}")
            }
        },
        (true, false) | (false, true) => return None,
    };
    Some(Redirect::to(&to).into_response())
}

/// The page wanted before the log-in.
#[derive(Default, Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

//! Requests that come from this site's own pages, and those that do not.

use super::AppState;
use crate::kit::error::Refused;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use model::error::{AppError, ErrorCode};

/// Refuses every unsafe method that does not come from this site (OWASP ASVS 5.0, 3.5):
/// `Sec-Fetch-Site` must say `same-origin`, or, where a client does not send it, `Origin` must
/// be ours.
pub async fn same_site(State(app): State<AppState>, request: Request, next: Next) -> Response {
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

//! Requests that come from this site's own pages, and those that do not.

use super::AppState;
use crate::kit::{error::Refused, shortened};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Method, header, uri::PathAndQuery},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use model::error::{AppError, ErrorCode};
use std::net::SocketAddr;

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
    tracing::warn!(
        audit = "cross_site",
        path = shortened(request.uri().path()),
        "refused a request from another site"
    );
    Refused(cross_site()).into_response()
}

/// Leads whoever has come by a name that is not this site's to the one that is, and does nothing for them
/// here: they could log in, but open no socket, and a name of somebody else's may lead here so that its
/// pages count as ours.
///
/// A request with two names is refused (RFC 9112, 3.2): what stands before this server may go by the other one.
///
/// A proxy that is trusted answers for its names. One that is not known as one says that it is one, and is
/// believed as far as reading goes, or it could be led in a circle.
pub async fn own_host(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if headers.get_all(header::HOST).iter().nth(1).is_some() {
        return Refused(AppError::malformed("a request has one Host header")).into_response();
    }
    let is_ours = host_of(headers).is_none_or(|host| app.config.is_own_host(host));
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD);
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let is_forwarded = ["x-forwarded-for", "forwarded", "via"].iter().any(|name| headers.contains_key(*name));
    if is_ours
        || request.uri().path().starts_with("/health/")
        || peer.is_some_and(|ConnectInfo(peer)| app.config.is_proxy(peer.ip()))
        || has_own_origin(&app, headers)
        || (is_safe && is_forwarded)
    {
        return next.run(request).await;
    }
    let url = app.config.url();
    tracing::info!(
        audit = "other_host",
        path = shortened(request.uri().path()),
        "somebody came by a name that is not ours"
    );
    if is_safe && !headers.contains_key(header::UPGRADE) {
        let path = request.uri().path_and_query().map_or("/", PathAndQuery::as_str);
        return Redirect::temporary(&format!("{url}{path}")).into_response();
    }
    let why = format!("This chat is at {url}. Open it there, and try again.");
    Refused(AppError::new(ErrorCode::CrossSite, why)).into_response()
}

fn host_of(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST)?.to_str().ok()
}

/// Whether `Origin` is there and exactly ours.
pub fn has_own_origin(app: &AppState, headers: &HeaderMap) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let listens = app.config.addr.to_string();
    origin.is_some_and(|origin| app.config.is_own_origin(origin, host_of(headers).unwrap_or(&listens)))
}

/// 403: from another site.
pub fn cross_site() -> AppError {
    AppError::new(
        ErrorCode::CrossSite,
        "This request comes from another site and was refused. Open the chat itself and try again.",
    )
}

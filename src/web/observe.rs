//! What operators see of requests: an id for each, spans in the log, figures for Prometheus.

use crate::{
    kit::{Whom, audit_refusal, limits::client_network, password::Hasher, shortened, state::AppState},
    metrics::METRICS,
    web::serve::StartError,
};
use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use model::{error::AppError, invitation::JOIN};
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tower_http::request_id::{MakeRequestId, RequestId};
use tracing::Span;
use uuid::Uuid;

/// The header with the request's id, in answers.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Ids that sort by time.
#[derive(Clone, Copy)]
pub struct MakeId;

impl MakeRequestId for MakeId {
    fn make_request_id<B>(&mut self, _: &http::Request<B>) -> Option<RequestId> {
        HeaderValue::from_str(&Uuid::now_v7().to_string()).ok().map(RequestId::new)
    }
}

/// Takes away an id that came with the request: the log's ids are our own.
pub async fn forget_id(mut request: Request, next: Next) -> Response {
    request.headers_mut().remove(REQUEST_ID);
    next.run(request).await
}

/// What stands beside everything that is logged during a request. Without the query, in which
/// somebody's search may stand, and without what lets whoever knows it into a group.
pub fn span<B>(request: &http::Request<B>) -> Span {
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", id, method = %request.method(), path = shortened(told(request.uri().path())))
}

fn told(path: &str) -> &str {
    if path.starts_with(JOIN) { JOIN } else { path }
}

/// Notes every refusal, whatever refused it.
pub async fn audit(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let from = client_network(&app, &parts).ok();
    let response = next.run(Request::from_parts(parts, body)).await;
    if let Some(error) = response.extensions().get::<AppError>() {
        audit_refusal(error, from.map(Whom::Network));
    }
    response
}

/// Counts the request by route and status.
pub async fn count(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = match *request.method() {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        // Anybody may make up a method.
        _ => "other",
    };
    let response = next.run(request).await;
    let route = route.as_ref().map_or("files", MatchedPath::as_str);
    METRICS.request(method, route, response.status().as_u16());
    response
}

/// Answers `GET /metrics` on an address of its own, for as long as it is polled.
pub async fn serve_metrics(listener: TcpListener, app: AppState) {
    let router = Router::new().route("/metrics", get(metrics)).with_state(app);
    if let Err(error) = axum::serve(listener, router).await {
        tracing::error!(%error, "there are no metrics any more");
    }
}

/// Takes the address for metrics.
pub async fn bind_metrics(addr: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(addr).await.map_err(|error| StartError::Metrics(addr, error))
}

async fn metrics(State(app): State<AppState>) -> Response {
    let load = app.live.hub().load();
    METRICS.sockets.set(load.sockets as i64);
    METRICS.users_online.set(load.users as i64);
    METRICS.frames_waiting.set(load.frames_waiting as i64);
    METRICS.longest_queue.set(load.longest_queue as i64);
    METRICS.hashes_waiting.set(app.part::<Hasher>().waiting() as i64);
    METRICS.hash_rounds.set(app.part::<Hasher>().rounds() as i64);
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, content_type)], METRICS.text()).into_response()
}

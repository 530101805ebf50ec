//! Whether the server lives, and whether it can serve.

use crate::{
    kit::{Config, Part, cross_site, error::Refused, has_own_origin, state::AppState},
    web::client::GREETING,
};
use axum::{
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use std::time::{Duration, Instant};

/// An answer counts for so long: the check writes, and anybody may ask for it.
const FRESH: Duration = Duration::from_secs(1);

/// Held while the store is checked: when that was last done, and what came of it.
struct Readiness(tokio::sync::Mutex<Option<(Instant, bool)>>);

impl Part for Readiness {
    fn new(_: &Config) -> Self {
        Self(tokio::sync::Mutex::default())
    }
}

/// 200 as long as the process answers.
pub async fn live() -> &'static str {
    "live\n"
}

/// 200 if the store answers, else 503 with what is missing.
pub async fn ready(State(app): State<AppState>) -> Response {
    let readiness = app.part::<Readiness>();
    let mut last = readiness.0.lock().await;
    let is_ready = match *last {
        Some((at, is_ready)) if at.elapsed() < FRESH => is_ready,
        _ => {
            let checked = app.store.check_ready().await;
            let _ = checked.as_ref().inspect_err(|error| tracing::warn!(%error, "not ready"));
            last.insert((Instant::now(), checked.is_ok())).1
        }
    };
    match is_ready {
        true => "ready\n".into_response(),
        false => (StatusCode::SERVICE_UNAVAILABLE, "missing: the store\n").into_response(),
    }
}

/// A socket for trying whether one gets here from the public address: it greets and ends.
pub async fn socket(State(app): State<AppState>, headers: HeaderMap, socket: WebSocketUpgrade) -> Response {
    if !has_own_origin(&app, &headers) {
        return Refused(cross_site()).into_response();
    }
    socket.on_upgrade(async |mut socket: WebSocket| {
        // Whoever asked may be gone.
        let _ = socket.send(Message::text(GREETING)).await;
        let _ = socket.send(Message::Close(None)).await;
    })
}

//! Whether the server lives, and whether it can serve.

use super::state::AppState;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// 200 as long as the process answers.
pub async fn live() -> &'static str {
    "live\n"
}

/// 200 if the store answers, else 503 with what is missing.
pub async fn ready(State(app): State<AppState>) -> Response {
    // The check writes, and anybody may ask for it: one at a time.
    let _turn = app.readiness.lock().await;
    match app.store.check_ready().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "missing: the store\n").into_response()
        }
    }
}

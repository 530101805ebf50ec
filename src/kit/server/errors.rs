//! Errors as HTTP answers: the right status, the shape of `docs/protocol.md`, `Retry-After`.

use crate::kit::error::Refused;
use axum::{
    Json,
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use model::error::{AppError, ErrorBody, ErrorCode};
use server_fn::error::SERVER_FN_ERROR_HEADER;
use store::{StoreError, internal};

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = error.retry_after;
        let mut response = (status, Json(ErrorBody { error: error.clone() })).into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(error);
        response
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self(error.into())
    }
}

/// Gives a server function's error the status that its code means: server_fn itself answers
/// every error with 500.
pub async fn set_status(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return response;
    }
    let body = to_bytes(response.into_body(), 64 * 1024).await.unwrap_or_default();
    let error = serde_json::from_slice(&body)
        .map_or_else(|_| internal(String::from_utf8_lossy(&body)), |ErrorBody { error }| error);
    Refused(error).into_response()
}

/// Gives the answers of the framework itself (404, 405, 413, ...) the shape of ours, except
/// where a person looks at a page.
pub async fn set_shape(request: Request, next: Next) -> Response {
    let is_api = is_api(request.uri().path()) || *request.method() == Method::POST;
    let response = next.run(request).await;
    let is_ours = response.extensions().get::<AppError>().is_some();
    let status = response.status();
    if is_ours || status.is_success() || status.is_redirection() || status.is_informational() {
        return response;
    }
    if !is_api {
        // The pages have their own words, but where the session could not be loaded there is none.
        let is_page = response.headers().contains_key(header::CONTENT_TYPE);
        return if is_page || !status.is_server_error() { response } else { no_page(status) };
    }
    let error = match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
            AppError::new(ErrorCode::NotFound, "There is no such address here.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        status if status.is_client_error() => AppError::malformed(status),
        // Of the framework only the session layer fails, and only when the store does.
        status => StoreError::Unavailable(status.to_string()).into(),
    };
    let (mut parts, body) = Refused(error).into_response().into_parts();
    if status.is_client_error() {
        parts.status = status;
    }
    Response::from_parts(parts, Body::new(body))
}

/// A page without a page: nothing but words.
fn no_page(status: StatusCode) -> Response {
    tracing::error!(%status, "a page could not be begun");
    let words = "The chat cannot be reached right now. Please wait a moment and reload the page.\n";
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "2")], words).into_response()
}

/// 413, with what to do.
pub fn too_large() -> AppError {
    AppError::new(ErrorCode::TooLarge, "That is too large: a request has at most 64 KiB.")
}

fn is_api(path: &str) -> bool {
    path.starts_with("/api/") || path == "/ws" || path == "/auth/logout"
}

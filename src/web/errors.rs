//! Errors as HTTP answers: the right status, the shape of `docs/protocol.md`, `Retry-After`.

use crate::{
    chat::model::MAX_MEMBERS,
    error::{AppError, ErrorBody, ErrorCode},
    store::StoreError,
};
use axum::{
    Json,
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use server_fn::error::SERVER_FN_ERROR_HEADER;
use uuid::Uuid;

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, Json(ErrorBody { error: self.clone() })).into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::UsernameTaken => {
                Self::new(ErrorCode::UsernameTaken, "This username is taken. Please choose another one.")
                    .on("username")
            }
            StoreError::IdTaken => Self::new(
                ErrorCode::IdTaken,
                "Another message has this id. Send this one again with a new id.",
            )
            .on("id"),
            StoreError::Full => {
                Self::new(ErrorCode::NotAllowed, format!("This group is full: it has {MAX_MEMBERS} members."))
            }
            StoreError::NotFound => Self::not_found(),
            StoreError::Unavailable(why) => {
                tracing::error!(%why, "the store is unavailable");
                Self::new(ErrorCode::Unavailable, "The server cannot do this right now. Please try again.")
                    .retry_after(2)
            }
            StoreError::Broken(why) => internal(why),
        }
    }
}

/// 500 with fixed text; what happened goes to the log, under the id that the person sees.
pub fn internal(why: impl std::fmt::Display) -> AppError {
    let incident = Uuid::now_v7();
    tracing::error!(%incident, %why, "a request failed");
    AppError::new(
        ErrorCode::Internal,
        format!("Something went wrong on the server. Its log has the details under {incident}."),
    )
}

/// Gives a server function's error the status that its code means: server_fn itself answers
/// every error with 500.
pub async fn set_status(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return response;
    }
    let body = to_bytes(response.into_body(), 64 * 1024).await.unwrap_or_default();
    serde_json::from_slice(&body)
        .map_or_else(|_| internal(String::from_utf8_lossy(&body)), |ErrorBody { error }| error)
        .into_response()
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
    let (mut parts, body) = error.into_response().into_parts();
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

//! Uploads that can be resumed: tus 1.0.0 (<https://tus.io/protocols/resumable-upload>) with creation, termination,
//! checksum and expiration. A file is there once its last byte is; what came of it before outlives a broken line
//! and a restart, for [`KEPT`].

use super::{
    checksum::{ALGORITHMS, Checksum},
    holds::{Hold, Holds},
    metadata::Metadata,
    receive::{self, Received},
    uploads::{self, KEPT},
};
use crate::kit::{AppState, Done, SignedIn, error::Refused};
use axum::{
    body::Body,
    extract::{FromRequestParts, Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, TryStreamExt};
use model::{
    error::{AppError, ErrorCode},
    id::{FileId, UserId},
};
use std::time::SystemTime;
use store::{FileState, StoredFile};
use tracing::Instrument;

const VERSION: &str = "1.0.0";
pub const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
/// What the bytes of an upload are sent as.
const BYTES: &str = "application/offset+octet-stream";
/// The bytes do not add up, in the numbers of tus.
const MISMATCH: u16 = 460;

/// What tus answers: with its version, also where it refuses.
pub struct Tus(Result<Response, Why>);

impl IntoResponse for Tus {
    fn into_response(self) -> Response {
        let mut response = self.0.unwrap_or_else(|Why(status, error)| {
            let mut refused = Refused(error).into_response();
            *refused.status_mut() = status;
            refused
        });
        response.headers_mut().insert(RESUMABLE, HeaderValue::from_static(VERSION));
        response
    }
}

/// Why something is refused, with the status that tus gives it where it has one of its own.
pub struct Why(StatusCode, AppError);

impl<E: Into<AppError>> From<E> for Why {
    fn from(error: E) -> Self {
        let error = error.into();
        Self(StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), error)
    }
}

fn tus(outcome: Result<Response, Why>) -> Tus {
    Tus(outcome)
}

/// Whoever is signed in and speaks tus.
pub struct Speaker(UserId);

impl FromRequestParts<AppState> for Speaker {
    type Rejection = Tus;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Tus> {
        let owner = SignedIn::from_request_parts(parts, app).await;
        let owner = owner.map_err(|Refused(error)| tus(Err(error.into())))?;
        let speaks = parts.headers.get(RESUMABLE).is_some_and(|version| version == VERSION);
        if !speaks {
            let error =
                AppError::malformed("this is tus 1.0.0: Tus-Resumable is missing, or another version");
            let mut refused = tus(Err(Why(StatusCode::PRECONDITION_FAILED, error))).into_response();
            refused.headers_mut().insert("tus-version", HeaderValue::from_static(VERSION));
            return Err(Tus(Ok(refused)));
        }
        Ok(Self(owner.account.user.id))
    }
}

/// `OPTIONS`: what is spoken here.
pub async fn options(State(app): State<AppState>, _: SignedIn) -> Response {
    let largest = app.config.files.size.to_string();
    let says = [
        ("tus-resumable", VERSION),
        ("tus-version", VERSION),
        ("tus-extension", "creation,termination,checksum,expiration"),
        ("tus-checksum-algorithm", ALGORITHMS),
        ("tus-max-size", &largest),
    ];
    (StatusCode::NO_CONTENT, says).into_response()
}

/// `POST /api/files`: a file of so many bytes is to come. Refused before any came: `too_large`, `quota_exceeded`, `unavailable`.
pub async fn create(State(app): State<AppState>, Speaker(actor): Speaker, headers: HeaderMap) -> Tus {
    let create = async {
        let size = number(&headers, &LENGTH)?;
        let file = uploads::begin(&app, actor, &Metadata::of(&headers)?.filename, size).await?;
        let path = format!("/api/files/{}", file.id);
        let location = HeaderValue::from_str(&path).map_err(crate::kit::internal)?;
        let mut created = (StatusCode::CREATED, [(header::LOCATION, location)]).into_response();
        say_end(&mut created, &file);
        Ok(created)
    };
    tus(create.await)
}

/// `HEAD /api/files/{id}`: how much of it is here.
pub async fn progress(app: &AppState, actor: UserId, id: FileId) -> Tus {
    let progress = async {
        // Whoever still writes ends, so that nothing more comes afterwards.
        let hold = hold(app, actor, id).await?;
        let file = uploads::settled(app, actor, id).await?;
        drop(hold);
        let mut response = StatusCode::OK.into_response();
        let headers = response.headers_mut();
        headers.insert(OFFSET, file.received.into());
        headers.insert(LENGTH, file.size.into());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        say_end(&mut response, &file);
        Ok(response)
    };
    tus(progress.await)
}

/// `PATCH /api/files/{id}`: bytes of it, from where it is at. What came is kept, also when the line breaks; with a
/// checksum all of it, or nothing.
pub async fn append(
    State(app): State<AppState>,
    Speaker(actor): Speaker,
    id: Result<Path<FileId>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> Tus {
    let append = async {
        let Path(id) = id.map_err(|_| AppError::not_found())?;
        if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != BYTES) {
            let error = AppError::malformed(format!("the bytes of a file are sent as {BYTES}"));
            return Err(Why(StatusCode::UNSUPPORTED_MEDIA_TYPE, error));
        }
        let at = number(&headers, &OFFSET)?;
        let checksum = Checksum::of(&headers)?;
        let hold = hold(&app, actor, id).await?;
        let file = uploads::settled(&app, actor, id).await?;
        if at != file.received {
            let error =
                AppError::new(ErrorCode::Changed, "The file is not as far as that: ask how far it is.");
            return Err(error.into());
        }
        // A task of its own: when the line breaks nobody waits for the answer, and what came is to be kept.
        let sent = body.into_data_stream().map_err(Into::into).boxed();
        let receiving = receive::receive(app, file, sent, checksum, hold).in_current_span();
        let file = match tokio::spawn(receiving).await.map_err(crate::kit::internal)?? {
            Received::Kept(file) => file,
            Received::Mismatch => {
                let status = StatusCode::from_u16(MISMATCH).unwrap_or(StatusCode::BAD_REQUEST);
                let error = AppError::malformed("the bytes do not add up to their checksum: send them again");
                return Err(Why(status, error));
            }
        };
        let mut response = StatusCode::NO_CONTENT.into_response();
        response.headers_mut().insert(OFFSET, file.received.into());
        say_end(&mut response, &file);
        Ok(response)
    };
    tus(append.await)
}

/// `DELETE /api/files/{id}`: it is not to be sent.
pub async fn end(
    State(app): State<AppState>,
    Speaker(actor): Speaker,
    id: Result<Path<FileId>, PathRejection>,
) -> Tus {
    let end = async {
        let Path(id) = id.map_err(|_| AppError::not_found())?;
        let _hold = hold(&app, actor, id).await?;
        uploads::end(&app, actor, id).await?;
        Ok(Done("The file is gone.").into_response())
    };
    tus(end.await)
}

/// The right to write to somebody's own upload. Errors: `not_found`; 423, somebody writes to it and does not end.
async fn hold(app: &AppState, actor: UserId, id: FileId) -> Result<Hold, Why> {
    // Nobody else makes anybody's upload wait.
    uploads::own(app, actor, id).await?;
    let busy = || AppError::new(ErrorCode::Unavailable, "The file is still being received.").retry_after(5);
    app.part::<Holds>().take(id).await.ok_or_else(|| Why(StatusCode::LOCKED, busy()))
}

/// A number in a header. Errors: `malformed`.
fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, AppError> {
    let number = headers.get(name).and_then(|number| number.to_str().ok()).and_then(|text| text.parse().ok());
    number.ok_or_else(|| AppError::malformed(format!("{name} is missing, or no number")))
}

/// Until when an unfinished one is kept.
fn say_end(response: &mut Response, file: &StoredFile) {
    if file.state == FileState::Uploading
        && let Ok(end) = HeaderValue::from_str(&httpdate::fmt_http_date(SystemTime::now() + KEPT))
    {
        response.headers_mut().insert(EXPIRES, end);
    }
}

//! `GET /api/files/{id}`: the bytes of a file, for those who may see the message that has it. That is asked each time:
//! a browser may keep them, but not show them without asking.

use super::{
    disposition::disposition,
    kind,
    range::{Asked, asked},
    tus,
};
use crate::kit::{AppState, SignedIn, error::Refused, internal, seen_message};
use axum::{
    body::Body,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::TryStreamExt;
use model::{
    error::AppError,
    file::MediaType,
    id::{FileId, UserId},
};
use std::{
    ops::Range,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use store::{FileState, StoredFile, bytes::Piece};

/// Whoever has it may keep it, and asks each time whether it may still be shown.
const ASK: HeaderValue = HeaderValue::from_static("private, no-cache");
/// Nothing in a file runs, loads or sends anything, wherever it is opened.
const HARMLESS: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox",
);

/// What is asked for with a file's address.
type Of = Result<Path<FileId>, PathRejection>;

/// `GET /api/files/{id}`.
pub async fn file(
    State(app): State<AppState>,
    viewer: SignedIn,
    id: Of,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    Ok(answer(&app, viewer.account.user.id, id, Piece::Whole, &headers).await?)
}

/// `GET /api/files/{id}/thumbnail`: the small one of a picture.
pub async fn thumbnail(
    State(app): State<AppState>,
    viewer: SignedIn,
    id: Of,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    Ok(answer(&app, viewer.account.user.id, id, Piece::Thumbnail, &headers).await?)
}

/// `HEAD /api/files/{id}`: how far an upload is, for who speaks tus; else what `GET` says, without the bytes.
pub async fn head(
    State(app): State<AppState>,
    viewer: SignedIn,
    id: Of,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let actor = viewer.account.user.id;
    if headers.contains_key(tus::RESUMABLE) {
        let Path(id) = id.map_err(|_| AppError::not_found())?;
        return Ok(tus::progress(&app, actor, id).await.into_response());
    }
    let whole = answer(&app, actor, id, Piece::Whole, &headers).await?;
    let (parts, _) = whole.into_parts();
    Ok(Response::from_parts(parts, Body::empty()))
}

async fn answer(
    app: &AppState,
    viewer: UserId,
    id: Of,
    piece: Piece,
    headers: &HeaderMap,
) -> Result<Response, AppError> {
    let Path(id) = id.map_err(|_| AppError::not_found())?;
    let file = visible(app, viewer, id).await?;
    let size = app.bytes.size(id, piece).await?.ok_or_else(AppError::not_found)?;
    let kind = match piece {
        Piece::Whole => file.kind.as_str(),
        Piece::Thumbnail => thumbnail_kind(app, id).await?,
    };
    let shown = kind::is_shown(kind);
    let etag = etag(&file, piece);
    let made_at = UNIX_EPOCH + Duration::from_millis(file.created_at.0.unsigned_abs());
    let modified = httpdate::fmt_http_date(made_at);
    let is_known = match headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok()) {
        Some(known) => known
            .split(',')
            .any(|known| matches!(known.trim(), "*") || known.trim().trim_start_matches("W/") == etag),
        None => is_unmodified(headers, made_at),
    };
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        match asked(headers, size, &etag, &modified) {
            Asked::Beyond => {
                let why = Refused(AppError::malformed("the file has no such bytes")).into_response();
                let all = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
                return Ok((StatusCode::RANGE_NOT_SATISFIABLE, all, why).into_response());
            }
            Asked::Whole => {
                let says = [(header::CONTENT_LENGTH, size.to_string())];
                (says, bytes(app, id, piece, 0..size).await?).into_response()
            }
            Asked::Part(part) => {
                let says = [
                    (header::CONTENT_LENGTH, (part.end - part.start).to_string()),
                    (header::CONTENT_RANGE, format!("bytes {}-{}/{size}", part.start, part.end - 1)),
                ];
                (StatusCode::PARTIAL_CONTENT, says, bytes(app, id, piece, part).await?).into_response()
            }
        }
    };
    let says = response.headers_mut();
    // What is only ever saved is nothing that anybody could open.
    let kind = if shown { kind } else { MediaType::UNKNOWN };
    says.insert(header::CONTENT_TYPE, HeaderValue::from_str(kind).map_err(internal)?);
    says.insert(header::CONTENT_DISPOSITION, disposition(file.name.as_str(), shown)?);
    says.insert(header::CONTENT_SECURITY_POLICY, HARMLESS);
    says.insert(header::CACHE_CONTROL, ASK);
    says.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    says.insert(header::ETAG, HeaderValue::from_str(&etag).map_err(internal)?);
    says.insert(header::LAST_MODIFIED, HeaderValue::from_str(&modified).map_err(internal)?);
    Ok(response)
}

/// The file, if it is for this viewer: one's own until it is sent, then as the message that has it.
async fn visible(app: &AppState, viewer: UserId, id: FileId) -> Result<StoredFile, AppError> {
    let file = app.store.file(id).await?.ok_or_else(AppError::not_found)?;
    let is_for_them = match file.state {
        FileState::Uploading => false,
        FileState::Ready => file.owner == viewer,
        FileState::Sent { conversation, message } => {
            let message = seen_message(app, viewer, conversation, message).await?;
            message.is_some_and(|message| message.content.attachments().iter().any(|known| known.file == id))
        }
    };
    is_for_them.then_some(file).ok_or_else(AppError::not_found)
}

/// Names what is answered: other bytes have another one.
fn etag(file: &StoredFile, piece: Piece) -> String {
    let digest = file.sha256.unwrap_or_default();
    let digest: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    match piece {
        Piece::Whole => format!("\"{digest}\""),
        Piece::Thumbnail => format!("\"{digest}-small\""),
    }
}

fn is_unmodified(headers: &HeaderMap, made_at: SystemTime) -> bool {
    let since = headers.get(header::IF_MODIFIED_SINCE).and_then(|since| since.to_str().ok());
    let since = since.and_then(|since| httpdate::parse_http_date(since).ok());
    // The header has whole seconds.
    since.is_some_and(|since| made_at < since + Duration::from_secs(1))
}

async fn bytes(app: &AppState, id: FileId, piece: Piece, range: Range<u64>) -> Result<Body, AppError> {
    Ok(Body::from_stream(app.bytes.read(id, piece, range).await?))
}

/// A small picture is a JPEG or a PNG.
async fn thumbnail_kind(app: &AppState, id: FileId) -> Result<&'static str, AppError> {
    let mut head = app.bytes.read(id, Piece::Thumbnail, 0..kind::HEAD as u64).await?;
    let head = head.try_next().await?.unwrap_or_default();
    Ok(kind::kind_of(&head))
}

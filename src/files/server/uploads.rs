//! What becomes of an upload, whichever door it comes through.

use super::finish;
use crate::{
    files::words,
    kit::{AppState, Config, Part, limits::Limiter, note_erased},
};
use model::{
    error::AppError,
    file::{FileName, MediaType},
    id::{FileId, UserId},
    time::Timestamp,
};
use std::time::Duration;
use store::{FileLimits, FileState, NewFile, StoredFile, now};

/// How long an upload is kept of which nothing more comes, and a file that is in no message.
pub const KEPT: Duration = Duration::from_secs(24 * 3600);
/// So many uploads that are not finished one person has at most.
const MAX_UPLOADS: u64 = 50;
/// So many one person begins in an hour at most.
const PER_HOUR: u32 = 600;

/// How often uploads may be begun, by user.
struct Rates(Limiter<UserId>);

impl Part for Rates {
    fn new(config: &Config) -> Self {
        Self(Limiter::new(config.limits.hourly(PER_HOUR)))
    }
}

/// Until when what is touched now is kept.
pub fn kept_until() -> Timestamp {
    Timestamp(now().0 + KEPT.as_millis() as i64)
}

/// Begins one of so many bytes, before the first of them is sent. An empty file is there at once.
/// Errors: `too_large`, `quota_exceeded`, `not_allowed` (too many are on their way), `too_many`, `unavailable`.
pub async fn begin(app: &AppState, owner: UserId, name: &str, size: u64) -> Result<StoredFile, AppError> {
    let (name, most) = (FileName::of(name), app.config.files.size);
    if size > most {
        return Err(words::too_large(name.as_str(), most));
    }
    let id = note(app, owner, name, size).await?;
    settled(app, owner, id).await
}

/// Begins one of which nobody says how many bytes it has, but that they are fewer than `most`. It is noted with one
/// more than a file may have: one that gets so far is too large. Errors: as [`begin`], but for `too_large`.
pub async fn begin_unmeasured(
    app: &AppState,
    owner: UserId,
    name: &str,
    most: u64,
) -> Result<StoredFile, AppError> {
    let size = app.config.files.size.saturating_add(1).min(most);
    let id = note(app, owner, FileName::of(name), size).await?;
    own(app, owner, id).await
}

/// Notes one, and makes room for its bytes.
async fn note(app: &AppState, owner: UserId, name: FileName, size: u64) -> Result<FileId, AppError> {
    app.part::<Rates>().0.take(&owner).inspect_err(|_| {
        tracing::warn!(audit = "limit", limit = "uploads", user = %owner, "refused by a limit");
    })?;
    has_room(app, size).await?;
    let new = NewFile {
        id: FileId::new(),
        owner,
        name,
        size,
        kind: MediaType::of(MediaType::UNKNOWN),
        created_at: now(),
        expires_at: kept_until(),
    };
    let id = new.id;
    let limits = FileLimits { quota: app.config.files.quota, uploads: MAX_UPLOADS };
    app.store.create_file(new, limits).await?;
    app.bytes.begin(id).await?;
    Ok(id)
}

/// Whether the disk has room for so many bytes more. Errors: `unavailable`.
pub async fn has_room(app: &AppState, bytes: u64) -> Result<(), AppError> {
    let free = app.bytes.free_space().await?;
    match free >= app.config.files.free.saturating_add(bytes) {
        true => Ok(()),
        false => {
            tracing::warn!(audit = "limit", limit = "free room", "refused by a limit");
            Err(words::disk_full())
        }
    }
}

/// The same as [`own`], but finished where all of it has come: a crash may have come between. To be called while it is held. Errors: `not_found`, `unavailable`.
pub async fn settled(app: &AppState, owner: UserId, id: FileId) -> Result<StoredFile, AppError> {
    let file = own(app, owner, id).await?;
    match file.state {
        FileState::Uploading if file.received == file.size => finish::finish(app, file).await,
        _ => Ok(file),
    }
}

/// Ends one: it is not to be sent. Errors: `not_found`, `unavailable`.
pub async fn end(app: &AppState, owner: UserId, id: FileId) -> Result<(), AppError> {
    own(app, owner, id).await?;
    match app.store.discard_file(id, owner).await? {
        true => {
            note_erased(app);
            Ok(())
        }
        false => Err(AppError::not_found()),
    }
}

/// Somebody's own upload, or file that is in no message yet. Errors: `not_found`, `unavailable`.
pub async fn own(app: &AppState, owner: UserId, id: FileId) -> Result<StoredFile, AppError> {
    let file = app.store.file(id).await?.filter(|file| file.owner == owner);
    let is_there = |file: &StoredFile| match file.state {
        FileState::Uploading | FileState::Ready => file.expires_at.is_none_or(|end| now() < end),
        FileState::Sent { .. } => false,
    };
    file.filter(is_there).ok_or_else(AppError::not_found)
}

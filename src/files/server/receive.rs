//! Taking in what comes of an upload.

use super::{
    checksum::Checksum,
    finish::finish,
    holds::Hold,
    uploads::{has_room, kept_until},
};
use crate::{files::words, kit::AppState};
use futures::{StreamExt, stream, stream::BoxStream};
use model::error::AppError;
use std::{error::Error, time::Duration};
use store::{
    FileState, StoredFile,
    bytes::{Chunk, Chunks},
};
use tokio::time::timeout;

/// So much is noted as received at a time, in bytes: what a crash costs of an upload.
const NOTED_EVERY: u64 = 4 * 1024 * 1024;

/// Bytes of a file as a request brings them.
pub type Sent<'a> = BoxStream<'a, Result<Chunk, Box<dyn Error + Send + Sync>>>;

/// What became of the bytes of one request.
pub enum Received {
    /// So far is the file now.
    Kept(Box<StoredFile>),
    /// They do not add up to their checksum, and none was kept.
    Mismatch,
}

/// Takes in the bytes until they end, the line breaks, nothing comes for the time of a whole body, or somebody else
/// wants to go on with it; and finishes the file with its last one.
///
/// Errors: `malformed` (the line broke: what came is kept), `not_found` (it was ended meanwhile), `unavailable` (also: no room).
pub async fn receive(
    app: AppState,
    mut file: StoredFile,
    sent: Sent<'_>,
    checksum: Option<Checksum>,
    hold: Hold,
) -> Result<Received, AppError> {
    if file.state != FileState::Uploading {
        return Ok(Received::Kept(file.into()));
    }
    let mut incoming = Incoming::new(sent, &hold, app.config.timeouts.body);
    incoming.checksum = checksum;
    if !take_in(&app, &mut file, &mut incoming).await? {
        return Ok(Received::Mismatch);
    }
    match incoming.end {
        _ if file.received == file.size => {
            let all = file.size;
            // Of a picture fewer may be kept by now: what was sent is what was announced.
            Ok(Received::Kept(Box::new(StoredFile { received: all, ..finish(&app, file).await? })))
        }
        Some(End::Broken(error)) => Err(error),
        Some(End::Whole | End::Passed) | None => Ok(Received::Kept(file.into())),
    }
}

/// Takes in all bytes of a file of which nobody has said how many they are: it was noted with more than it may have.
///
/// Errors: those of [`receive`], but for what is kept then; `too_large`.
pub async fn receive_all(
    app: &AppState,
    mut file: StoredFile,
    sent: Sent<'_>,
    hold: &Hold,
) -> Result<StoredFile, AppError> {
    let mut incoming = Incoming::new(sent, hold, app.config.timeouts.body);
    take_in(app, &mut file, &mut incoming).await?;
    match incoming.end {
        _ if file.received == file.size => {
            return Err(words::too_large(file.name.as_str(), app.config.files.size));
        }
        Some(End::Whole) => {}
        Some(End::Broken(error)) => return Err(error),
        // Its owner ends it from elsewhere, or goes on with it there.
        Some(End::Passed) | None => return Err(AppError::not_found()),
    }
    if !app.store.end_upload(file.id, file.received).await? {
        return Err(AppError::not_found());
    }
    file.size = file.received;
    finish(app, file).await
}

/// Writes down what comes until the file is whole or no more comes. `false`: it does not add up, and none is kept.
async fn take_in(
    app: &AppState,
    file: &mut StoredFile,
    incoming: &mut Incoming<'_>,
) -> Result<bool, AppError> {
    while incoming.end.is_none() && file.received < file.size {
        has_room(app, 0).await?;
        // What must add up is noted at once, or not at all.
        let most = if incoming.checksum.is_some() { file.size } else { NOTED_EVERY };
        let place = file.received..file.size.min(file.received.saturating_add(most));
        let chunks = incoming.up_to(place.end - place.start);
        let kept = app.bytes.append(file.id, place, chunks).await?;
        if let Some(checksum) = incoming.checksum.take() {
            if let Some(End::Broken(error)) = &incoming.end {
                return Err(error.clone());
            }
            if !checksum.adds_up() {
                return Ok(false);
            }
        }
        if kept > file.received {
            let end = kept_until();
            if !app.store.advance_upload(file.id, file.received, kept, end).await? {
                return Err(AppError::not_found());
            }
            (file.received, file.expires_at) = (kept, Some(end));
        }
    }
    Ok(true)
}

/// Bytes as they come.
struct Incoming<'a> {
    sent: Sent<'a>,
    /// What has come and is not taken yet.
    rest: Chunk,
    hold: &'a Hold,
    patience: Duration,
    checksum: Option<Checksum>,
    end: Option<End>,
}

/// Why no more come.
enum End {
    /// That was all.
    Whole,
    /// Somebody else goes on with it.
    Passed,
    /// The line.
    Broken(AppError),
}

impl<'a> Incoming<'a> {
    fn new(sent: Sent<'a>, hold: &'a Hold, patience: Duration) -> Self {
        Self { sent, rest: Chunk::new(), hold, patience, checksum: None, end: None }
    }

    /// The next so many of them.
    fn up_to(&mut self, most: u64) -> Chunks<'_> {
        stream::unfold((self, most), |(incoming, left)| async move {
            let chunk = incoming.next(left).await?;
            let left = left - chunk.len() as u64;
            Some((chunk, (incoming, left)))
        })
        .boxed()
    }

    /// Some of them, `most` at most.
    async fn next(&mut self, most: u64) -> Option<Chunk> {
        while self.rest.is_empty() && self.end.is_none() && most > 0 {
            let next = tokio::select! {
                next = timeout(self.patience, self.sent.next()) => next,
                () = self.hold.wanted() => {
                    self.end = Some(End::Passed);
                    break;
                }
            };
            match next {
                Ok(Some(Ok(bytes))) => self.rest = bytes,
                Ok(None) => self.end = Some(End::Whole),
                Ok(Some(Err(error))) => {
                    tracing::debug!(%error, "an upload broke off");
                    self.end = Some(End::Broken(AppError::malformed("the rest did not come")));
                }
                Err(_) => self.end = Some(End::Broken(AppError::malformed("nothing more came in time"))),
            }
        }
        let length = self.rest.len().min(usize::try_from(most).unwrap_or(usize::MAX));
        let chunk = self.rest.split_to(length);
        if let Some(checksum) = &mut self.checksum {
            checksum.take(&chunk);
        }
        (!chunk.is_empty()).then_some(chunk)
    }
}

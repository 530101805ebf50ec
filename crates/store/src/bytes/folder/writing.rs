//! Writing: one at a time on each file, and on disk before anybody is told.

use super::{
    blocking,
    paths::{self, Paths},
};
use crate::bytes::{BytesError, CHUNK, Chunk, Chunks, Piece, Reading, Result};
use futures::{StreamExt, stream::Fuse};
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Seek, SeekFrom, Write},
    ops::Range,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
};

/// Makes an empty upload, and the folders that it lies in.
pub(super) fn begin(root: &Path, paths: &Paths) -> Result<()> {
    let first = paths.folder.parent().unwrap_or(root);
    paths::make(first)?;
    paths::make(&paths.folder)?;
    match OpenOptions::new().mode(0o600).write(true).create_new(true).open(paths.upload()) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error.into()),
        Ok(_) | Err(_) => {}
    }
    paths::sync(&paths.folder)
}

/// Writes an upload on from `place.start`. Returns where it ends.
pub(super) async fn append(paths: Paths, place: Range<u64>, chunks: Chunks<'_>) -> Result<u64> {
    // Asked once more after its end, by a batch that gets nothing.
    let (start, mut chunks) = (place.start, chunks.fuse());
    let mut file = blocking(move || resume(&paths.upload(), start)).await?;
    let mut end = start;
    loop {
        let batch = gather(&mut chunks, place.end.saturating_sub(end)).await;
        if batch.is_empty() {
            break;
        }
        end += length(&batch);
        file = blocking(move || write(file, &batch)).await?;
    }
    blocking(move || Ok(file.sync_data()?)).await?;
    Ok(end)
}

/// The file of an upload, from where it is written on.
fn resume(upload: &Path, start: u64) -> Result<File> {
    let mut file = lock(upload, OpenOptions::new().write(true))?;
    cut(&file, start)?;
    file.seek(SeekFrom::Start(start))?;
    Ok(file)
}

/// Cuts off what lies behind `length`. Errors: `Short`.
fn cut(file: &File, length: u64) -> Result<()> {
    match file.metadata()?.len() {
        kept if kept < length => Err(BytesError::Short { kept }),
        kept if kept > length => Ok(file.set_len(length)?),
        _ => Ok(()),
    }
}

/// The next chunks, up to `most` bytes: about as many as are written at once, so that not each costs a change of threads.
async fn gather(chunks: &mut Fuse<Chunks<'_>>, most: u64) -> Vec<Chunk> {
    let mut batch = Vec::new();
    while length(&batch) < most.min(CHUNK as u64) {
        let Some(mut chunk) = chunks.next().await else { break };
        chunk.truncate(usize::try_from(most - length(&batch)).unwrap_or(usize::MAX));
        batch.push(chunk);
    }
    batch
}

fn length(batch: &[Chunk]) -> u64 {
    batch.iter().map(|chunk| chunk.len() as u64).sum()
}

fn write(mut file: File, batch: &[Chunk]) -> Result<File> {
    batch.iter().try_for_each(|chunk| file.write_all(chunk))?;
    Ok(file)
}

/// Gives an upload the name of the file, which it has from then on.
pub(super) fn finish(paths: &Paths, size: u64) -> Result<()> {
    let (upload, whole) = (paths.upload(), paths.piece(Piece::Whole));
    match lock(&upload, OpenOptions::new().write(true)) {
        Ok(file) => {
            cut(&file, size)?;
            file.sync_all()?;
            fs::rename(&upload, &whole)?;
        }
        // An earlier call has come so far, or further.
        Err(BytesError::NotFound) if whole.exists() => {}
        Err(error) => return Err(error),
    }
    paths::sync(&paths.folder)
}

/// Puts a piece in the place of what there was.
pub(super) async fn put(paths: Paths, piece: Piece, mut chunks: Reading<'_>) -> Result<u64> {
    let (whole, next, place) = (paths.piece(Piece::Whole), paths.next(piece), paths.piece(piece));
    let mut file = {
        let next = next.clone();
        blocking(move || create(&whole, &next)).await?
    };
    let mut size = 0;
    while let Some(chunk) = chunks.next().await {
        let chunk = match chunk {
            Ok(chunk) => chunk,
            Err(error) => {
                blocking(move || Ok(fs::remove_file(next)?)).await?;
                return Err(error);
            }
        };
        size += chunk.len() as u64;
        file = blocking(move || write(file, &[chunk])).await?;
    }
    let put = move || {
        file.sync_all()?;
        fs::rename(next, place)?;
        paths::sync(&paths.folder)
    };
    blocking(put).await?;
    Ok(size)
}

/// The empty file of what is to be put in the place of a piece.
fn create(whole: &Path, next: &Path) -> Result<File> {
    whole.metadata()?;
    let mut how = OpenOptions::new();
    let file = match lock(next, how.write(true).create(true).truncate(false).mode(0o600)) {
        // Whoever had it until now has just put it in its place.
        Err(BytesError::NotFound) => return Err(BytesError::Busy),
        locked => locked?,
    };
    file.set_len(0)?;
    Ok(file)
}

/// Erases all there is.
pub(super) fn erase(paths: &Paths) -> Result<()> {
    // What becomes something else goes before that: who renames it meanwhile finds it gone, or is followed.
    let all = [
        paths.upload(),
        paths.next(Piece::Whole),
        paths.next(Piece::Thumbnail),
        paths.piece(Piece::Whole),
        paths.piece(Piece::Thumbnail),
    ];
    for path in all {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
    }
    match paths::sync(&paths.folder) {
        Err(BytesError::NotFound) => Ok(()),
        synced => synced,
    }
}

/// Opens a file that nobody else writes until it is closed.
///
/// Errors: `Busy`, and `NotFound` also where whoever has written it until now has finished or erased it meanwhile: a
/// lock stays with a file when its name goes, and what is whole must not be written any more.
fn lock(path: &Path, how: &OpenOptions) -> Result<File> {
    let file = how.open(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(BytesError::Busy),
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    let (held, named) = (file.metadata()?, fs::metadata(path)?);
    let is_same = (held.dev(), held.ino()) == (named.dev(), named.ino());
    is_same.then_some(file).ok_or(BytesError::NotFound)
}

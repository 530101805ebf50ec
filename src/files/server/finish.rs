//! What is done with a file once all of it is there: what it is, what it adds up to, and of a picture how it looks.

use super::{
    images::{self, Picture},
    kind,
    strip::stripped,
    uploads::kept_until,
};
use crate::kit::{AppState, Config, Part, internal};
use futures::{StreamExt, TryStreamExt, stream};
use model::{
    error::AppError,
    file::{MediaType, Placeholder},
    id::FileId,
};
use sha2::{Digest, Sha256};
use store::{
    FileFacts, Store, StoredFile,
    bytes::{Bytes, BytesError, Chunk, Piece},
};
use tokio::sync::Semaphore;

/// A larger picture is a file like any other, in bytes.
const LARGEST_PICTURE: u64 = 64 * 1024 * 1024;

/// Who may look at a picture now: one takes up to 550 MB (a progressive JPEG of four colours) for the time
/// that it takes.
pub struct Looking(Semaphore);

impl Looking {
    /// One at a time.
    pub fn one() -> Self {
        Self(Semaphore::new(1))
    }
}

impl Part for Looking {
    fn new(_: &Config) -> Self {
        Self::one()
    }
}

/// Where files are kept, by a server or by a command.
#[derive(Clone, Copy)]
pub struct Keeping<'a> {
    /// What is known of them.
    pub store: &'a dyn Store,
    /// Their bytes.
    pub bytes: &'a dyn Bytes,
    /// Who looks at pictures.
    pub looking: &'a Looking,
}

/// Finishes a file of which all was received. Again, after a crash in between, is no error.
/// Errors: `not_found` (it was ended meanwhile), `unavailable`.
pub async fn finish(app: &AppState, file: StoredFile) -> Result<StoredFile, AppError> {
    let looking = app.part::<Looking>();
    finish_in(Keeping { store: &*app.store, bytes: &*app.bytes, looking: &looking }, file).await
}

/// The same where no server runs.
pub async fn finish_in(keeping: Keeping<'_>, file: StoredFile) -> Result<StoredFile, AppError> {
    let id = file.id;
    keeping.bytes.finish(id, file.size).await?;
    let head = read(keeping, id, kind::HEAD as u64).await?;
    let mut kind = kind::kind_of(&head);
    // A crash may have come after something was taken out.
    let mut size = keeping.bytes.size(id, Piece::Whole).await?.ok_or_else(AppError::not_found)?;
    let mut picture = None;
    if kind::is_picture(kind) && size <= LARGEST_PICTURE {
        let _permit = keeping.looking.0.acquire().await.map_err(internal)?;
        match looked(read(keeping, id, size).await?).await? {
            Some((clean, seen)) => {
                if let Some(clean) = clean {
                    size = put(keeping, id, Piece::Whole, clean).await?;
                }
                if let Some(seen) = &seen {
                    put(keeping, id, Piece::Thumbnail, Chunk::from(seen.thumbnail.clone())).await?;
                }
                picture = seen;
            }
            // It only begins like a picture.
            None => kind = MediaType::UNKNOWN,
        }
    }
    let sha256 = digest(keeping, id, size).await?;
    keeping.bytes.keep(id).await?;
    let facts = FileFacts {
        size,
        kind: MediaType::of(kind),
        sha256,
        width: picture.as_ref().map(|picture| picture.size.0),
        height: picture.as_ref().map(|picture| picture.size.1),
        duration: None,
        placeholder: picture.as_ref().and_then(|picture| Placeholder::parse(&picture.placeholder)),
        expires_at: kept_until(),
    };
    let finished = keeping.store.finish_upload(id, facts).await?;
    if finished.is_none() {
        // Erased meanwhile, maybe by another server, which did not know where it was then.
        keeping.bytes.erase(id).await?;
    }
    finished.ok_or_else(AppError::not_found)
}

/// The picture without what it tells besides itself, where there was such a thing, and how it looks, where that can be
/// seen. `None`: it is none.
pub type Looked = Option<(Option<Chunk>, Option<Picture>)>;

pub async fn looked(bytes: Chunk) -> Result<Looked, AppError> {
    let look = move || {
        let clean = stripped(bytes.clone()).ok()?;
        let seen = images::look(clean.as_ref().unwrap_or(&bytes));
        Some((clean, seen))
    };
    match tokio::task::spawn_blocking(look).await {
        // A decoder has given up in a way of its own: that is no picture either.
        Err(error) if error.is_panic() => Ok(None),
        looked => looked.map_err(internal),
    }
}

/// The first so many bytes.
async fn read(keeping: Keeping<'_>, id: FileId, most: u64) -> Result<Chunk, AppError> {
    let reading = keeping.bytes.read(id, Piece::Whole, 0..most).await?;
    let read = reading.try_fold(Vec::new(), async |mut read, chunk| {
        read.extend_from_slice(&chunk);
        Ok(read)
    });
    Ok(Chunk::from(read.await?))
}

async fn put(keeping: Keeping<'_>, id: FileId, piece: Piece, bytes: Chunk) -> Result<u64, BytesError> {
    keeping.bytes.put(id, piece, stream::iter([Ok(bytes)]).boxed()).await
}

async fn digest(keeping: Keeping<'_>, id: FileId, size: u64) -> Result<[u8; 32], AppError> {
    let mut digest = Sha256::new();
    let mut reading = keeping.bytes.read(id, Piece::Whole, 0..size).await?;
    while let Some(chunk) = reading.try_next().await? {
        digest.update(&chunk);
    }
    Ok(digest.finalize().into())
}

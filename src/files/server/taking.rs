//! Taking in pictures that are here already: an import brings them. What becomes of them is what becomes of an upload.

use super::{
    finish::{Keeping, finish_in, looked},
    kind,
    uploads::kept_until,
};
use futures::{StreamExt, stream};
use model::{
    error::AppError,
    file::{FileName, MediaType},
    id::{FileId, UserId},
    time::Timestamp,
};
use store::{FileLimits, FileState, NewFile, StoredFile, bytes::Chunk};

/// Nobody is asked whether they may keep what they have kept elsewhere until now.
const NO_LIMITS: FileLimits = FileLimits { quota: u64::MAX, uploads: u64::MAX };

/// A picture with all its bytes.
pub struct Given {
    /// Names it; the same picture has the same.
    pub id: FileId,
    /// Whose it is.
    pub owner: UserId,
    /// When they sent it.
    pub created_at: Timestamp,
    /// All of it.
    pub bytes: Chunk,
}

impl Given {
    /// As a file that is about to come. What it is called nobody has said.
    fn begun(&self) -> NewFile {
        let kind = kind_of(&self.bytes);
        let ending = kind.rsplit('/').next().unwrap_or_default();
        NewFile {
            id: self.id,
            owner: self.owner,
            name: FileName::of(&format!("image.{ending}")),
            size: self.bytes.len() as u64,
            kind: MediaType::of(kind),
            created_at: self.created_at,
            expires_at: kept_until(),
        }
    }
}

/// What begins like these bytes.
fn kind_of(bytes: &Chunk) -> &'static str {
    kind::kind_of(&bytes[..bytes.len().min(kind::HEAD)])
}

/// Whether these bytes are a picture that could be taken in. Takes as long as looking at it.
pub async fn is_shown_picture(bytes: &Chunk) -> Result<bool, AppError> {
    Ok(kind::is_picture(kind_of(bytes)) && matches!(looked(bytes.clone()).await?, Some((_, Some(_)))))
}

/// Takes a picture in; again, after a crash in between, is no error. `None`: it cannot be looked at, and nothing of it
/// is kept. Errors: `unavailable`.
pub async fn take_in(keeping: Keeping<'_>, given: Given) -> Result<Option<StoredFile>, AppError> {
    let Keeping { store, bytes, .. } = keeping;
    let (id, owner, size) = (given.id, given.owner, given.bytes.len() as u64);
    if !kind::is_picture(kind_of(&given.bytes)) {
        return Ok(None);
    }
    let received = match store.file(id).await? {
        Some(file) if file.state != FileState::Uploading => return Ok(Some(file)),
        Some(file) => file.received,
        None => {
            store.create_file(given.begun(), NO_LIMITS).await?;
            0
        }
    };
    if received < size {
        bytes.begin(id).await?;
        let rest = given.bytes.slice(usize::try_from(received).unwrap_or_default()..);
        let kept = bytes.append(id, received..size, stream::iter([rest]).boxed()).await?;
        store.advance_upload(id, received, kept, kept_until()).await?;
    }
    let begun = store.file(id).await?.ok_or_else(AppError::not_found)?;
    let file = finish_in(keeping, begun).await?;
    if file.width.is_some() {
        return Ok(Some(file));
    }
    store.discard_file(id, owner).await?;
    bytes.erase(id).await?;
    store.forget_file(id).await?;
    Ok(None)
}

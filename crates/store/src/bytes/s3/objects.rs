//! The objects of a bucket.

use crate::bytes::{BytesError, Chunk, Piece, Reading, Result};
use futures::{StreamExt, TryStreamExt, stream};
use model::id::FileId;
use object_store::{
    Error, GetOptions, GetRange, MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt, PutPayload,
    path::Path,
};
use std::{ops::Range, sync::Arc};

/// What is larger is written in parts of this size, in bytes: what is held in memory of it.
const PART: usize = 8 * 1024 * 1024;

/// The objects of a bucket, below a prefix.
#[derive(Clone, Debug)]
pub(super) struct Objects {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
}

impl From<Error> for BytesError {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound { .. } => Self::NotFound,
            error => Self::Failed(error.to_string()),
        }
    }
}

impl Objects {
    pub(super) fn new(store: Arc<dyn ObjectStore>, prefix: &str) -> Self {
        Self { store, prefix: Path::from(prefix) }
    }

    fn folder(&self, last: u8) -> Path {
        self.prefix.clone().join(format!("{last:02x}"))
    }

    fn path(&self, id: FileId, piece: Piece) -> Path {
        let [.., before, last] = id.0.into_bytes();
        let name = match piece {
            Piece::Whole => id.to_string(),
            Piece::Thumbnail => format!("{id}.thumbnail"),
        };
        self.folder(last).join(format!("{before:02x}")).join(name)
    }

    /// Writes, reads and erases one.
    pub(super) async fn check(&self) -> Result<()> {
        let path = self.prefix.clone().join("check");
        self.store.put(&path, PutPayload::from_static(b"sotto")).await?;
        self.store.head(&path).await?;
        Ok(self.store.delete(&path).await?)
    }

    pub(super) async fn size(&self, id: FileId, piece: Piece) -> Result<Option<u64>> {
        match self.store.head(&self.path(id, piece)).await {
            Ok(object) => Ok(Some(object.size)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn read(&self, id: FileId, piece: Piece, range: Range<u64>) -> Result<Reading<'static>> {
        let size = self.size(id, piece).await?.ok_or(BytesError::NotFound)?;
        let range = range.start..range.end.min(size);
        // Of no bytes nothing can be asked.
        if range.is_empty() {
            return Ok(stream::empty().boxed());
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let object = self.store.get_opts(&self.path(id, piece), options).await?;
        Ok(object.into_stream().map_err(BytesError::from).boxed())
    }

    /// Writes one, which is there when all of it is. Returns its size.
    pub(super) async fn put(&self, id: FileId, piece: Piece, chunks: Reading<'_>) -> Result<u64> {
        let path = self.path(id, piece);
        // Asked once more after its end, by a part that gets nothing.
        let mut chunks = chunks.fuse().boxed();
        let first = gather(&mut chunks).await?;
        let mut size = length(&first);
        if size < PART {
            self.store.put(&path, PutPayload::from_iter(first)).await?;
            return Ok(size as u64);
        }
        let mut upload = self.store.put_multipart(&path).await?;
        match in_parts(&mut *upload, first, chunks).await {
            Ok(rest) => size += rest,
            Err(error) => {
                // What came of it would lie there unseen.
                let _ = upload.abort().await.inspect_err(|error| {
                    tracing::warn!(%error, "parts of a file that was not written stay in the bucket");
                });
                return Err(error);
            }
        }
        Ok(size as u64)
    }

    pub(super) async fn erase(&self, id: FileId) -> Result<()> {
        for piece in [Piece::Whole, Piece::Thumbnail] {
            match self.store.delete(&self.path(id, piece)).await {
                Ok(()) | Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// What lies there of files whose ids end with this byte. What else lies there is nobody's business.
    pub(super) async fn list(&self, last: u8) -> Result<Vec<(FileId, ObjectMeta)>> {
        let objects = self.store.list(Some(&self.folder(last)));
        let ours = objects.try_filter_map(|object| async move {
            let name = object.location.filename().unwrap_or_default();
            let id = name.split('.').next().unwrap_or_default();
            let id: Option<FileId> = id.parse().ok();
            let is_ours = |id: &FileId| {
                [Piece::Whole, Piece::Thumbnail].iter().any(|piece| self.path(*id, *piece) == object.location)
            };
            Ok(id.filter(is_ours).map(|id| (id, object)))
        });
        Ok(ours.try_collect().await?)
    }
}

/// Writes what is larger than a part. Returns how many bytes there were behind the first one.
async fn in_parts(
    upload: &mut dyn MultipartUpload,
    first: Vec<Chunk>,
    mut chunks: Reading<'_>,
) -> Result<usize> {
    upload.put_part(PutPayload::from_iter(first)).await?;
    let mut size = 0;
    loop {
        let part = gather(&mut chunks).await?;
        if part.is_empty() {
            break;
        }
        size += length(&part);
        upload.put_part(PutPayload::from_iter(part)).await?;
    }
    upload.complete().await?;
    Ok(size)
}

/// The next chunks, until they are as many as are written at once.
async fn gather(chunks: &mut Reading<'_>) -> Result<Vec<Chunk>> {
    let (mut part, mut size) = (Vec::new(), 0);
    while size < PART {
        let Some(chunk) = chunks.try_next().await? else { break };
        size += chunk.len();
        part.push(chunk);
    }
    Ok(part)
}

fn length(chunks: &[Chunk]) -> usize {
    chunks.iter().map(Chunk::len).sum()
}

//! Bytes in a folder of this machine, or one that several share.
//!
//! A file lies in `e7/3f/<id>`, by the last bytes of its id: the first say when it was made, and all would lie
//! together. Beside it lie `<id>.part`, an upload that is not whole, `<id>.thumbnail`, and while a piece is being put
//! in the place of another, that with `.new` behind. No name comes from a client. What is written gets its name when
//! it is on disk, and the folder is waited for as well: a name without its bytes, or bytes without their name, are
//! not left by a loss of power.

mod checking;
mod copying;
mod paths;
mod reading;
mod writing;

use crate::bytes::{Bytes, BytesError, Chunks, Fault, Noted, Piece, Reading, Result};
pub use copying::Copying;
use model::id::FileId;
use paths::Paths;
use std::{
    ops::Range,
    path::{Path, PathBuf},
};
use tokio::task::spawn_blocking;

/// The folder.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Makes the folder if it is missing, readable for nobody but its owner. Blocks for a moment.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self> {
        let root = root.into();
        paths::make(&root)?;
        Ok(Self { root })
    }

    /// Where it lies in a data folder.
    pub fn within(data: &Path) -> PathBuf {
        data.join("files")
    }

    /// One that is only read, whether there is such a folder or not; nothing is made.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Whether as many bytes of a file are here as there should be. Blocks for a moment.
    pub fn look(&self, noted: &Noted) -> Option<Fault> {
        checking::look(&self.root, noted)
    }

    /// Whether the bytes of a file are here, and are what they were: reads them all. Blocks.
    pub fn compare(&self, noted: &Noted) -> Option<Fault> {
        checking::compare(&self.root, noted)
    }

    /// Where the parts lie of the files whose ids end with this byte, and whose each is: a 256th of all. Blocks.
    pub fn parts(&self, last: u8) -> Result<Vec<(FileId, PathBuf)>> {
        paths::parts(&self.root, last)
    }

    fn paths(&self, id: FileId) -> Paths {
        Paths::of(&self.root, id)
    }
}

#[async_trait::async_trait]
impl Bytes for Folder {
    async fn begin(&self, id: FileId) -> Result<()> {
        let (root, paths) = (self.root.clone(), self.paths(id));
        blocking(move || writing::begin(&root, &paths)).await
    }

    async fn append(&self, id: FileId, place: Range<u64>, chunks: Chunks<'_>) -> Result<u64> {
        writing::append(self.paths(id), place, chunks).await
    }

    async fn finish(&self, id: FileId, size: u64) -> Result<()> {
        let paths = self.paths(id);
        blocking(move || writing::finish(&paths, size)).await
    }

    async fn put(&self, id: FileId, piece: Piece, chunks: Reading<'_>) -> Result<u64> {
        writing::put(self.paths(id), piece, chunks).await
    }

    /// Where it was uploaded it stays.
    async fn keep(&self, id: FileId) -> Result<()> {
        self.size(id, Piece::Whole).await?.map(drop).ok_or(BytesError::NotFound)
    }

    async fn read(&self, id: FileId, piece: Piece, range: Range<u64>) -> Result<Reading<'static>> {
        reading::read(self.paths(id).piece(piece), range).await
    }

    async fn size(&self, id: FileId, piece: Piece) -> Result<Option<u64>> {
        let path = self.paths(id).piece(piece);
        match blocking(move || Ok(path.metadata()?.len())).await {
            Ok(size) => Ok(Some(size)),
            Err(BytesError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn erase(&self, id: FileId) -> Result<()> {
        let paths = self.paths(id);
        blocking(move || writing::erase(&paths)).await
    }

    async fn list(&self, last: u8) -> Result<Vec<FileId>> {
        let root = self.root.clone();
        blocking(move || paths::list(&root, last)).await
    }

    async fn free_space(&self) -> Result<u64> {
        let root = self.root.clone();
        blocking(move || {
            let disk = rustix::fs::statvfs(&root).map_err(std::io::Error::from)?;
            // What is kept back for the system is not for us.
            Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
        })
        .await
    }
}

/// Runs what waits for a disk on a thread that may.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    spawn_blocking(work).await.unwrap_or_else(|error| Err(BytesError::Failed(error.to_string())))
}

//! The bytes of files in a folder: nothing is lost that was acknowledged, and nothing stays that was erased.

mod upload;
mod whole;

use futures::{StreamExt, TryStreamExt, stream};
use model::id::FileId;
use std::{fs, path::PathBuf};
use store::bytes::{Bytes, BytesError, Chunk, Chunks, Piece, Reading, folder::Folder};
use tempfile::TempDir;

/// A place of its own.
struct Place {
    place: TempDir,
    folder: Folder,
}

impl Place {
    fn new() -> Self {
        let place = tempfile::tempdir().expect("a folder for temporary files");
        let folder = Folder::open(place.path().join("files")).expect("a folder");
        Self { place, folder }
    }

    /// Where something of a file lies, by what is behind its id.
    fn path(&self, id: FileId, ending: &str) -> PathBuf {
        let name = id.to_string();
        let (first, second) = (&name[34..], &name[32..34]);
        self.place.path().join("files").join(first).join(second).join(format!("{name}{ending}"))
    }

    /// All that lies in the folder of a file.
    fn left(&self, id: FileId) -> Vec<String> {
        let path = self.path(id, "");
        let folder = fs::read_dir(path.parent().expect("a folder")).expect("a folder");
        let mut names: Vec<_> = folder.map(|entry| entry.expect("an entry").file_name()).collect();
        names.sort();
        names.into_iter().map(|name| name.into_string().expect("a name")).collect()
    }

    /// A new file that is whole.
    async fn whole(&self, bytes: &[u8]) -> FileId {
        let id = FileId::new();
        self.folder.begin(id).await.expect("room");
        let end = bytes.len() as u64;
        assert_eq!(self.folder.append(id, 0..end, sent(&[bytes])).await, Ok(end));
        assert_eq!(self.folder.finish(id, end).await, Ok(()));
        id
    }

    async fn read(&self, id: FileId, piece: Piece) -> Result<Vec<u8>, BytesError> {
        Ok(all(self.folder.read(id, piece, 0..u64::MAX).await?).await)
    }
}

/// What a device sends.
fn sent(chunks: &[&[u8]]) -> Chunks<'static> {
    let chunks: Vec<_> = chunks.iter().map(|chunk| Chunk::copy_from_slice(chunk)).collect();
    stream::iter(chunks).boxed()
}

/// What is put in the place of something.
fn made(chunks: &[&[u8]]) -> Reading<'static> {
    sent(chunks).map(Ok).boxed()
}

async fn all(reading: Reading<'_>) -> Vec<u8> {
    let chunks: Vec<Chunk> = reading.try_collect().await.expect("bytes");
    chunks.concat()
}

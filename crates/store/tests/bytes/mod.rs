//! The bytes of files, in a folder and in a bucket: nothing is lost that was acknowledged, and nothing stays that was
//! erased.

/// Runs tests in both places.
macro_rules! on_both {
    ($($test:ident)*) => {
        mod in_a_folder {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Place::new()).await;
            })*
        }
        mod in_a_bucket {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Place::in_a_bucket().await).await;
            })*
        }
    };
}

mod bucket;
mod server;
mod upload;
mod whole;

use futures::{StreamExt, TryStreamExt, stream};
use model::id::FileId;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use store::bytes::{Bytes, BytesError, Chunk, Chunks, Piece, Reading, folder::Folder, s3::S3};
use tempfile::TempDir;

/// A place of its own.
struct Place {
    place: TempDir,
    bytes: Arc<dyn Bytes>,
    /// Where a bucket has its objects.
    objects: Option<PathBuf>,
}

impl Place {
    fn new() -> Self {
        let place = tempfile::tempdir().expect("a folder for temporary files");
        let bytes = Arc::new(Folder::open(place.path().join("files")).expect("a folder"));
        Self { place, bytes, objects: None }
    }

    /// A prefix of its own in a bucket.
    async fn in_a_bucket() -> Self {
        let place = tempfile::tempdir().expect("a folder for temporary files");
        let folder = Folder::open(place.path().join("files")).expect("a folder");
        let bucket = server::bucket().await;
        let objects = server::objects().join(&bucket.prefix);
        Self { place, bytes: Arc::new(S3::over(&bucket, folder).expect("a bucket")), objects: Some(objects) }
    }

    /// Where something of a file lies, by what is behind its id.
    fn path(&self, id: FileId, ending: &str) -> PathBuf {
        let name = id.to_string();
        let (first, second) = (&name[34..], &name[32..34]);
        self.place.path().join("files").join(first).join(second).join(format!("{name}{ending}"))
    }

    /// All that lies in the folders of a file.
    fn left(&self, id: FileId) -> Vec<String> {
        let name = id.to_string();
        let below = |root: &Path| root.join(&name[34..]).join(&name[32..34]);
        let folders = [Some(self.place.path().join("files")), self.objects.clone()];
        let entries =
            folders.into_iter().flatten().filter_map(|root| fs::read_dir(below(&root)).ok()).flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name()).collect();
        names.sort();
        names.into_iter().map(|name| name.into_string().expect("a name")).collect()
    }

    /// A new file that is whole.
    async fn whole(&self, bytes: &[u8]) -> FileId {
        let id = FileId::new();
        self.bytes.begin(id).await.expect("room");
        let end = bytes.len() as u64;
        assert_eq!(self.bytes.append(id, 0..end, sent(&[bytes])).await, Ok(end));
        assert_eq!(self.bytes.finish(id, end).await, Ok(()));
        assert_eq!(self.bytes.keep(id).await, Ok(()));
        id
    }

    async fn read(&self, id: FileId, piece: Piece) -> Result<Vec<u8>, BytesError> {
        Ok(all(self.bytes.read(id, piece, 0..u64::MAX).await?).await)
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

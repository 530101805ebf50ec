//! Bytes in a bucket of what speaks S3: Amazon's, MinIO, Garage, Ceph and many others.
//!
//! What is still being uploaded lies in a folder of this machine: parts of any size come and go there, and a bucket knows
//! none such. [`Bytes::keep`] brings a file over when it is whole and was looked at, so it is in the bucket before
//! a message can name it, and then nothing of it is left in the folder. Objects are called as files in a folder are:
//! `e7/3f/<id>`, and `<id>.thumbnail` beside it, below the bucket's prefix.

mod http;
mod objects;

use super::{CHUNK, folder::Folder};
use crate::bytes::{Bytes, BytesError, Chunks, Fault, Noted, Piece, Reading, Result};
use futures::{StreamExt, TryStreamExt, stream};
use model::id::FileId;
use object_store::{ObjectStore, RetryConfig, aws::AmazonS3Builder};
use objects::Objects;
use std::{collections::BTreeSet, fmt, ops::Range, sync::Arc, time::Duration};

/// How often something is asked again that failed at the service or on the way, and for how long: somebody waits.
const RETRIES: usize = 3;
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a bucket is, and who may use it.
#[derive(Clone)]
pub struct Bucket {
    /// What it is called.
    pub name: String,
    /// What stands before the names of all objects, without slashes around it; may be empty.
    pub prefix: String,
    /// The address of the service; `None`: Amazon's.
    pub endpoint: Option<String>,
    /// Its region.
    pub region: String,
    /// The name of the key.
    pub key: String,
    /// The key itself. Never shown.
    pub secret: String,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, prefix, endpoint, region, .. } = self;
        let mut shown = f.debug_struct("Bucket");
        shown.field("name", name).field("prefix", prefix).field("endpoint", endpoint).field("region", region);
        shown.finish_non_exhaustive()
    }
}

/// A bucket, and the folder in which uploads lie until they are whole.
#[derive(Clone, Debug)]
pub struct S3 {
    folder: Folder,
    objects: Objects,
}

impl S3 {
    /// Over a bucket that is there already. Asks nothing of it yet. Errors: `Failed`, it cannot be one.
    pub fn over(bucket: &Bucket, folder: Folder) -> Result<Self> {
        let s3 = AmazonS3Builder::new()
            .with_bucket_name(&bucket.name)
            .with_region(&bucket.region)
            .with_access_key_id(&bucket.key)
            .with_secret_access_key(&bucket.secret)
            .with_http_connector(http::Connector)
            .with_retry(RetryConfig {
                max_retries: RETRIES,
                retry_timeout: PATIENCE,
                ..RetryConfig::default()
            })
            .with_allow_http(true);
        let s3 = match &bucket.endpoint {
            Some(endpoint) => s3.with_endpoint(endpoint),
            None => s3,
        };
        let store: Arc<dyn ObjectStore> = Arc::new(s3.build()?);
        Ok(Self { folder, objects: Objects::new(store, &bucket.prefix) })
    }

    /// Whether objects can be written, read and erased there. Errors: they cannot.
    pub async fn check(&self) -> Result<()> {
        self.objects.check().await
    }

    /// Whether as many bytes of a file are here as there should be. `None`: they are. How they add up is not looked at: each
    /// byte of a bucket that is read has its price.
    pub async fn look(&self, noted: &Noted) -> Option<Fault> {
        let look = async {
            let fault = match self.size(noted.id, Piece::Whole).await? {
                None => Some(Fault::Missing),
                Some(kept) if kept != noted.size => Some(Fault::Size { kept, noted: noted.size }),
                Some(_) => None,
            };
            let lacks_thumbnail = fault.is_none()
                && noted.has_thumbnail
                && self.size(noted.id, Piece::Thumbnail).await?.is_none();
            Ok::<_, BytesError>(fault.or(lacks_thumbnail.then_some(Fault::NoThumbnail)))
        };
        look.await.unwrap_or_else(|error| Some(Fault::Unreadable(error.to_string())))
    }

    /// What lies in the bucket of the files whose ids end with this byte: whose it is, its name there, and its bytes.
    pub async fn objects(&self, last: u8) -> Result<Vec<(FileId, String, u64)>> {
        let objects = self.objects.list(last).await?;
        Ok(objects.into_iter().map(|(id, object)| (id, object.location.into(), object.size)).collect())
    }

    /// Whether a piece is in the bucket. Errors: `NotFound`, it is not.
    async fn is_kept(&self, id: FileId, piece: Piece) -> Result<()> {
        self.objects.size(id, piece).await?.map(drop).ok_or(BytesError::NotFound)
    }
}

#[async_trait::async_trait]
impl Bytes for S3 {
    async fn begin(&self, id: FileId) -> Result<()> {
        self.folder.begin(id).await
    }

    async fn append(&self, id: FileId, place: Range<u64>, chunks: Chunks<'_>) -> Result<u64> {
        self.folder.append(id, place, chunks).await
    }

    async fn finish(&self, id: FileId, size: u64) -> Result<()> {
        match self.folder.finish(id, size).await {
            Err(BytesError::NotFound) => self.is_kept(id, Piece::Whole).await,
            finished => finished,
        }
    }

    async fn put(&self, id: FileId, piece: Piece, chunks: Reading<'_>) -> Result<u64> {
        if self.folder.size(id, Piece::Whole).await?.is_some() {
            return self.folder.put(id, piece, chunks).await;
        }
        self.is_kept(id, Piece::Whole).await?;
        self.objects.put(id, piece, chunks).await
    }

    async fn keep(&self, id: FileId) -> Result<()> {
        // The file itself comes last: where it is, all is.
        for piece in [Piece::Thumbnail, Piece::Whole] {
            match self.folder.read(id, piece, 0..u64::MAX).await {
                Ok(bytes) => drop(self.objects.put(id, piece, bytes).await?),
                // Then there is none, or an earlier call has come so far.
                Err(BytesError::NotFound) if piece == Piece::Thumbnail => {}
                Err(BytesError::NotFound) => return self.is_kept(id, piece).await,
                Err(error) => return Err(error),
            }
        }
        // What was erased meanwhile lies in the bucket then. Another server may as well have brought the same file there,
        // so that it is not for this place to say which: the store knows, and whoever asks it erases once more.
        self.folder.erase(id).await
    }

    async fn read(&self, id: FileId, piece: Piece, range: Range<u64>) -> Result<Reading<'static>> {
        match self.folder.read(id, piece, range.clone()).await {
            Err(BytesError::NotFound) => {}
            reading => return reading,
        }
        let reading = self.objects.read(id, piece, range).await?;
        // As it comes from the network it may come in larger ones.
        let small = reading.map_ok(|mut chunk| {
            let next = move || (!chunk.is_empty()).then(|| chunk.split_to(chunk.len().min(CHUNK)));
            stream::iter(std::iter::from_fn(next).map(Ok))
        });
        Ok(small.try_flatten().boxed())
    }

    async fn size(&self, id: FileId, piece: Piece) -> Result<Option<u64>> {
        match self.folder.size(id, piece).await? {
            Some(size) => Ok(Some(size)),
            None => self.objects.size(id, piece).await,
        }
    }

    async fn erase(&self, id: FileId) -> Result<()> {
        // What is on its way to the bucket looks here when it is there.
        self.folder.erase(id).await?;
        self.objects.erase(id).await
    }

    async fn list(&self, last: u8) -> Result<Vec<FileId>> {
        let mut ids: BTreeSet<_> = self.folder.list(last).await?.into_iter().collect();
        ids.extend(self.objects.list(last).await?.into_iter().map(|(id, _)| id));
        Ok(ids.into_iter().collect())
    }

    /// That of the folder: a bucket has no end, but what is on its way there has to lie somewhere.
    async fn free_space(&self) -> Result<u64> {
        self.folder.free_space().await
    }
}

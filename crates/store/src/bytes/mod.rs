//! The bytes of files, under the files' ids: one place for them, whichever store knows the rest.
//!
//! - [`folder`]: a folder of this machine.
//! - [`s3`]: a bucket of what speaks S3, with a folder for uploads.
//!
//! How a file comes and goes, with what [`Files`](crate::Files) notes of it. Each step waits for the one before to be
//! on disk, and each may be done again, so a crash anywhere leaves something that goes on or is swept away:
//!
//! 1. `create_file`, then [`Bytes::begin`].
//! 2. [`Bytes::append`], then `advance_upload` up to where that got; again and again.
//! 3. [`Bytes::finish`], and if need be [`Bytes::put`], then [`Bytes::keep`], then `finish_upload`. Whoever finds an
//!    upload of which all was received does this once more.
//! 4. The file is erased by the store; [`Bytes::erase`], then `forget_file`.
//!
//! Bytes that no store knows ([`Bytes::list`], then `known_files`) belong to nothing and can be erased.

mod error;
pub mod folder;
pub mod s3;

pub use error::BytesError;
use futures::stream::BoxStream;
use model::id::FileId;
use std::ops::Range;

/// Some of the bytes of a file, in one piece of memory.
pub type Chunk = ::bytes::Bytes;
/// Bytes as a device sends them. Where it breaks off, the stream ends.
pub type Chunks<'a> = BoxStream<'a, Chunk>;
/// Bytes as they are read, in chunks of [`CHUNK`] at most; or what is put in the place of others. After an error nothing
/// follows.
pub type Reading<'a> = BoxStream<'a, Result<Chunk>>;
/// What every operation returns.
pub type Result<T> = std::result::Result<T, BytesError>;

/// How many bytes are read or written at once: what an operation holds in memory, whatever the size of the file.
pub const CHUNK: usize = 64 * 1024;

/// What is kept of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The file itself.
    Whole,
    /// A small picture of it.
    Thumbnail,
}

/// What a store notes of a file of which all bytes are to be there: what they can be compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// Names it.
    pub id: FileId,
    /// So many.
    pub size: u64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
    /// Whether there is a small picture of it, too.
    pub has_thumbnail: bool,
}

/// What is wrong with the bytes of a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There are none, or there is no file in their place.
    #[error("there are no bytes of it")]
    Missing,
    /// They are too few or too many.
    #[error("it has {kept} bytes instead of {noted}")]
    Size {
        /// So many there are.
        kept: u64,
        /// So many there should be.
        noted: u64,
    },
    /// They are others.
    #[error("its bytes are not those that were kept (SHA-256)")]
    Changed,
    /// They cannot be read.
    #[error("its bytes cannot be read: {0}")]
    Unreadable(String),
    /// The small picture is missing.
    #[error("its small picture is missing")]
    NoThumbnail,
}

/// A place for bytes. Every operation is durable when its future has completed with `Ok`: what it did survives `kill -9`
/// and the loss of power. A future that is dropped leaves what a crash would leave.
#[async_trait::async_trait]
pub trait Bytes: Send + Sync {
    /// Makes room for the upload of a file. Again is no error and changes nothing.
    async fn begin(&self, id: FileId) -> Result<()>;

    /// Writes an upload from `place.start` on, until the chunks or `place` end; more chunks are not taken. What lies
    /// behind `place.start` from an attempt that was not noted is written over and cut off. Returns how many bytes of
    /// the upload are kept from then on: what is not among them is to be sent again.
    ///
    /// Errors: `NotFound` (not begun, finished already, or erased), `Busy` (somebody else writes it), `Short` (fewer are
    /// kept than lie before `place`), `Full`.
    async fn append(&self, id: FileId, place: Range<u64>, chunks: Chunks<'_>) -> Result<u64>;

    /// Makes an upload of so many bytes whole: now it can be read, and nobody can write to it any more, not even who had
    /// begun to. What lies behind them is cut off. Again is no error and changes nothing.
    ///
    /// Errors: `NotFound` (not begun, or erased), `Busy`, `Short`.
    async fn finish(&self, id: FileId, size: u64) -> Result<()>;

    /// Puts a piece of a file that is whole in the place of what there was of it; whoever reads that goes on reading it.
    /// After an error, also one that `chunks` says, there is what there was. Returns how many bytes it has.
    ///
    /// Errors: `NotFound` (the file is not whole), `Busy` (somebody else does the same), `Full`.
    async fn put(&self, id: FileId, piece: Piece, chunks: Reading<'_>) -> Result<u64>;

    /// Brings a file that is whole, with its pieces, to where it stays, if that is elsewhere than where it was uploaded.
    /// Again is no error and changes nothing.
    ///
    /// Errors: `NotFound` (the file is not whole, or was erased), `Full`.
    async fn keep(&self, id: FileId) -> Result<()>;

    /// Reads what there is of a range, as it is now, also if it is erased meanwhile.
    ///
    /// Errors: `NotFound`.
    async fn read(&self, id: FileId, piece: Piece, range: Range<u64>) -> Result<Reading<'static>>;

    /// How many bytes a piece has. `None`: there is no such one.
    async fn size(&self, id: FileId, piece: Piece) -> Result<Option<u64>>;

    /// Erases all there is of a file: its upload, and every piece. Nothing to erase is no error.
    async fn erase(&self, id: FileId) -> Result<()>;

    /// The files of which there is anything, in no special order: a 256th of all, those whose ids end with this byte.
    async fn list(&self, last: u8) -> Result<Vec<FileId>>;

    /// How many bytes more can be kept.
    async fn free_space(&self) -> Result<u64>;
}

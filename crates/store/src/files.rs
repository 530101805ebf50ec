//! Files: what is known of each, from the beginning of its upload until its bytes are erased.

use crate::{Result, bytes::Noted};
use model::{
    file::{AltText, Attachment, FileName, MediaType, Placeholder},
    id::{ConversationId, FileId, MessageId, UserId},
    time::Timestamp,
};

/// A file that somebody is about to upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// A new id.
    pub id: FileId,
    /// Who uploads it.
    pub owner: UserId,
    /// What it is called.
    pub name: FileName,
    /// How many bytes are to come.
    pub size: u64,
    /// What the device says that it is.
    pub kind: MediaType,
    /// Now.
    pub created_at: Timestamp,
    /// When it is erased if nothing of it has come until then.
    pub expires_at: Timestamp,
}

/// What one person may keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileLimits {
    /// So many bytes in all their files, in those that are being uploaded as many as are to come.
    pub quota: u64,
    /// So many uploads that are not finished.
    pub uploads: u64,
}

/// What was found out about a file once all of it was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// How many bytes are kept: fewer than came, where something was taken out (the place at which a picture was made).
    pub size: u64,
    /// What it is.
    pub kind: MediaType,
    /// The SHA-256 of what is kept.
    pub sha256: [u8; 32],
    /// Of a picture or a film, in pixels, as it is shown.
    pub width: Option<u32>,
    /// The same.
    pub height: Option<u32>,
    /// Of a sound or a film, in milliseconds.
    pub duration: Option<u64>,
    /// What is shown of a picture until it is there.
    pub placeholder: Option<Placeholder>,
    /// When it is erased if no message has it until then.
    pub expires_at: Timestamp,
}

/// A file as it is stored. Its bytes are in [`Bytes`](crate::bytes::Bytes), under the same id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// Names it.
    pub id: FileId,
    /// Who has uploaded it.
    pub owner: UserId,
    /// What it is called.
    pub name: FileName,
    /// In bytes: how many are to come, or are kept.
    pub size: u64,
    /// What it is; during the upload, what the device says.
    pub kind: MediaType,
    /// When the upload began.
    pub created_at: Timestamp,
    /// When it is erased; `None`: when the message that has it is.
    pub expires_at: Option<Timestamp>,
    /// How many bytes have come and are on disk.
    pub received: u64,
    /// The SHA-256 of the bytes that are kept; during the upload `None`.
    pub sha256: Option<[u8; 32]>,
    /// Of a picture or a film, in pixels, as it is shown.
    pub width: Option<u32>,
    /// The same.
    pub height: Option<u32>,
    /// Of a sound or a film, in milliseconds.
    pub duration: Option<u64>,
    /// What is shown of a picture until it is there.
    pub placeholder: Option<Placeholder>,
    /// How far it has come.
    pub state: FileState,
}

/// How far a file has come. One that is erased is in none of these states: it does not exist for anybody but
/// [`Files::files_to_erase`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    /// Not all of it was received, or it was not looked at yet. For its owner alone.
    Uploading,
    /// Whole, and not in a message yet. For its owner alone.
    Ready,
    /// In a message. For those who may see that message.
    Sent {
        /// Of this conversation.
        conversation: ConversationId,
        /// This one.
        message: MessageId,
    },
}

impl StoredFile {
    /// What a message says of it.
    pub fn attachment(&self, alt: Option<AltText>) -> Attachment {
        Attachment {
            file: self.id,
            name: self.name.clone(),
            size: self.size,
            kind: self.kind.clone(),
            width: self.width,
            height: self.height,
            duration: self.duration,
            placeholder: self.placeholder.clone(),
            alt,
        }
    }
}

/// Files. Each goes one way: it is uploaded, is ready, is sent with one message
/// ([`append_message`](crate::Messages::append_message)), and is erased; or it is erased before. It is erased with the
/// message that has it, whatever takes that away: a change
/// ([`commit_message`](crate::Messages::commit_message)), the end of the conversation, or that of the sender's account
/// ([`delete_user`](crate::Users::delete_user), which erases what the user has not sent, too).
///
/// From the same moment on an erased file is gone for everybody, with its name and all that was known of it. What is
/// left is a note that its bytes are to be erased, until [`Files::forget_file`] is told that they are: so none are left
/// of which nobody knows any more.
///
/// A store that cannot change a message and its files at once notes beforehand on the files that they are in doubt. The
/// message decides: which of them it has, they are sent with, and whatever finds one in doubt asks the message.
#[async_trait::async_trait]
pub trait Files: Send + Sync {
    /// Notes a file before the first of its bytes is stored.
    ///
    /// Errors: `NotFound` (the owner has no account), `TooManyUploads`, `QuotaExceeded`. What is erased counts as long
    /// as its bytes are there. Where one person uses several servers at the same moment, a store may let one more
    /// through on each.
    async fn create_file(&self, new: NewFile, limits: FileLimits) -> Result<()>;

    /// The file with this id.
    async fn file(&self, id: FileId) -> Result<Option<StoredFile>>;

    /// The files with these ids, in no special order; unknown ids are left out.
    async fn files(&self, ids: &[FileId]) -> Result<Vec<StoredFile>>;

    /// How many bytes there are in all files of a user, as `create_file` counts them.
    async fn bytes_used(&self, owner: UserId) -> Result<u64>;

    /// Notes that bytes of an upload are on disk, up to `to`, and puts off when it is erased. `false`: not as many as
    /// `from` were noted before (somebody was faster), `to` is less or more than the file has, or there is no such
    /// upload; and nothing was changed.
    async fn advance_upload(&self, id: FileId, from: u64, to: u64, expires_at: Timestamp) -> Result<bool>;

    /// Notes that no more is to come of an upload than these `received` bytes: so many it has from then on. For one that
    /// was noted with the most that it may have, because nobody knew how many they are. Again is no error and changes
    /// nothing. `false`: not as many were received, or there is no such upload; and nothing was changed.
    async fn end_upload(&self, id: FileId, received: u64) -> Result<bool>;

    /// Notes that all of a file is there and what it is: it is ready. Again is no error and changes nothing. Returns
    /// the file; `None`: there is none, or not all of it was received.
    async fn finish_upload(&self, id: FileId, facts: FileFacts) -> Result<Option<StoredFile>>;

    /// Erases a file of this owner that is in no message. `false`: there is no such one.
    async fn discard_file(&self, id: FileId, owner: UserId) -> Result<bool>;

    /// Up to `limit` files whose bytes are to be erased, the oldest first. What has expired at `now` without being sent is
    /// erased by this call, if need be by several: so nobody sends a file whose bytes are going.
    async fn files_to_erase(&self, now: Timestamp, limit: usize) -> Result<Vec<FileId>>;

    /// Forgets an erased file, once its bytes are gone. `false`: there is no erased one with this id, and nothing was
    /// changed.
    async fn forget_file(&self, id: FileId) -> Result<bool>;

    /// Which of these are known here, erased ones among them, in no special order. Bytes of others belong to nothing:
    /// a file is noted before its bytes and forgotten after them.
    async fn known_files(&self, ids: &[FileId]) -> Result<Vec<FileId>>;

    /// Up to `limit` files of a user that are in no message, by id, from the first after `after` on; `None`: from the
    /// very first.
    async fn unsent_files(
        &self,
        owner: UserId,
        after: Option<FileId>,
        limit: usize,
    ) -> Result<Vec<StoredFile>>;

    /// Up to `limit` files whose bytes are to be there, ready ones and sent ones, by id, from the first after `after`
    /// on; `None`: from the very first.
    async fn noted_files(&self, after: Option<FileId>, limit: usize) -> Result<Vec<Noted>>;
}

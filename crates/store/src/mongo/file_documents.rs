//! How files stand in documents: what is known of them, and what messages say of them.

use super::{
    documents::{Stored, number, number_of},
    error::{Failure, damaged},
};
use crate::{FileState, NewFile, StoredFile, bytes::Noted};
use model::{
    file::{AltText, Attachment, FileName, MediaType, Placeholder},
    id::{ConversationId, MessageId},
    time::Timestamp,
};
use mongodb::bson::{Binary, DateTime, Uuid};
use serde::{Deserialize, Serialize};

/// A file, in `files`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FileDocument {
    #[serde(rename = "_id")]
    pub(super) id: Uuid,
    owner: Uuid,
    /// `uploading`, `ready`, `sent` or `erased`; an erased one has nothing below but `expires_at`.
    pub(super) state: String,
    size: i64,
    received: i64,
    created_at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) expires_at: Option<DateTime>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<Binary>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    width: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    height: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    duration: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    placeholder: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    conversation: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<Uuid>,
    /// When it may be settled by anybody; only while it is in doubt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) doubtful_until: Option<DateTime>,
}

/// What an erased file has no longer.
pub(super) const ERASED: [&str; 10] = [
    "name",
    "kind",
    "sha256",
    "width",
    "height",
    "duration",
    "placeholder",
    "conversation",
    "message",
    "doubtful_until",
];

impl FileDocument {
    /// Which message it was sent with, or is claimed for.
    pub(super) fn place(&self) -> Option<(ConversationId, MessageId)> {
        Some((Stored::of(self.conversation?), Stored::of(self.message?)))
    }

    /// What its bytes can be compared with, once all of them are there.
    pub(super) fn noted(self) -> Result<Noted, Failure> {
        // One that is missing is that of no file.
        let sha256 = self.sha256.and_then(|hash| hash.bytes.try_into().ok()).unwrap_or_default();
        Ok(Noted {
            id: Stored::of(self.id),
            size: number_of(self.size)?,
            sha256,
            has_thumbnail: self.placeholder.is_some(),
        })
    }

    /// As it is told. `None`: it is erased.
    pub(super) fn record(self) -> Result<Option<StoredFile>, Failure> {
        let state = match (self.state.as_str(), self.place()) {
            ("uploading", _) => FileState::Uploading,
            ("ready", _) => FileState::Ready,
            ("sent", Some((conversation, message))) => FileState::Sent { conversation, message },
            ("erased", _) => return Ok(None),
            _ => return Err(damaged("a file's state")),
        };
        let pixels = |stored: Option<i64>| stored.map(u32::try_from).transpose().map_err(damaged);
        let sha256 = self.sha256.map(|hash| hash.bytes.try_into()).transpose();
        Ok(Some(StoredFile {
            id: Stored::of(self.id),
            owner: Stored::of(self.owner),
            name: FileName::from(self.name),
            size: number_of(self.size)?,
            kind: MediaType::from(self.kind),
            created_at: Stored::of(self.created_at),
            expires_at: self.expires_at.map(Timestamp::of),
            received: number_of(self.received)?,
            sha256: sha256.map_err(|_| damaged("a file's hash"))?,
            width: pixels(self.width)?,
            height: pixels(self.height)?,
            duration: self.duration.map(number_of).transpose()?,
            placeholder: self.placeholder.map(Placeholder::from),
            state,
        }))
    }
}

impl From<&NewFile> for FileDocument {
    fn from(new: &NewFile) -> Self {
        Self {
            id: new.id.field(),
            owner: new.owner.field(),
            state: "uploading".into(),
            size: number(new.size),
            received: 0,
            created_at: new.created_at.field(),
            expires_at: Some(new.expires_at.field()),
            name: new.name.as_str().into(),
            kind: new.kind.as_str().into(),
            sha256: None,
            width: None,
            height: None,
            duration: None,
            placeholder: None,
            conversation: None,
            message: None,
            doubtful_until: None,
        }
    }
}

/// What a message says of a file, in `messages`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct AttachmentDocument {
    file: Uuid,
    name: String,
    size: i64,
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    width: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    height: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    duration: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    placeholder: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alt: Option<String>,
}

impl From<&Attachment> for AttachmentDocument {
    fn from(attachment: &Attachment) -> Self {
        Self {
            file: attachment.file.field(),
            name: attachment.name.as_str().into(),
            size: number(attachment.size),
            kind: attachment.kind.as_str().into(),
            width: attachment.width.map(i64::from),
            height: attachment.height.map(i64::from),
            duration: attachment.duration.map(number),
            placeholder: attachment.placeholder.clone().map(String::from),
            alt: attachment.alt.clone().map(String::from),
        }
    }
}

impl AttachmentDocument {
    pub(super) fn attachment(self) -> Result<Attachment, Failure> {
        let pixels = |stored: Option<i64>| stored.map(u32::try_from).transpose().map_err(damaged);
        Ok(Attachment {
            file: Stored::of(self.file),
            name: FileName::from(self.name),
            size: number_of(self.size)?,
            kind: MediaType::from(self.kind),
            width: pixels(self.width)?,
            height: pixels(self.height)?,
            duration: self.duration.map(number_of).transpose()?,
            placeholder: self.placeholder.map(Placeholder::from),
            alt: self.alt.map(AltText::from),
        })
    }
}

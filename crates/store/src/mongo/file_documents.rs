//! How files stand in documents.

use super::{
    documents::{Stored, number, number_of},
    error::{Failure, damaged},
};
use model::file::{AltText, Attachment, FileName, MediaType, Placeholder};
use mongodb::bson::Uuid;
use serde::{Deserialize, Serialize};

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

//! What a device has done and does not know to be stored.

use crate::{
    change::Change,
    error::AppError,
    file::Attachment,
    id::{FileId, MessageId},
    time::Timestamp,
};

/// How long a device keeps a deletion to itself, so that it can be taken back, in milliseconds.
pub const UNDO_MS: u32 = 5000;

/// Something that was done here and is not yet known to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// Names it with every try; a new message is called so for good.
    pub id: MessageId,
    /// What the server is to store.
    pub operation: Operation,
    /// When it was done, by this device's clock.
    pub written_at: Timestamp,
    /// Why the server refused it; `None` while it is being sent.
    pub failed: Option<AppError>,
}

/// What a device wants the server to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A new message.
    Send {
        /// The text.
        body: String,
        /// The message that it answers.
        reply_to: Option<MessageId>,
        /// The files that go with it. What is not at the server has a name of this device's own.
        attachments: Vec<Attachment>,
        /// Those of them that are not, by these names: the message is not sent before.
        awaited: Vec<FileId>,
    },
    /// A message is to be otherwise.
    Change {
        /// Which.
        message: MessageId,
        /// How.
        change: Change,
    },
}

impl Operation {
    /// A new message of words alone that answers none.
    pub fn text(body: impl Into<String>) -> Self {
        Self::Send { body: body.into(), reply_to: None, attachments: Vec::new(), awaited: Vec::new() }
    }
}

impl Outgoing {
    /// Something done now.
    pub fn new(id: MessageId, operation: Operation, written_at: Timestamp) -> Self {
        Self { id, operation, written_at, failed: None }
    }

    /// A new message that answers none.
    pub fn text(id: MessageId, body: impl Into<String>, written_at: Timestamp) -> Self {
        Self::new(id, Operation::text(body), written_at)
    }

    /// Whether it deletes a message: what was done later may be sent before it.
    pub fn deletes(&self) -> bool {
        matches!(self.operation, Operation::Change { change: Change::Delete, .. })
    }

    /// Whether all that goes with it is at the server.
    pub fn is_ready(&self) -> bool {
        self.awaited().is_empty()
    }

    /// The files of a new message that are not at the server, by the names that this device gave them.
    pub fn awaited(&self) -> &[FileId] {
        match &self.operation {
            Operation::Send { awaited, .. } => awaited,
            Operation::Change { .. } => &[],
        }
    }

    /// The files of a new message.
    pub fn attachments(&self) -> &[Attachment] {
        match &self.operation {
            Operation::Send { attachments, .. } => attachments,
            Operation::Change { .. } => &[],
        }
    }

    /// A file is at the server, which calls it `stored`. `false`: it does not wait for that one.
    pub(crate) fn has_come(&mut self, file: FileId, stored: FileId) -> bool {
        let Operation::Send { attachments, awaited, .. } = &mut self.operation else { return false };
        let Some(place) = awaited.iter().position(|awaited| *awaited == file) else { return false };
        awaited.swap_remove(place);
        for attachment in attachments.iter_mut().filter(|attachment| attachment.file == file) {
            attachment.file = stored;
        }
        true
    }

    /// What a new message answers.
    pub fn reply_to(&self) -> Option<MessageId> {
        match &self.operation {
            Operation::Send { reply_to, .. } => *reply_to,
            Operation::Change { .. } => None,
        }
    }

    /// The text of a new message; `None`: it changes one that is there.
    pub fn new_text(&self) -> Option<&str> {
        match &self.operation {
            Operation::Send { body, .. } => Some(body),
            Operation::Change { .. } => None,
        }
    }
}

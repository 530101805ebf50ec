//! What a device has done and does not know to be stored.

use crate::{change::Change, error::AppError, id::MessageId, time::Timestamp};

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
    },
    /// A message is to be otherwise.
    Change {
        /// Which.
        message: MessageId,
        /// How.
        change: Change,
    },
}

impl Outgoing {
    /// Something done now.
    pub fn new(id: MessageId, operation: Operation, written_at: Timestamp) -> Self {
        Self { id, operation, written_at, failed: None }
    }

    /// A new message that answers none.
    pub fn text(id: MessageId, body: impl Into<String>, written_at: Timestamp) -> Self {
        Self::new(id, Operation::Send { body: body.into(), reply_to: None }, written_at)
    }

    /// Whether it deletes a message: what was done later may be sent before it.
    pub fn deletes(&self) -> bool {
        matches!(self.operation, Operation::Change { change: Change::Delete, .. })
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

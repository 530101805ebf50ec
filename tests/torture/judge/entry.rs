//! A line of the history.
//!
//! All devices append to the same file, each line with one write, so the order of its lines is an
//! order in real time that needs no clock: what stands further up had happened before what stands
//! further down was begun.

use model::{
    id::{ConversationId, MessageId, UserId},
    message::Message,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    pub device: String,
    #[serde(flatten)]
    pub what: What,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// The device begins; it belongs to `user`.
    Came { user: UserId },
    /// A socket is open, and nothing was said over it.
    Connected,
    /// It is lost.
    Lost,
    /// A message is about to be sent for the first time.
    Begun { conversation: ConversationId, id: MessageId, body: String },
    /// It is about to be sent once more.
    Again { conversation: ConversationId, id: MessageId },
    /// The server said that it is durable.
    Acked { conversation: ConversationId, id: MessageId, seq: u64 },
    /// The server said that it never will be.
    Refused { id: MessageId, why: String },
    /// A message came: as news, in a snapshot, in a page.
    Heard { conversation: ConversationId, id: MessageId, seq: u64, version: u64 },
    /// A snapshot came.
    Resumed { talks: BTreeMap<ConversationId, Glance> },
    /// The person has seen so much.
    Seen { conversation: ConversationId, seq: u64 },
    /// The server said how far somebody has read.
    Read { conversation: ConversationId, user: UserId, seq: u64 },
    /// The server could not do something now.
    Unavailable,
    /// The server said something that it has no reason to say to this device.
    Complaint { why: String },
    /// What the device holds of a conversation in the end.
    Ended {
        conversation: ConversationId,
        cursor: u64,
        read: BTreeMap<UserId, u64>,
        messages: Vec<Arc<Message>>,
    },
}

/// A conversation in a snapshot.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Glance {
    pub head: u64,
    pub read: BTreeMap<UserId, u64>,
}

//! A line of the history.
//!
//! All devices append to the same file, each line with one write, so the order of its lines is an
//! order in real time that needs no clock: what stands further up had happened before what stands
//! further down was begun.

use model::{
    content::Content,
    error::ErrorCode,
    group::{Role, Roles, Settings},
    id::{ConversationId, FileId, MessageId, UserId},
    message::{Conversation, Message},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

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
    /// The server said that it has all bytes of a file; what they add up to, in hexadecimal digits.
    Uploaded { file: FileId, sha256: String },
    /// A message is about to be sent for the first time; with a file it goes beside the socket, and so beside the order
    /// of what its device writes.
    Begun { conversation: ConversationId, id: MessageId, body: String, file: Option<FileId> },
    /// A change of a message is about to be sent for the first time; `id` names the change.
    Changing { conversation: ConversationId, id: MessageId, message: MessageId, how: How },
    /// Either of them is about to be sent once more.
    Again { conversation: ConversationId, id: MessageId },
    /// The server said that the message is durable.
    Acked { conversation: ConversationId, id: MessageId, seq: u64 },
    /// The server said that the change is.
    Changed { conversation: ConversationId, id: MessageId, version: u64 },
    /// The server said that the message or the change never will be.
    Refused { id: MessageId, code: ErrorCode, why: String },
    /// Something about a group is about to be asked for; `id` names the request.
    Asked { conversation: ConversationId, id: MessageId, deed: Deed },
    /// The server said that it is done: the group's counter then, unless one has left.
    Done { conversation: ConversationId, id: MessageId, head: Option<u64> },
    /// The server said that it will not do it.
    Declined { conversation: ConversationId, id: MessageId, code: String },
    /// A message came: as news, in a snapshot, in a page. Of one that is hidden nothing else came.
    Heard { conversation: ConversationId, id: MessageId, seq: u64, version: u64, state: State },
    /// A snapshot came.
    Resumed { talks: BTreeMap<ConversationId, Glance> },
    /// The person has seen so much.
    Seen { conversation: ConversationId, seq: u64 },
    /// The server said how far somebody has read.
    Read { conversation: ConversationId, user: UserId, seq: u64 },
    /// The server could not do something now.
    Unavailable,
    /// The server said something that it has no reason to say to this device.
    Complaint { code: ErrorCode, why: String },
    /// What the device holds of a conversation in the end, and shows: with what it takes for done.
    Ended {
        about: About,
        cursor: u64,
        read: BTreeMap<UserId, u64>,
        pins: Vec<MessageId>,
        messages: Vec<Arc<Message>>,
    },
}

/// How a message is to be changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    Edit(String),
    Delete,
    React { emoji: String, on: bool },
    Pin { on: bool },
}

/// What is asked for in a group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    Rename(String),
    Add(UserId),
    /// Also to leave: of oneself.
    Remove(UserId),
    Role(UserId, Role),
    Set(String, String),
}

/// A message's state, as far as it can be compared: a hash of all that it is, or that it is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Hidden,
    Is(u64),
}

impl State {
    pub fn of(message: &Message) -> Self {
        if message.content == Content::Hidden {
            return Self::Hidden;
        }
        let mut hasher = DefaultHasher::new();
        serde_json::to_string(message).expect("JSON").hash(&mut hasher);
        Self::Is(hasher.finish())
    }
}

/// What a conversation is: who belongs to it, what it is called, what its members may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    pub conversation: ConversationId,
    pub is_group: bool,
    /// In no special order.
    pub members: Vec<UserId>,
    pub name: Option<String>,
    pub roles: Roles,
    pub settings: Settings,
}

impl About {
    /// Lists whose order says nothing are sorted, so that two that are the same are equal.
    pub fn of(known: &Conversation) -> Self {
        let Conversation { id, kind, members, name, roles, settings, closed: _ } = known.clone();
        let (mut members, mut roles) = (members, roles);
        members.sort_unstable();
        roles.admins.sort_unstable();
        let is_group = kind == model::message::ConversationKind::Group;
        Self { conversation: id, is_group, members, name, roles, settings }
    }
}

/// A conversation in a snapshot.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Glance {
    pub head: u64,
    pub read: BTreeMap<UserId, u64>,
}

//! The socket's language: one JSON object per text frame, told apart by `type`.
//!
//! The contract stands in `docs/protocol.md`. Unknown fields are ignored on both sides; a type
//! that the server does not know is answered with `error`, one that the page does not know is
//! passed over.

use crate::{
    error::AppError,
    file::{Attachment, Enclosure},
    friendship::Contact,
    group::Settings,
    group_invitation::GroupInvitation,
    id::{ConversationId, MessageId, UserId},
    mention::Mentions,
    message::{Anchor, Message, PageRequest, Snapshot, Summary},
    prefs::Prefs,
    request::{FriendRequest, Pending},
    time::Timestamp,
    user::User,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// The largest frame a client may send, in bytes.
pub const MAX_FRAME: usize = 64 * 1024;

/// The most frames in one `POST /api/exchange`.
pub const MAX_EXCHANGED: usize = 50;

/// The most messages that one frame asks for by their ids.
pub const MAX_FOUND: usize = 50;

/// How long somebody counts as writing after they were last said to, in milliseconds.
pub const TYPING_MS: u32 = 6000;
/// The least time between two sayings of it, in milliseconds.
pub const TYPING_EVERY_MS: u32 = 2000;

/// Where a message goes: `conversation_id`, or `contact_id` for the direct conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// The direct conversation with this contact.
    #[serde(rename = "contact_id")]
    Contact(UserId),
    /// This conversation.
    #[serde(rename = "conversation_id")]
    Conversation(ConversationId),
}

/// What a device says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientEvent {
    /// The first frame, and the way to catch up after a gap. Answered by `resumed`.
    Resume {
        /// The version up to which the device has every change, per conversation it holds.
        cursors: BTreeMap<ConversationId, u64>,
    },
    /// Answered by `conversation_loaded`.
    LoadConversation {
        /// Which conversation.
        #[serde(flatten)]
        target: Target,
        /// Which part of its history.
        #[serde(flatten)]
        page: PageRequest,
    },
    /// Messages by their ids, wherever they stand: what others quote. Answered by `messages_found`.
    FindMessages {
        /// In which conversation.
        conversation_id: ConversationId,
        /// At most [`MAX_FOUND`].
        ids: Vec<MessageId>,
    },
    /// Answered by `message_acked` or `message_refused`.
    SendPrivateMessage {
        /// Made by the device; the same id again is the same message.
        id: MessageId,
        /// Where to.
        #[serde(flatten)]
        target: Target,
        /// 1 to 4,000 characters; beside files it may be empty.
        body: String,
        /// The files that go with it, at most [`MAX_ATTACHMENTS`](crate::file::MAX_ATTACHMENTS).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<Enclosure>,
        /// The message that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<MessageId>,
    },
    /// Other words in place of one's own. Answered by `message_changed`, like the next three, also
    /// if it is so already, or by `error`.
    EditMessage {
        /// In which conversation.
        conversation_id: ConversationId,
        /// Which message.
        id: MessageId,
        /// 1 to 4,000 characters.
        body: String,
        /// Names this very change with every try. With it the device that asks is answered by `change_acked`
        /// or `message_refused` beside what all are told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<MessageId>,
    },
    /// Erases one's own words; a tombstone stays.
    DeleteMessage {
        /// In which conversation.
        conversation_id: ConversationId,
        /// Which message.
        id: MessageId,
        /// As for an edit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<MessageId>,
    },
    /// Reacts to a message, or no longer.
    React {
        /// In which conversation.
        conversation_id: ConversationId,
        /// Which message.
        id: MessageId,
        /// 1 to 64 bytes.
        emoji: String,
        /// Whether the reaction is to be there.
        on: bool,
        /// As for an edit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<MessageId>,
    },
    /// Pins a message for everybody, or no longer.
    PinMessage {
        /// In which conversation.
        conversation_id: ConversationId,
        /// Which message.
        id: MessageId,
        /// Whether it is to be pinned.
        on: bool,
        /// As for an edit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<MessageId>,
    },
    /// Moves the read cursor; it only ever grows.
    MarkRead {
        /// In which conversation.
        conversation_id: ConversationId,
        /// The newest message that was on the screen.
        seq: u64,
    },
    /// Somebody writes; said at most once in two seconds, and never answered.
    Typing {
        /// Where.
        conversation_id: ConversationId,
    },
}

/// What the server says. Its JSON is made by [`Self::to_json`] and read by [`Self::from_json`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerEvent {
    /// The snapshot, and what was missed.
    Resumed(Snapshot),
    /// Part of a history.
    ConversationLoaded {
        /// Whose.
        conversation_id: ConversationId,
        /// Where, as it was asked for: `before`, `after` or `around`; none of them: these are the newest.
        #[serde(flatten)]
        place: Anchor,
        /// By rising seq.
        messages: Vec<Arc<Message>>,
        /// Whether there are more: after them, where they were asked for so, else before them.
        has_more: bool,
    },
    /// Messages that were asked for by their ids; one that the viewer may not see, or that is not there, has the
    /// kind `hidden`.
    MessagesFound {
        /// Where.
        conversation_id: ConversationId,
        /// In the order in which they were asked for.
        messages: Vec<Arc<Message>>,
    },
    /// The message is durable.
    MessageAcked {
        /// Which.
        id: MessageId,
        /// Where it went.
        conversation_id: ConversationId,
        /// Its place in the history.
        seq: u64,
        /// Its version.
        version: u64,
        /// When it was stored.
        created_at: Timestamp,
        /// Its files, as the server knows them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<Attachment>,
        /// Who is meant by it.
        #[serde(flatten)]
        mentions: Mentions,
    },
    /// The change of a message is durable; the message itself comes as `message_changed`.
    ChangeAcked {
        /// Which, as the device named it.
        id: MessageId,
        /// Where.
        conversation_id: ConversationId,
        /// The message's version since.
        version: u64,
    },
    /// The message, or the change of one, will never be stored as it is.
    MessageRefused {
        /// Which.
        id: MessageId,
        /// Why.
        error: AppError,
    },
    /// A new message; also to the sender's devices.
    NewMessage {
        /// The message.
        message: Arc<Message>,
    },
    /// A message edited, deleted, reacted to or pinned: its whole new state.
    MessageChanged {
        /// The message.
        message: Arc<Message>,
    },
    /// Somebody asks the viewer.
    FriendRequestReceived {
        /// The request.
        request: FriendRequest,
    },
    /// The viewer's waiting requests are these now.
    FriendRequestChanged {
        /// All of them.
        requests: Pending,
    },
    /// The viewer's contacts are these now.
    ContactsUpdated {
        /// All of them.
        contacts: Vec<Contact>,
    },
    /// A conversation is new to the viewer.
    ConversationChanged {
        /// As a list shows it.
        conversation: Summary,
        /// Who is in it, beside the viewer and their contacts.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        users: Vec<User>,
    },
    /// A group has these settings now; its name, members and roles follow from its messages.
    GroupChanged {
        /// Which.
        conversation_id: ConversationId,
        /// All of them.
        settings: Settings,
    },
    /// A conversation's pinned messages, as far as the viewer sees them, are these. That follows from its messages, too;
    /// what does not is said by this alone: that the viewer sees others than before.
    PinsChanged {
        /// Which.
        conversation_id: ConversationId,
        /// In the order in which they were pinned.
        pins: Vec<MessageId>,
        /// The version of the conversation at which it is so; who knows a newer one knows better.
        version: u64,
    },
    /// Somebody asks the viewer into a group.
    Invited {
        /// The invitation.
        invitation: GroupInvitation,
    },
    /// The viewer is asked into a group no more.
    InvitationEnded {
        /// Which.
        conversation_id: ConversationId,
    },
    /// The viewer blocks somebody, or no longer.
    Blocked {
        /// Whom.
        user_id: UserId,
        /// Whether they do.
        on: bool,
    },
    /// What the viewer keeps of a conversation is this now; told to their own devices.
    PrefsChanged {
        /// Of which.
        conversation_id: ConversationId,
        /// All of it.
        prefs: Prefs,
    },
    /// Somebody whom the viewer can name is called otherwise, or is about to be somebody to name.
    UserChanged {
        /// As they are now.
        user: User,
    },
    /// A conversation is gone, with its history.
    ConversationRemoved {
        /// Which.
        conversation_id: ConversationId,
    },
    /// A contact came or went.
    PresenceChanged {
        /// Who.
        user_id: UserId,
        /// Whether they have a device connected.
        online: bool,
        /// When the last one left.
        last_seen: Option<Timestamp>,
    },
    /// Somebody has read further.
    ReadCursorMoved {
        /// Where.
        conversation_id: ConversationId,
        /// Who.
        user_id: UserId,
        /// Up to here.
        seq: u64,
        /// How many messages are left unread; only for the viewer's own cursor.
        #[serde(skip_serializing_if = "Option::is_none")]
        unread: Option<u64>,
    },
    /// Another member writes; it holds for [`TYPING_MS`].
    Typing {
        /// Where.
        conversation_id: ConversationId,
        /// Who.
        user_id: UserId,
    },
    /// A frame could not be understood or obeyed; the socket stays open.
    Error {
        /// Why.
        error: AppError,
    },
    /// The server restarts.
    GoingAway {
        /// Come back after this many milliseconds.
        reconnect_after_ms: u32,
    },
    /// Said every 25 s: a page cannot see pings, and notices by its absence that the connection is
    /// broken.
    Alive {},
    /// From a newer server; passed over.
    #[serde(skip_serializing)]
    Unknown,
}

impl ServerEvent {
    /// The frame for it.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        crate::tagged::encode(self)
    }

    /// Reads a frame. Errors: not an event, or one with fields that it does not have.
    pub fn from_json(frame: &str) -> Result<Self, serde_json::Error> {
        crate::tagged::decode(frame)
    }
}

/// Why the server closes a socket (RFC 6455, 4000 to 4999 are the application's).
pub mod close {
    /// Signed out; do not come back without a log-in.
    pub const SIGNED_OUT: u16 = 4401;
    /// Too slow in reading; come back with `resume`.
    pub const TOO_SLOW: u16 = 4408;
    /// Too many frames; come back later.
    pub const FLOODING: u16 = 4429;
    /// A frame was too large or broke the protocol (RFC 6455, 7.4.1).
    pub const UNREADABLE: u16 = 1009;
    /// The server restarts (RFC 6455, 7.4.1).
    pub const RESTART: u16 = 1001;
}

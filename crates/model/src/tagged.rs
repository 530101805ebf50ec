//! The server's frames: JSON objects that hold an event's name as `type`, beside its fields.
//!
//! serde's `#[serde(tag = "type")]` does the same, but buffers every frame in a tree before it reads it, and
//! derives a reader for each variant: together a third of the page. Here the name is read first, and then the
//! same text again by one reader for the fields of all events.

use crate::{
    error::AppError,
    event::ServerEvent,
    file::Attachment,
    friendship::Contact,
    group::Settings,
    group_invitation::GroupInvitation,
    id::{ConversationId, MessageId, UserId},
    json,
    mention::Mentions,
    message::{Anchor, Message, Summary},
    prefs::Prefs,
    request::{FriendRequest, Pending},
    time::Timestamp,
    user::User,
};
use serde::{Deserialize, Serialize, ser::Error as _};
use serde_json::Error;
use std::sync::Arc;

/// Writes a struct variant or a newtype variant that holds a struct.
pub fn encode<T: Serialize>(event: &T) -> Result<String, Error> {
    // serde's own form is {"name":{fields}}; a name needs no escapes.
    let outer = serde_json::to_string(event)?;
    let inner = outer.strip_prefix("{\"").and_then(|rest| rest.strip_suffix("}}"));
    let Some((name, fields)) = inner.and_then(|inner| inner.split_once("\":{")) else {
        return Err(Error::custom("not a variant with fields"));
    };
    let comma = if fields.is_empty() { "" } else { "," };
    Ok(format!("{{\"type\":\"{name}\"{comma}{fields}}}"))
}

/// Which event it is.
#[derive(Deserialize)]
struct Tag {
    #[serde(rename = "type")]
    name: Name,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Name {
    Resumed,
    ConversationLoaded,
    MessagesFound,
    MessageAcked,
    ChangeAcked,
    MessageRefused,
    NewMessage,
    MessageChanged,
    FriendRequestReceived,
    FriendRequestChanged,
    ContactsUpdated,
    ConversationChanged,
    GroupChanged,
    PinsChanged,
    Invited,
    InvitationEnded,
    Blocked,
    PrefsChanged,
    UserChanged,
    ConversationRemoved,
    PresenceChanged,
    ReadCursorMoved,
    Typing,
    Error,
    GoingAway,
    Alive,
    #[serde(other)]
    Unknown,
}

/// What any event but the snapshot may hold; a field has one type, whichever event it is in.
#[derive(Deserialize)]
struct Fields {
    after: Option<u64>,
    around: Option<u64>,
    before: Option<u64>,
    contacts: Option<Vec<Contact>>,
    conversation: Option<Summary>,
    conversation_id: Option<ConversationId>,
    created_at: Option<Timestamp>,
    error: Option<AppError>,
    has_more: Option<bool>,
    id: Option<MessageId>,
    invitation: Option<GroupInvitation>,
    last_seen: Option<Timestamp>,
    attachments: Option<Vec<Attachment>>,
    mentions: Option<Vec<UserId>>,
    mentions_all: Option<bool>,
    message: Option<Arc<Message>>,
    messages: Option<Vec<Arc<Message>>>,
    on: Option<bool>,
    online: Option<bool>,
    pins: Option<Vec<MessageId>>,
    prefs: Option<Prefs>,
    reconnect_after_ms: Option<u32>,
    request: Option<FriendRequest>,
    requests: Option<Pending>,
    seq: Option<u64>,
    settings: Option<Settings>,
    unread: Option<u64>,
    user: Option<User>,
    user_id: Option<UserId>,
    users: Option<Vec<User>>,
    version: Option<u64>,
}

fn needed<T>(field: Option<T>) -> Result<T, Error> {
    field.ok_or_else(|| serde::de::Error::custom("a field is missing"))
}

/// Reads what [`encode`] wrote; the fields may come in any order, and unknown ones are ignored.
pub fn decode(json: &str) -> Result<ServerEvent, Error> {
    let Tag { name } = json::from_str(json)?;
    // Its fields may be called like others and hold something else.
    if name == Name::Unknown {
        return Ok(ServerEvent::Unknown);
    }
    if name == Name::Resumed {
        return json::from_str(json).map(ServerEvent::Resumed);
    }
    let of: Fields = json::from_str(json)?;
    let conversation_id = || needed(of.conversation_id);
    Ok(match name {
        Name::ConversationLoaded => ServerEvent::ConversationLoaded {
            conversation_id: conversation_id()?,
            place: Anchor { before: of.before, after: of.after, around: of.around },
            messages: needed(of.messages)?,
            has_more: needed(of.has_more)?,
        },
        Name::MessagesFound => {
            ServerEvent::MessagesFound { conversation_id: conversation_id()?, messages: needed(of.messages)? }
        }
        Name::MessageAcked => ServerEvent::MessageAcked {
            id: needed(of.id)?,
            conversation_id: conversation_id()?,
            seq: needed(of.seq)?,
            version: needed(of.version)?,
            created_at: needed(of.created_at)?,
            attachments: of.attachments.unwrap_or_default(),
            mentions: Mentions {
                users: of.mentions.unwrap_or_default(),
                all: of.mentions_all.unwrap_or_default(),
            },
        },
        Name::ChangeAcked => ServerEvent::ChangeAcked {
            id: needed(of.id)?,
            conversation_id: conversation_id()?,
            version: needed(of.version)?,
        },
        Name::MessageRefused => ServerEvent::MessageRefused { id: needed(of.id)?, error: needed(of.error)? },
        Name::NewMessage => ServerEvent::NewMessage { message: needed(of.message)? },
        Name::MessageChanged => ServerEvent::MessageChanged { message: needed(of.message)? },
        Name::FriendRequestReceived => ServerEvent::FriendRequestReceived { request: needed(of.request)? },
        Name::FriendRequestChanged => ServerEvent::FriendRequestChanged { requests: needed(of.requests)? },
        Name::ContactsUpdated => ServerEvent::ContactsUpdated { contacts: needed(of.contacts)? },
        Name::ConversationChanged => ServerEvent::ConversationChanged {
            conversation: needed(of.conversation)?,
            users: of.users.unwrap_or_default(),
        },
        Name::GroupChanged => {
            ServerEvent::GroupChanged { conversation_id: conversation_id()?, settings: needed(of.settings)? }
        }
        Name::PinsChanged => ServerEvent::PinsChanged {
            conversation_id: conversation_id()?,
            pins: needed(of.pins)?,
            version: needed(of.version)?,
        },
        Name::Invited => ServerEvent::Invited { invitation: needed(of.invitation)? },
        Name::InvitationEnded => ServerEvent::InvitationEnded { conversation_id: conversation_id()? },
        Name::Blocked => ServerEvent::Blocked { user_id: needed(of.user_id)?, on: needed(of.on)? },
        Name::PrefsChanged => {
            ServerEvent::PrefsChanged { conversation_id: conversation_id()?, prefs: needed(of.prefs)? }
        }
        Name::UserChanged => ServerEvent::UserChanged { user: needed(of.user)? },
        Name::ConversationRemoved => ServerEvent::ConversationRemoved { conversation_id: conversation_id()? },
        Name::PresenceChanged => ServerEvent::PresenceChanged {
            user_id: needed(of.user_id)?,
            online: needed(of.online)?,
            last_seen: of.last_seen,
        },
        Name::ReadCursorMoved => ServerEvent::ReadCursorMoved {
            conversation_id: conversation_id()?,
            user_id: needed(of.user_id)?,
            seq: needed(of.seq)?,
            unread: of.unread,
        },
        Name::Typing => {
            ServerEvent::Typing { conversation_id: conversation_id()?, user_id: needed(of.user_id)? }
        }
        Name::Error => ServerEvent::Error { error: needed(of.error)? },
        Name::GoingAway => ServerEvent::GoingAway { reconnect_after_ms: needed(of.reconnect_after_ms)? },
        Name::Alive => ServerEvent::Alive {},
        Name::Resumed | Name::Unknown => ServerEvent::Unknown,
    })
}

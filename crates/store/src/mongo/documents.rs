//! How the model's types stand in documents: ids as UUIDs (subtype 4), times as dates, words in
//! lower case.

use super::{
    error::{Failure, damaged},
    file_documents::AttachmentDocument,
};
use crate::{Account, Parting, PasswordHash, SessionRecord};
use model::{
    content::Flat,
    friendship::{Blocks, Friendship, Pair, State},
    id::{ConversationId, FileId, MessageId, RequestId, UserId},
    invitation::InvitationToken,
    media::kinds,
    mention::Mentions,
    message::{Message, MessageKind, Pinned, Reaction},
    time::Timestamp,
    user::{DisplayName, User, Username},
};
use mongodb::bson::{Binary, Bson, DateTime, Document, Uuid, spec::BinarySubtype};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An account in `users`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct AccountDocument {
    #[serde(rename = "_id")]
    pub(super) id: Uuid,
    pub(super) username: String,
    pub(super) username_folded: String,
    /// Every ending of the folded name but the whole name itself, which has an index of its own.
    /// A name contains a term where one of the two begins with it, and a beginning is a range of
    /// an index. Written, not read.
    #[serde(default)]
    pub(super) username_suffixes: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) display_name: Option<String>,
    pub(super) password_hash: String,
    pub(super) created_at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last_seen: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) disabled_at: Option<DateTime>,
}

/// A session in `sessions`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SessionDocument {
    #[serde(rename = "_id")]
    pub(super) id: Binary,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<Uuid>,
    pub(super) data: String,
    pub(super) expires_at: DateTime,
}

/// A pair of people in `friendships`, and their conversation while they are contacts.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FriendshipDocument {
    #[serde(rename = "_id")]
    pub(super) id: Binary,
    /// The smaller id first.
    pub(super) users: [Uuid; 2],
    pub(super) state: String,
    pub(super) requested_by: Uuid,
    pub(super) request_id: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) conversation: Option<Uuid>,
    pub(super) changed_at: DateTime,
    pub(super) rev: i64,
    /// Since when the one with the smaller id blocks the other, and the other way round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) blocked_by_min: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) blocked_by_max: Option<DateTime>,
    /// Conversations that have ended and are not erased yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) erasing: Vec<Uuid>,
}

/// How often sessions were ended before their time, in `session_endings`: one document.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EndingsDocument {
    #[serde(rename = "_id")]
    pub(super) id: String,
    pub(super) count: i64,
}

/// Whom a deletion concerns, in `partings`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PartingDocument {
    #[serde(rename = "_id")]
    pub(super) id: Uuid,
    pub(super) user: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) conversation: Option<Uuid>,
}

/// A message in its newest state, in `messages`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct MessageDocument {
    pub(super) conversation: Uuid,
    pub(super) version: i64,
    /// The versions that this message has, and lately had: no other takes them.
    #[serde(default)]
    pub(super) taken: Vec<i64>,
    pub(super) seq: i64,
    pub(super) id: Uuid,
    pub(super) sender: Uuid,
    pub(super) kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<Uuid>,
    pub(super) body: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) attachments: Vec<AttachmentDocument>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reply_to: Option<Uuid>,
    pub(super) created_at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) edited_at: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) deleted_at: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) reactions: Vec<ReactionDocument>,
    /// Who has pinned it, and when: both or neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) pinned_by: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) pinned_at: Option<DateTime>,
    /// Whom it means; the nil id is everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) mentions: Vec<Uuid>,
    /// What it holds besides words, by the names of the kinds. Written, not read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) holds: Vec<String>,
    /// The conversation once more, where this message says who belongs to the group from here on;
    /// the newest such message is the one that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) group: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) members: Vec<MemberDocument>,
    /// What the group is called, and what is set for it, from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) group_name: Option<String>,
    #[serde(default, skip_serializing_if = "Document::is_empty")]
    pub(super) group_settings: Document,
}

/// One emoji under a message; a value, never a key.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ReactionDocument {
    pub(super) emoji: String,
    pub(super) users: Vec<Uuid>,
}

/// A member of a group, and the seq of the message that says that they joined.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct MemberDocument {
    pub(super) user: Uuid,
    pub(super) since: i64,
    /// What they may do; absent of those who are members only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<String>,
}

/// How far a member has read, in `read_cursors`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CursorDocument {
    pub(super) conversation: Uuid,
    pub(super) user: Uuid,
    pub(super) seq: i64,
}

/// A value of the model on its way into a document. The model knows nothing of BSON.
pub(super) trait Stored: Sized {
    /// As a field of a typed document holds it.
    type Field: Into<Bson>;

    fn field(self) -> Self::Field;

    fn of(field: Self::Field) -> Self;

    /// As `doc!` takes it.
    fn bson(self) -> Bson {
        self.field().into()
    }
}

macro_rules! stored_id {
    ($($id:ident)*) => { $(
        impl Stored for $id {
            type Field = Uuid;

            fn field(self) -> Uuid {
                Uuid::from_bytes(self.0.into_bytes())
            }

            fn of(field: Uuid) -> Self {
                Self(uuid::Uuid::from_bytes(field.bytes()))
            }
        }
    )* };
}

stored_id!(UserId RequestId ConversationId MessageId FileId InvitationToken);

impl Stored for Timestamp {
    type Field = DateTime;

    fn field(self) -> DateTime {
        DateTime::from_millis(self.0)
    }

    fn of(field: DateTime) -> Self {
        Self(field.timestamp_millis())
    }
}

/// A version, seq, revision or limit. The database's numbers end at 2^63 - 1, far above any that
/// can be reached; a larger one, which only a client can have made up, means the same as that.
pub(super) fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// One more than `limit`: the document that tells whether there are more.
pub(super) fn one_more(limit: usize) -> i64 {
    number((limit as u64).saturating_add(1))
}

/// The key of a session.
pub(super) fn session_key(id: i128) -> Binary {
    Binary { subtype: BinarySubtype::Generic, bytes: id.to_be_bytes().to_vec() }
}

/// The key of a pair: both ids, the smaller one first.
pub(super) fn pair_key(pair: Pair) -> Binary {
    let bytes = [pair.min.0.into_bytes(), pair.max.0.into_bytes()].concat();
    Binary { subtype: BinarySubtype::Generic, bytes }
}

/// The word of a state.
pub(super) fn state_word(state: State) -> &'static str {
    match state {
        State::Requested => "requested",
        State::Contacts => "contacts",
        State::Rejected => "rejected",
        State::Withdrawn => "withdrawn",
        State::Ended => "ended",
    }
}

fn state_of(word: &str) -> Result<State, Failure> {
    let all = [State::Requested, State::Contacts, State::Rejected, State::Withdrawn, State::Ended];
    all.into_iter()
        .find(|state| state_word(*state) == word)
        .ok_or_else(|| damaged(format_args!("{word:?} is no state")))
}

pub(super) fn number_of(stored: i64) -> Result<u64, Failure> {
    u64::try_from(stored).map_err(damaged)
}

impl AccountDocument {
    pub(super) fn user(self) -> Result<User, Failure> {
        Ok(User {
            id: Stored::of(self.id),
            username: Username::parse(&self.username).map_err(damaged)?,
            display_name: self.display_name.map(DisplayName::from),
        })
    }

    pub(super) fn account(self) -> Result<Account, Failure> {
        let password_hash = PasswordHash(self.password_hash.clone());
        let created_at = Stored::of(self.created_at);
        let last_seen = self.last_seen.map(Timestamp::of);
        let disabled_at = self.disabled_at.map(Timestamp::of);
        Ok(Account { user: self.user()?, password_hash, created_at, last_seen, disabled_at })
    }
}

impl From<&SessionRecord> for SessionDocument {
    fn from(session: &SessionRecord) -> Self {
        Self {
            id: session_key(session.id),
            user: session.user.map(Stored::field),
            data: session.data.clone(),
            expires_at: session.expires_at.field(),
        }
    }
}

impl SessionDocument {
    pub(super) fn record(self) -> Result<SessionRecord, Failure> {
        let id = <[u8; 16]>::try_from(self.id.bytes).map_err(|_| damaged("a session's key"))?;
        Ok(SessionRecord {
            id: i128::from_be_bytes(id),
            user: self.user.map(UserId::of),
            data: self.data,
            expires_at: Stored::of(self.expires_at),
        })
    }
}

impl From<&Friendship> for FriendshipDocument {
    fn from(record: &Friendship) -> Self {
        Self {
            id: pair_key(record.pair),
            users: [record.pair.min.field(), record.pair.max.field()],
            state: state_word(record.state).into(),
            requested_by: record.requested_by.field(),
            request_id: record.request_id.field(),
            conversation: record.conversation.map(Stored::field),
            changed_at: record.changed_at.field(),
            rev: number(record.rev),
            blocked_by_min: record.blocks.by_min.map(Stored::field),
            blocked_by_max: record.blocks.by_max.map(Stored::field),
            erasing: Vec::new(),
        }
    }
}

impl FriendshipDocument {
    pub(super) fn record(self) -> Result<Friendship, Failure> {
        let [min, max] = self.users.map(UserId::of);
        Ok(Friendship {
            pair: Pair { min, max },
            state: state_of(&self.state)?,
            requested_by: Stored::of(self.requested_by),
            request_id: Stored::of(self.request_id),
            conversation: self.conversation.map(ConversationId::of),
            changed_at: Stored::of(self.changed_at),
            blocks: Blocks {
                by_min: self.blocked_by_min.map(Timestamp::of),
                by_max: self.blocked_by_max.map(Timestamp::of),
            },
            rev: number_of(self.rev)?,
        })
    }
}

/// The word of a kind.
fn kind_word(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Text => "text",
        MessageKind::Created => "created",
        MessageKind::Joined => "joined",
        MessageKind::Left => "left",
        MessageKind::Renamed => "renamed",
        MessageKind::Role => "role",
        MessageKind::Settings => "settings",
        MessageKind::Hidden => "hidden",
        MessageKind::Unknown => "unknown",
    }
}

fn kind_of(word: &str) -> MessageKind {
    use MessageKind::{Created, Joined, Left, Renamed, Role, Settings, Text, Unknown};
    let all = [Text, Created, Joined, Left, Renamed, Role, Settings];
    // A word that only a newer program knows is what `Unknown` is for.
    all.into_iter().find(|kind| kind_word(*kind) == word).unwrap_or(Unknown)
}

impl From<Parting> for PartingDocument {
    fn from(parting: Parting) -> Self {
        Self {
            id: Uuid::from_bytes(parting.id.into_bytes()),
            user: parting.user.field(),
            conversation: parting.conversation.map(Stored::field),
        }
    }
}

impl From<PartingDocument> for Parting {
    fn from(document: PartingDocument) -> Self {
        Self {
            id: uuid::Uuid::from_bytes(document.id.bytes()),
            user: Stored::of(document.user),
            conversation: document.conversation.map(ConversationId::of),
        }
    }
}

impl From<&Message> for MessageDocument {
    fn from(message: &Message) -> Self {
        let reaction = |reaction: &Reaction| ReactionDocument {
            emoji: reaction.emoji.clone(),
            users: reaction.users.iter().copied().map(Stored::field).collect(),
        };
        let Flat { kind, subject, body, attachments, edited_at, deleted_at } = message.content.flat();
        Self {
            conversation: message.conversation_id.field(),
            version: number(message.version),
            taken: vec![number(message.version)],
            seq: number(message.seq),
            id: message.id.field(),
            sender: message.sender.field(),
            kind: kind_word(kind).into(),
            subject: subject.map(Stored::field),
            body: body.to_owned(),
            attachments: attachments.iter().map(AttachmentDocument::from).collect(),
            reply_to: message.reply_to.map(Stored::field),
            created_at: message.created_at.field(),
            edited_at: edited_at.map(Stored::field),
            deleted_at: deleted_at.map(Stored::field),
            reactions: message.reactions.iter().map(reaction).collect(),
            pinned_by: message.pinned.map(|pinned| pinned.by.field()),
            pinned_at: message.pinned.map(|pinned| pinned.at.field()),
            mentions: message.mentions.stored().into_iter().map(Stored::field).collect(),
            holds: kinds(&message.content).into_iter().map(|kind| kind.word().to_owned()).collect(),
            group: None,
            members: Vec::new(),
            group_name: None,
            group_settings: Document::new(),
        }
    }
}

impl MessageDocument {
    pub(super) fn message(self) -> Result<Arc<Message>, Failure> {
        let reaction = |reaction: ReactionDocument| Reaction {
            emoji: reaction.emoji,
            users: reaction.users.into_iter().map(UserId::of).collect(),
        };
        let attachments = self.attachments.into_iter().map(AttachmentDocument::attachment);
        let content = Flat {
            kind: kind_of(&self.kind),
            subject: self.subject.map(UserId::of),
            body: self.body,
            attachments: attachments.collect::<Result<Vec<_>, _>>()?,
            edited_at: self.edited_at.map(Timestamp::of),
            deleted_at: self.deleted_at.map(Timestamp::of),
        };
        Ok(Arc::new(Message {
            id: Stored::of(self.id),
            conversation_id: Stored::of(self.conversation),
            seq: number_of(self.seq)?,
            version: number_of(self.version)?,
            sender: Stored::of(self.sender),
            content: content.into(),
            reply_to: self.reply_to.map(MessageId::of),
            created_at: Stored::of(self.created_at),
            reactions: self.reactions.into_iter().map(reaction).collect(),
            pinned: self
                .pinned_by
                .zip(self.pinned_at)
                .map(|(by, at)| Pinned { by: Stored::of(by), at: Stored::of(at) }),
            mentions: Mentions::of_stored(self.mentions.into_iter().map(UserId::of).collect()),
        }))
    }
}

impl CursorDocument {
    pub(super) fn position(self) -> Result<(UserId, u64), Failure> {
        Ok((Stored::of(self.user), number_of(self.seq)?))
    }
}

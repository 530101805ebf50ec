//! Conversations and messages, as they are stored, sent and shown.

use crate::{
    content::{Content, Flat},
    error::{AppError, ErrorCode},
    file::Attachment,
    group::{Act, Roles, Settings, may, shows_history},
    id::{ConversationId, MessageId, UserId},
    mention::Mentions,
    prefs::Prefs,
    text::{can_be_seen, in_lines},
    time::Timestamp,
    user::User,
};
use serde::{
    Deserialize, Serialize,
    ser::{SerializeStruct, Serializer},
};

use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

/// Messages in a page of history, unless asked otherwise.
pub const PAGE: usize = 50;
/// The most messages that one page may hold.
pub const MAX_PAGE: usize = 100;
/// Where counting unread messages stops; more is shown as "99+".
pub const MAX_UNREAD: u64 = 100;
/// The most members of a group.
pub const MAX_MEMBERS: usize = 1000;
/// So many groups one person is in at most: contacts let them in unasked, and every device holds all of them.
pub const MAX_GROUPS: u64 = 1000;

pub use crate::content::MessageKind;

/// A set of versioned messages among its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Names it in URLs and frames.
    pub id: ConversationId,
    /// Two people, or a group.
    pub kind: ConversationKind,
    /// Everyone in it; in a group in the order in which they joined.
    pub members: Vec<UserId>,
    /// What a group is called, if it is.
    pub name: Option<String>,
    /// Who of a group is more than a member.
    pub roles: Roles,
    /// What is set for all members of a group.
    pub settings: Settings,
    /// Whether nobody writes in a direct one, because one of the two blocks the other. Known to servers alone: who
    /// is blocked is not told.
    #[serde(skip)]
    pub closed: bool,
}

impl Conversation {
    /// One without a name, with nothing set; a group belongs to its first member.
    pub fn new(id: ConversationId, kind: ConversationKind, members: Vec<UserId>) -> Self {
        let roles = match kind {
            ConversationKind::Direct => Roles::default(),
            ConversationKind::Group => Roles::default().settled(&members),
        };
        Self { id, kind, members, name: None, roles, settings: Settings::new(), closed: false }
    }

    /// Whether a member may write in it.
    pub fn lets_write(&self, member: UserId) -> bool {
        self.lets(member, Act::Write)
    }

    /// Whether a member may pin messages in it.
    pub fn lets_pin(&self, member: UserId) -> bool {
        self.lets(member, Act::Pin)
    }

    /// Whether somebody is a member of a group who may let people in.
    pub fn lets_add(&self, member: UserId) -> bool {
        self.kind == ConversationKind::Group && self.members.contains(&member) && self.lets(member, Act::Add)
    }

    /// Whether a member may mention everybody at once.
    pub fn lets_mention_all(&self, member: UserId) -> bool {
        self.kind == ConversationKind::Group && self.lets(member, Act::MentionAll)
    }

    /// Whether a member may do what the table of groups says who may, and both of a direct one.
    fn lets(&self, member: UserId, act: Act) -> bool {
        self.kind == ConversationKind::Direct || may(self.roles.of(member), act, &self.settings)
    }

    /// Whether members see nothing of what was there before they joined.
    pub fn hides_history(&self) -> bool {
        self.kind == ConversationKind::Group && !shows_history(&self.settings)
    }
}

/// Two people, or a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// Two contacts; exists exactly as long as they are.
    Direct,
    /// A room with a name.
    Group,
}

/// A message in its newest state.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "FlatMessage")]
pub struct Message {
    /// Made by the sender's device.
    pub id: MessageId,
    /// Where it belongs.
    pub conversation_id: ConversationId,
    /// Its place in the history: the conversation's counter when it was created. Rising, not
    /// gapless, never changed.
    pub seq: u64,
    /// The conversation's counter at its last change.
    pub version: u64,
    /// Who wrote it, or did what it notes.
    pub sender: UserId,
    /// What it says or stands for.
    pub content: Content,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// When the server stored it.
    pub created_at: Timestamp,
    /// How people reacted, in the order in which each emoji first came.
    pub reactions: Vec<Reaction>,
    /// Who has pinned it for everybody, while it is.
    pub pinned: Option<Pinned>,
    /// Who is meant by it.
    pub mentions: Mentions,
}

impl Message {
    /// A message that has just got its place.
    pub fn new(
        id: MessageId,
        conversation_id: ConversationId,
        seq: u64,
        sender: UserId,
        content: Content,
        created_at: Timestamp,
    ) -> Self {
        Self {
            id,
            conversation_id,
            seq,
            version: seq,
            sender,
            content,
            reply_to: None,
            created_at,
            reactions: Vec::new(),
            pinned: None,
            mentions: Mentions::default(),
        }
    }

    /// Whether somebody else means this user by it.
    pub fn means(&self, user: UserId) -> bool {
        self.sender != user && self.mentions.has(user)
    }

    /// As it is told to a member who does not see it: that there was a change with this version at this place, and
    /// nothing else. Its id would tell when it was sent.
    pub fn hidden(&self) -> Self {
        Self {
            seq: self.seq,
            version: self.version,
            ..Self::nothing(MessageId(Uuid::nil()), self.conversation_id)
        }
    }

    /// What is told of a message that is not there.
    pub fn nothing(id: MessageId, conversation: ConversationId) -> Self {
        Self::new(id, conversation, 0, UserId(Uuid::nil()), Content::Hidden, Timestamp(0))
    }
}

/// A message on the wire, its content in fields beside the others, which leave out what they do not
/// have.
#[derive(Deserialize)]
struct FlatMessage {
    id: MessageId,
    conversation_id: ConversationId,
    seq: u64,
    version: u64,
    sender: UserId,
    kind: MessageKind,
    #[serde(default)]
    subject: Option<UserId>,
    body: String,
    #[serde(default)]
    attachments: Vec<Attachment>,
    #[serde(default)]
    reply_to: Option<MessageId>,
    created_at: Timestamp,
    #[serde(default)]
    edited_at: Option<Timestamp>,
    #[serde(default)]
    deleted_at: Option<Timestamp>,
    #[serde(default)]
    reactions: Vec<Reaction>,
    #[serde(default)]
    pinned: Option<Pinned>,
    #[serde(default)]
    mentions: Vec<UserId>,
    #[serde(default)]
    mentions_all: bool,
}

impl From<FlatMessage> for Message {
    fn from(flat: FlatMessage) -> Self {
        let FlatMessage {
            id,
            conversation_id,
            seq,
            version,
            sender,
            reply_to,
            created_at,
            reactions,
            pinned,
            ..
        } = flat;
        let FlatMessage { kind, subject, body, attachments, edited_at, deleted_at, .. } = flat;
        let mentions = Mentions { users: flat.mentions, all: flat.mentions_all };
        let content = Flat { kind, subject, body, attachments, edited_at, deleted_at }.into();
        Self {
            id,
            conversation_id,
            seq,
            version,
            sender,
            content,
            reply_to,
            created_at,
            reactions,
            pinned,
            mentions,
        }
    }
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Flat { kind, subject, body, attachments, edited_at, deleted_at } = self.content.flat();
        let mut message = serializer.serialize_struct("Message", 17)?;
        message.serialize_field("id", &self.id)?;
        message.serialize_field("conversation_id", &self.conversation_id)?;
        message.serialize_field("seq", &self.seq)?;
        message.serialize_field("version", &self.version)?;
        message.serialize_field("sender", &self.sender)?;
        message.serialize_field("kind", &kind)?;
        optional(&mut message, "subject", &subject)?;
        message.serialize_field("body", body)?;
        if !attachments.is_empty() {
            message.serialize_field("attachments", attachments)?;
        }
        optional(&mut message, "reply_to", &self.reply_to)?;
        message.serialize_field("created_at", &self.created_at)?;
        optional(&mut message, "edited_at", &edited_at)?;
        optional(&mut message, "deleted_at", &deleted_at)?;
        if !self.reactions.is_empty() {
            message.serialize_field("reactions", &self.reactions)?;
        }
        optional(&mut message, "pinned", &self.pinned)?;
        let Mentions { users, all } = &self.mentions;
        if !users.is_empty() {
            message.serialize_field("mentions", users)?;
        }
        optional(&mut message, "mentions_all", &all.then_some(true))?;
        message.end()
    }
}

fn optional<S: SerializeStruct, T: Serialize>(
    message: &mut S,
    name: &'static str,
    value: &Option<T>,
) -> Result<(), S::Error> {
    value.as_ref().map_or(Ok(()), |value| message.serialize_field(name, value))
}

/// One emoji under a message, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// The emoji: any short text, see [`Emoji`](crate::change::Emoji).
    pub emoji: String,
    /// Everyone who reacted so, in the order in which they did; never empty.
    pub users: Vec<UserId>,
}

/// Who has pinned a message, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pinned {
    /// Who.
    pub by: UserId,
    /// When; of two in one conversation the later one is later.
    pub at: Timestamp,
}

/// The text of a message: 1 to 4,000 characters with something to see among them, line ends as `\n`, no
/// other control characters but tabs, no blank lines or spaces around it. Beside files it may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageBody(String);

impl MessageBody {
    /// The longest message, in characters (Unicode scalar values).
    pub const MAX: usize = 4000;

    /// Errors: `invalid_message`.
    pub fn parse(text: &str) -> Result<Self, AppError> {
        let text = in_lines(text);
        match text.chars().count() {
            _ if !can_be_seen(&text) => Err(Self::empty()),
            0..=Self::MAX => Ok(Self(text)),
            length => Err(Self::refused(format!(
                "A message has at most {} characters; this one has {length}. Send it in parts.",
                Self::MAX
            ))),
        }
    }

    /// What is said beside files: the same, and empty where there is nothing to see. Errors: `invalid_message`, it is
    /// too long.
    pub fn beside_files(text: &str) -> Result<Self, AppError> {
        if can_be_seen(text) { Self::parse(text) } else { Ok(Self(String::new())) }
    }

    /// What is said without files. Errors: `invalid_message`, it is empty.
    pub(crate) fn without_files(&self) -> Result<&Self, AppError> {
        if self.0.is_empty() { Err(Self::empty()) } else { Ok(self) }
    }

    fn empty() -> AppError {
        Self::refused("A message needs some text.".into())
    }

    fn refused(why: String) -> AppError {
        AppError::new(ErrorCode::InvalidMessage, why).on("body")
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<MessageBody> for String {
    fn from(body: MessageBody) -> Self {
        body.0
    }
}

/// A conversation as a list shows it and a device begins with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "FlatSummary", into = "FlatSummary")]
pub struct Summary {
    /// The conversation itself; beside the rest on the wire.
    pub conversation: Conversation,
    /// The counter now: the version of its newest change, 0 if there was none.
    pub head: u64,
    /// How far each member has read, by seq; whoever is missing has read nothing. What was there
    /// before somebody joined counts as read by them.
    pub read: BTreeMap<UserId, u64>,
    /// Other people's messages after the viewer's cursor, counted up to [`MAX_UNREAD`].
    pub unread: u64,
    /// The newest message.
    pub last_message: Option<Arc<Message>>,
    /// The pinned messages that the viewer sees, in the order in which they were pinned.
    pub pins: Vec<MessageId>,
    /// The seqs of the first [`MAX_UNREAD`] unread messages by which the viewer is meant, rising.
    pub mentions: Vec<u64>,
    /// What the viewer keeps of it, out of the archive if the newest message has brought it back.
    pub prefs: Prefs,
}

impl Summary {
    /// For how much it stands in what the viewer has not read, see [`Prefs::calls`].
    pub fn calls(&self, now: Timestamp) -> u64 {
        self.prefs.calls((self.unread, self.mentions.len() as u64), self.last_message.as_deref(), now)
    }
}

/// A summary on the wire. Written out, because what `#[serde(flatten)]` does for it would weigh
/// more in the page than all events.
#[derive(Serialize, Deserialize)]
struct FlatSummary {
    id: ConversationId,
    kind: ConversationKind,
    members: Vec<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Roles::is_empty")]
    roles: Roles,
    #[serde(default, skip_serializing_if = "Settings::is_empty")]
    settings: Settings,
    head: u64,
    read: BTreeMap<UserId, u64>,
    unread: u64,
    last_message: Option<Arc<Message>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pins: Vec<MessageId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mentions: Vec<u64>,
    #[serde(default, skip_serializing_if = "Prefs::is_empty")]
    prefs: Prefs,
}

impl From<FlatSummary> for Summary {
    fn from(flat: FlatSummary) -> Self {
        let FlatSummary { id, kind, members, name, roles, settings, .. } = flat;
        let FlatSummary { head, read, unread, last_message, pins, mentions, prefs, .. } = flat;
        let conversation = Conversation { id, kind, members, name, roles, settings, closed: false };
        Self { conversation, head, read, unread, last_message, pins, mentions, prefs }
    }
}

impl From<Summary> for FlatSummary {
    fn from(summary: Summary) -> Self {
        let Summary { conversation, head, read, unread, last_message, pins, mentions, prefs } = summary;
        let Conversation { id, kind, members, name, roles, settings, closed: _ } = conversation;
        Self {
            id,
            kind,
            members,
            name,
            roles,
            settings,
            head,
            read,
            unread,
            last_message,
            pins,
            mentions,
            prefs,
        }
    }
}

/// Part of a history, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Messages by rising seq.
    pub messages: Vec<Arc<Message>>,
    /// Whether there are more on the far side of the page; of one around a seq, before it.
    pub has_more: bool,
}

impl Page {
    /// The seq of its first message of a moment or later, or of the last one; `None`: it is empty.
    pub fn first_since(&self, moment: Timestamp) -> Option<u64> {
        let first = self.messages.iter().find(|message| message.created_at >= moment);
        first.or(self.messages.last()).map(|message| message.seq)
    }
}

/// Which part of a history is asked for: the newest, or what lies next to a seq.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest {
    /// Only messages with a smaller seq, the nearest ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// Only messages with a larger seq, the nearest ones; ignored beside `before`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// The message with this seq, or the next one, with those before and after it; beside `before` and `after` ignored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub around: Option<u64>,
    /// The first message of this moment or later, or the last one, with those before and after it; beside one of the
    /// others ignored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_time: Option<Timestamp>,
    /// How many at most, 1 to [`MAX_PAGE`]; [`PAGE`] if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

impl PageRequest {
    /// The number of messages to return, within bounds.
    pub fn size(&self) -> usize {
        self.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE)
    }
}

/// In a group of more members than these nobody but the author of what was read last is told who has read what: a
/// thousand members who read a message would cost a million frames. Others ask for it. Part of the protocol.
pub const MOST_READERS: usize = 50;

/// How many of those to whom a message was written have read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readers {
    /// So many have.
    pub read: usize,
    /// Of so many: everybody in the conversation but the author.
    pub of: usize,
}

impl Readers {
    /// Of a message, where everybody in the conversation has read as far as `read` says.
    pub fn count(conversation: &Conversation, message: &Message, read: &BTreeMap<UserId, u64>) -> Self {
        let others = || conversation.members.iter().filter(|member| **member != message.sender);
        let has_read = |member: &&UserId| read.get(member).is_some_and(|seq| *seq >= message.seq);
        Self { read: others().filter(has_read).count(), of: others().count() }
    }
}

/// Where a page of a history lies, by seqs: at its end, unless one of these says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Anchor {
    /// Right before this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// Right after this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// On both sides of this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub around: Option<u64>,
}

impl Anchor {
    /// The page before a seq; the newest, if there is none.
    pub fn before(seq: impl Into<Option<u64>>) -> Self {
        Self { before: seq.into(), ..Self::default() }
    }

    /// The page after a seq.
    pub fn after(seq: u64) -> Self {
        Self { after: Some(seq), ..Self::default() }
    }

    /// The page around a seq.
    pub fn around(seq: u64) -> Self {
        Self { around: Some(seq), ..Self::default() }
    }
}

impl From<Anchor> for PageRequest {
    fn from(Anchor { before, after, around }: Anchor) -> Self {
        Self { before, after, around, ..Self::default() }
    }
}

impl From<PageRequest> for Anchor {
    fn from(PageRequest { before, after, around, .. }: PageRequest) -> Self {
        Self { before, after, around }
    }
}

/// The small things that a device needs to begin or to go on: the answer to `resume`, and what
/// the server renders the first page from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The viewer.
    pub me: User,
    /// All contacts with their presence.
    pub contacts: Vec<crate::friendship::Contact>,
    /// All requests that wait.
    pub requests: crate::request::Pending,
    /// Groups that the viewer is asked into, the newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invitations: Vec<crate::group_invitation::GroupInvitation>,
    /// Whom the viewer blocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocked: Vec<UserId>,
    /// Whom else the device must be able to name: members of groups, authors of what it is told here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<User>,
    /// All conversations.
    pub conversations: Vec<Summary>,
    /// Every message changed after the cursors that the device named, in its newest state, by
    /// rising version within each conversation.
    pub missed: Vec<Arc<Message>>,
    /// Conversations in which more was missed than `missed` may hold: the device forgets what it
    /// has of them and loads their newest page.
    pub stale: Vec<ConversationId>,
}

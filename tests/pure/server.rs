//! A server small enough to be right at a glance: what the devices must end up with.

use serde_json::json;
use sotto::{
    auth::model::{User, Username},
    chat::{
        event::ServerEvent,
        model::{Conversation, ConversationKind, MAX_UNREAD, Message, MessageKind, Snapshot, Summary},
    },
    id::{ConversationId, MessageId, UserId},
    requests::model::Pending,
    time::Timestamp,
};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

/// The viewer; the other people are 2 and 3.
pub const ME: UserId = UserId(Uuid::from_u128(1));
/// Small, so that short histories have several pages.
pub const PAGE: usize = 3;
/// Small, so that short absences make a conversation stale.
pub const MAX_MISSED: usize = 4;

pub fn person(number: u128) -> UserId {
    UserId(Uuid::from_u128(number))
}

pub fn talk_id(number: usize) -> ConversationId {
    ConversationId(Uuid::from_u128(100 + number as u128))
}

/// What can happen on the server; `talk` and `pick` are taken modulo what there is.
#[derive(Clone, Debug)]
pub enum Change {
    Send { talk: usize, by: u128 },
    Edit { talk: usize, pick: usize },
    Delete { talk: usize, pick: usize },
    Read { talk: usize, by: u128, pick: usize },
    Begin,
}

/// One conversation.
#[derive(Clone, Debug)]
pub struct Talk {
    pub conversation: Conversation,
    pub messages: BTreeMap<u64, Arc<Message>>,
    pub head: u64,
    pub read: BTreeMap<UserId, u64>,
}

/// All conversations of the viewer.
#[derive(Clone, Debug, Default)]
pub struct Server {
    pub talks: Vec<Talk>,
    /// Counts everything that happened: a clock, and a source of message ids.
    moments: i64,
}

impl Server {
    pub fn new() -> Self {
        let mut server = Self::default();
        server.make(&Change::Begin);
        server.make(&Change::Begin);
        server
    }

    /// Makes a change; returns what the viewer is told about it.
    pub fn make(&mut self, change: &Change) -> Option<ServerEvent> {
        self.moments += 1;
        let (number, now) = (self.moments as u128, Timestamp(self.moments * 1000));
        let count = self.talks.len();
        match *change {
            Change::Begin => {
                let members = vec![ME, person(2), person(3)];
                let conversation =
                    Conversation { id: talk_id(count), kind: ConversationKind::Group, members };
                let (messages, read) = (BTreeMap::new(), BTreeMap::new());
                self.talks.push(Talk { conversation, messages, head: 0, read });
                Some(ServerEvent::ConversationChanged { conversation: self.talks[count].summary() })
            }
            Change::Send { talk, by } => {
                let message =
                    self.talks[talk % count].append(MessageId(Uuid::from_u128(number)), person(by), now);
                Some(ServerEvent::NewMessage { message })
            }
            Change::Edit { talk, pick } => self.talks[talk % count].change(pick, |message| {
                message.body = format!("edited {number}");
                message.edited_at = Some(now);
            }),
            Change::Delete { talk, pick } => self.talks[talk % count].change(pick, |message| {
                message.body.clear();
                message.deleted_at = Some(now);
            }),
            Change::Read { talk, by, pick } => self.talks[talk % count].mark_read(person(by), pick),
        }
    }

    /// Stores what a device sends, the same id only once; returns the acknowledgement.
    pub fn accept(&mut self, conversation: ConversationId, id: MessageId) -> ServerEvent {
        self.moments += 1;
        let now = Timestamp(self.moments * 1000);
        let talk = self.talks.iter_mut().find(|talk| talk.conversation.id == conversation).expect("a talk");
        let stored = talk.messages.values().find(|message| message.id == id).cloned();
        acked(&stored.unwrap_or_else(|| talk.append(id, ME, now)))
    }

    pub fn snapshot(&self, cursors: &BTreeMap<ConversationId, u64>) -> Snapshot {
        let (mut missed, mut stale) = (Vec::new(), Vec::new());
        for talk in &self.talks {
            let Some(cursor) = cursors.get(&talk.conversation.id) else { continue };
            let mut changes: Vec<_> =
                talk.messages.values().filter(|m| m.version > *cursor).cloned().collect();
            changes.sort_unstable_by_key(|message| message.version);
            match changes.len() {
                0..=MAX_MISSED => missed.extend(changes),
                _ => stale.push(talk.conversation.id),
            }
        }
        let me =
            User { id: ME, username: Username::parse("viewer").expect("a valid name"), display_name: None };
        let conversations = self.talks.iter().map(Talk::summary).collect();
        Snapshot { me, contacts: vec![], requests: Pending::default(), conversations, missed, stale }
    }

    /// A page of history, as JSON, so that the frame may hold more than this version reads.
    pub fn page(&self, conversation: ConversationId, before: Option<u64>) -> Option<ServerEvent> {
        let talk = self.talks.iter().find(|talk| talk.conversation.id == conversation)?;
        let older = talk.messages.range(..before.unwrap_or(u64::MAX));
        let mut messages: Vec<_> = older.rev().take(PAGE + 1).map(|(_, message)| message).collect();
        let has_more = messages.len() > PAGE;
        messages.truncate(PAGE);
        messages.reverse();
        let page = json!({
            "type": "conversation_loaded", "conversation_id": conversation, "before": before,
            "messages": messages, "has_more": has_more,
        });
        Some(ServerEvent::from_json(&page.to_string()).expect("a page"))
    }
}

impl Talk {
    fn append(&mut self, id: MessageId, sender: UserId, created_at: Timestamp) -> Arc<Message> {
        self.head += 1;
        let message = Arc::new(Message {
            id,
            conversation_id: self.conversation.id,
            seq: self.head,
            version: self.head,
            sender,
            kind: MessageKind::Text,
            body: format!("body of {id}"),
            reply_to: None,
            created_at,
            edited_at: None,
            deleted_at: None,
        });
        self.messages.insert(message.seq, message.clone());
        message
    }

    /// A deleted message is never changed again.
    fn change(&mut self, pick: usize, how: impl FnOnce(&mut Message)) -> Option<ServerEvent> {
        let living: Vec<_> = self.messages.values().filter(|m| m.deleted_at.is_none()).cloned().collect();
        let mut message = Message::clone(living.get(pick.checked_rem(living.len())?)?);
        self.head += 1;
        message.version = self.head;
        how(&mut message);
        let message = Arc::new(message);
        self.messages.insert(message.seq, message.clone());
        Some(ServerEvent::MessageChanged { message })
    }

    fn mark_read(&mut self, by: UserId, pick: usize) -> Option<ServerEvent> {
        let seqs: Vec<_> = self.messages.keys().copied().collect();
        let seq = seqs[pick.checked_rem(seqs.len())?];
        if self.read.get(&by).is_some_and(|read| *read >= seq) {
            return None;
        }
        self.read.insert(by, seq);
        let unread = (by == ME).then(|| self.unread());
        Some(ServerEvent::ReadCursorMoved { conversation_id: self.conversation.id, user_id: by, seq, unread })
    }

    pub fn unread(&self) -> u64 {
        let read = self.read.get(&ME).copied().unwrap_or_default();
        let others =
            self.messages.range(read + 1..).filter(|(_, m)| m.sender != ME && m.deleted_at.is_none());
        (others.count() as u64).min(MAX_UNREAD)
    }

    pub fn summary(&self) -> Summary {
        Summary {
            conversation: self.conversation.clone(),
            head: self.head,
            read: self.read.clone(),
            unread: self.unread(),
            last_message: self.messages.values().next_back().cloned(),
        }
    }
}

pub fn acked(message: &Message) -> ServerEvent {
    ServerEvent::MessageAcked {
        id: message.id,
        conversation_id: message.conversation_id,
        seq: message.seq,
        version: message.version,
        created_at: message.created_at,
    }
}

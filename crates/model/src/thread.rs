//! One conversation on a device: the part of its history that is held, what waits to be sent, and
//! what is unread. Changed by the reducer (`state`) alone.

use crate::{
    content::{Content, System},
    error::AppError,
    id::{MessageId, UserId},
    message::{Conversation, MAX_UNREAD, Message, Summary},
    state::Need,
    time::Timestamp,
};
use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

/// The most messages that a device holds of a conversation that is not open.
pub const KEPT_AT_REST: usize = 200;

/// One conversation, as far as the device has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Thread {
    /// Kind and members.
    pub conversation: Conversation,
    /// Every change up to this version is known.
    pub cursor: u64,
    /// The newest part of the history by seq, without holes.
    pub messages: BTreeMap<u64, Arc<Message>>,
    /// Whether the server has older messages than these.
    pub has_more: bool,
    /// Whether a page of history was loaded, not only what came by itself.
    pub loaded: bool,
    /// How far each member has read.
    pub read: BTreeMap<UserId, u64>,
    /// Written here, not yet acknowledged; in the order of writing.
    pub outbox: Vec<Outgoing>,
    /// The server's count of unread messages, and the newest seq that it had counted.
    counted: (u64, u64),
}

/// How a conversation looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look(u64, u64);

/// A message on its way out.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// Its id from the first try on.
    pub id: MessageId,
    /// The text.
    pub body: String,
    /// When it was written, by this device's clock.
    pub written_at: Timestamp,
    /// Why the server refused it; `None` while it is being sent.
    pub failed: Option<AppError>,
}

impl Thread {
    /// Nothing is known of it but who is in it.
    pub(super) fn new(conversation: Conversation) -> Self {
        Self {
            conversation,
            cursor: 0,
            messages: BTreeMap::new(),
            has_more: false,
            loaded: false,
            read: BTreeMap::new(),
            outbox: Vec::new(),
            counted: (0, 0),
        }
    }

    /// The newest message that is stored.
    pub fn last_message(&self) -> Option<&Arc<Message>> {
        self.messages.values().next_back()
    }

    /// The seq before which older history is to be asked for; `None` if there is none.
    pub fn older_than(&self) -> Option<u64> {
        self.has_more.then(|| self.messages.keys().next().copied()).flatten()
    }

    /// Other people's messages after my read cursor, at most [`MAX_UNREAD`].
    pub fn unread(&self, me: UserId) -> u64 {
        let read = self.read_by(me);
        let covered = !self.has_more || self.messages.range(..=read).next_back().is_some();
        let (base, after) = if covered { (0, read) } else { self.counted };
        let held = self
            .messages
            .range(after + 1..)
            .filter(|(_, message)| message.sender != me && !message.content.is_deleted());
        (base + held.count() as u64).min(MAX_UNREAD)
    }

    /// How far `user` has read.
    pub fn read_by(&self, user: UserId) -> u64 {
        self.read.get(&user).copied().unwrap_or_default()
    }

    /// Up to where everyone but me has read; 0 where there is nobody else.
    pub fn read_by_all(&self, me: UserId) -> u64 {
        let others = self.conversation.members.iter().filter(|member| **member != me);
        others.map(|member| self.read_by(*member)).min().unwrap_or_default()
    }

    /// What its messages look like, in short: it differs whenever they do.
    pub fn look(&self, me: UserId) -> Look {
        let stored = self.messages.values().map(|message| message.version);
        let outbox = self.outbox.iter().map(|message| (message.id, message.failed.is_some()));
        let mut look = DefaultHasher::new();
        // A change raises a version, and a message more is one more: no need to hash each of thousands.
        let versions = stored.clone().fold(0, u64::wrapping_add);
        (stored.len(), versions, self.messages.keys().next(), self.messages.keys().next_back())
            .hash(&mut look);
        outbox.for_each(|message| message.hash(&mut look));
        Look(look.finish(), self.read_by_all(me))
    }

    /// The next message to send: the oldest that was not refused. One at a time, so that order
    /// holds.
    pub fn next_to_send(&self) -> Option<&Outgoing> {
        self.outbox.iter().find(|message| message.failed.is_none())
    }

    /// When something last happened in it.
    pub(super) fn active_at(&self) -> Timestamp {
        let written = self.outbox.last().map(|message| message.written_at);
        let stored = self.last_message().map(|message| message.created_at);
        written.max(stored).unwrap_or_else(|| {
            // A new conversation counts from its beginning, which its id holds (UUIDv7).
            let (seconds, _) = self.conversation.id.0.get_timestamp().map_or((0, 0), |t| t.to_unix());
            Timestamp(seconds as i64 * 1000)
        })
    }

    /// Brings it up to date; a summary older than what is known changes nothing. `anew` throws away
    /// the messages held, not what waits to be sent.
    pub(super) fn take_summary(&mut self, summary: Summary, anew: bool) {
        let newest = summary.last_message.as_ref().map_or(0, |message| message.seq);
        if !anew && summary.head < self.cursor {
            return;
        }
        self.conversation = summary.conversation;
        for (user, seq) in summary.read {
            let cursor = self.read.entry(user).or_default();
            *cursor = seq.max(*cursor);
        }
        let members = &self.conversation.members;
        self.read.retain(|user, _| members.contains(user));
        if anew || (self.messages.is_empty() && self.cursor == 0) {
            self.messages.clear();
            self.has_more = summary.last_message.as_ref().is_some_and(|message| message.seq > 1);
            self.loaded = !self.has_more;
            self.cursor = summary.head;
            if let Some(message) = summary.last_message {
                self.upsert(message);
            }
        }
        self.counted = (summary.unread, newest);
    }

    /// Lets go of older messages, which can be loaded again. Not while something in it is unread,
    /// which is counted by what is held.
    pub(super) fn rest(&mut self, me: UserId) {
        if self.unread(me) > 0 {
            return;
        }
        while self.messages.len() > KEPT_AT_REST {
            self.messages.pop_first();
            self.has_more = true;
        }
        self.counted = (0, self.messages.keys().next_back().copied().unwrap_or_default());
    }

    /// Applies a change if it is the next one.
    pub(super) fn advance(&mut self, message: Arc<Message>, me: UserId) -> Need {
        if message.version > self.cursor + 1 {
            return Need::CatchUp;
        }
        if message.version == self.cursor + 1 {
            self.cursor = message.version;
            self.uncount(&message, me);
            self.change_members(&message);
            self.upsert(message);
        } else {
            self.outbox.retain(|waiting| waiting.id != message.id);
        }
        Need::Nothing
    }

    /// Takes in that somebody joined or left.
    pub(super) fn change_members(&mut self, message: &Message) {
        let members = &mut self.conversation.members;
        match &message.content {
            Content::System(System::Joined(who)) => {
                if !members.contains(who) {
                    members.push(*who);
                }
                self.read.insert(*who, message.seq);
            }
            Content::System(System::Left(who)) => {
                members.retain(|member| member != who);
                self.read.remove(who);
                let mut roles = std::mem::take(&mut self.conversation.roles);
                roles.forget(*who);
                self.conversation.roles = roles.settled(&self.conversation.members);
            }
            Content::System(System::Renamed(name)) => self.conversation.name = Some(name.clone()),
            Content::System(System::Role(who, role)) => self.conversation.roles.give(*who, *role),
            // What is set comes with the conversation.
            Content::System(System::Created | System::Settings) => {}
            Content::Text { .. } | Content::Deleted { .. } | Content::Unknown => {}
        }
    }

    /// Takes a message that is deleted out of the server's count, unless that had stopped.
    pub(super) fn uncount(&mut self, message: &Message, me: UserId) {
        let was_counted = message.content.is_deleted()
            && message.sender != me
            && message.seq > self.read_by(me)
            && message.seq <= self.counted.1
            && self.messages.get(&message.seq).is_none_or(|held| !held.content.is_deleted());
        if was_counted && self.counted.0 < MAX_UNREAD {
            self.counted.0 = self.counted.0.saturating_sub(1);
        }
    }

    pub(super) fn acknowledge(
        &mut self,
        id: MessageId,
        sender: UserId,
        seq: u64,
        version: u64,
        created_at: Timestamp,
    ) -> Need {
        let Some(waiting) = self.outbox.iter().find(|message| message.id == id) else {
            let is_held = |held: &Arc<Message>| held.id == id && held.version >= version;
            if version == self.cursor + 1 && self.messages.get(&seq).is_some_and(is_held) {
                // A page overtook the acknowledgement.
                self.cursor = version;
            }
            // Its text is not here any more, or no longer as it was sent.
            return if version > self.cursor { Need::CatchUp } else { Need::Nothing };
        };
        let content = Content::text(waiting.body.clone());
        let message =
            Message { version, ..Message::new(id, self.conversation.id, seq, sender, content, created_at) };
        // After a gap it stays in the outbox until the catch-up brings it, or it would vanish.
        self.advance(Arc::new(message), sender)
    }

    pub(super) fn load(&mut self, before: Option<u64>, page: Vec<Arc<Message>>, has_more: bool) {
        let oldest = self.messages.keys().next().copied();
        // Asked for before the history began anew: there may be a hole between the two.
        if before.zip(oldest).is_some_and(|(before, oldest)| before < oldest) {
            return;
        }
        let reaches_back = match (page.first(), oldest) {
            (Some(first), Some(oldest)) => first.seq <= oldest,
            (Some(_), None) | (None, _) => true,
        };
        if reaches_back {
            // Older messages than those held are welcome now.
            self.has_more = false;
        }
        for message in page {
            self.upsert(message);
        }
        if reaches_back {
            self.has_more = has_more;
        }
        self.loaded = true;
    }

    pub(super) fn move_read_cursor(&mut self, user: UserId, seq: u64, unread: Option<u64>) {
        // Old news: a snapshot has overtaken it. They have left by now, ...
        if !self.conversation.members.contains(&user) {
            return;
        }
        let cursor = self.read.entry(user).or_default();
        // ... or it has counted more.
        if seq <= *cursor {
            return;
        }
        *cursor = seq;
        if let Some(unread) = unread {
            // What lies beyond the cursor came with a page, and the server had not counted it.
            self.counted = (unread, self.cursor);
        }
    }

    /// Puts in a message's newer state, unless it lies before the part of the history held.
    pub(super) fn upsert(&mut self, message: Arc<Message>) {
        self.outbox.retain(|waiting| waiting.id != message.id);
        let before_all = self.messages.keys().next().is_some_and(|oldest| message.seq < *oldest);
        if before_all && self.has_more {
            return;
        }
        match self.messages.get(&message.seq) {
            Some(held) if held.version >= message.version => {}
            _ => {
                self.messages.insert(message.seq, message);
            }
        }
    }
}

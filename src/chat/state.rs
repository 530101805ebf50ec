//! The reducer: what a device knows, and how each event changes it.
//!
//! Pure: no clock, no network. The server renders from it, the page lives on it, and the same
//! events in any order, doubled or lost, end in the server's state after one catch-up.

use super::{
    event::ServerEvent,
    model::{Conversation, MAX_UNREAD, Message, MessageKind, Snapshot, Summary},
};
use crate::{
    auth::model::User,
    contacts::model::Contact,
    error::AppError,
    id::{ConversationId, MessageId, UserId},
    requests::model::Pending,
    time::Timestamp,
};
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

/// The most messages that a device holds of a conversation that is not open.
pub const KEPT_AT_REST: usize = 200;

/// Everything one signed-in device knows.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatState {
    /// The viewer.
    pub me: User,
    /// Contacts by id.
    pub contacts: BTreeMap<UserId, Contact>,
    /// Requests that wait.
    pub requests: Pending,
    /// Conversations by id.
    pub threads: BTreeMap<ConversationId, Thread>,
}

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

/// What the device has to ask the server for after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing.
    Nothing,
    /// Something is missing: `resume` with [`ChatState::cursors`].
    CatchUp,
}

impl ChatState {
    /// The state that a snapshot without missed messages stands for.
    pub fn begin(snapshot: Snapshot) -> Self {
        let mut state = Self {
            me: snapshot.me.clone(),
            contacts: BTreeMap::new(),
            requests: Pending::default(),
            threads: BTreeMap::new(),
        };
        state.resume(snapshot);
        state
    }

    /// What to name in `resume`.
    pub fn cursors(&self) -> BTreeMap<ConversationId, u64> {
        self.threads.iter().map(|(id, thread)| (*id, thread.cursor)).collect()
    }

    /// Takes in what the server said.
    pub fn apply(&mut self, event: ServerEvent) -> Need {
        match event {
            ServerEvent::Resumed(snapshot) => self.resume(snapshot),
            ServerEvent::ConversationLoaded { conversation_id, before, messages, has_more } => {
                if let Some(thread) = self.threads.get_mut(&conversation_id) {
                    thread.load(before, messages, has_more);
                }
            }
            ServerEvent::NewMessage { message } | ServerEvent::MessageChanged { message } => {
                return match self.threads.get_mut(&message.conversation_id) {
                    Some(thread) => thread.advance(message, self.me.id),
                    None => Need::CatchUp,
                };
            }
            ServerEvent::MessageAcked { id, conversation_id, seq, version, created_at } => {
                let sender = self.me.id;
                if let Some(thread) = self.threads.get_mut(&conversation_id) {
                    return thread.acknowledge(id, sender, seq, version, created_at);
                }
            }
            ServerEvent::MessageRefused { id, error } => {
                if let Some(message) = self.waiting(id) {
                    message.failed = Some(error);
                }
            }
            ServerEvent::FriendRequestReceived { request } => {
                self.requests.incoming.retain(|known| known.user.id != request.user.id);
                self.requests.incoming.insert(0, request);
            }
            ServerEvent::FriendRequestChanged { requests } => self.requests = requests,
            ServerEvent::ContactsUpdated { contacts } => self.set_contacts(contacts),
            ServerEvent::ConversationChanged { conversation } => {
                self.take_summary(conversation, false);
            }
            ServerEvent::ConversationRemoved { conversation_id } => {
                self.threads.remove(&conversation_id);
            }
            ServerEvent::PresenceChanged { user_id, online, last_seen } => {
                if let Some(contact) = self.contacts.get_mut(&user_id) {
                    contact.online = online;
                    contact.last_seen = contact.last_seen.max(last_seen);
                }
            }
            ServerEvent::ReadCursorMoved { conversation_id, user_id, seq, unread } => {
                if let Some(thread) = self.threads.get_mut(&conversation_id) {
                    thread.move_read_cursor(user_id, seq, unread);
                }
            }
            // What passes by itself is no state.
            ServerEvent::Typing { .. }
            | ServerEvent::Error { .. }
            | ServerEvent::GoingAway { .. }
            | ServerEvent::Alive {}
            | ServerEvent::Unknown => {}
        }
        Need::Nothing
    }

    /// Takes in what the person wrote here, to be shown at once and sent.
    pub fn compose(&mut self, conversation: ConversationId, message: Outgoing) {
        if let Some(thread) = self.threads.get_mut(&conversation) {
            thread.outbox.push(message);
        }
    }

    /// Takes in what was written here before this page, or in another tab, or its newer state; one
    /// that is stored by now is passed over. `false`: there is no such conversation.
    pub fn restore(&mut self, conversation: ConversationId, message: Outgoing) -> bool {
        let Some(thread) = self.threads.get_mut(&conversation) else { return false };
        if thread.messages.values().rev().any(|stored| stored.id == message.id) {
            return true;
        }
        match thread.outbox.iter_mut().find(|waiting| waiting.id == message.id) {
            Some(held) => *held = message,
            None => {
                // Ids made later sort later: the order of writing, whichever tab it was.
                let place = thread.outbox.iter().take_while(|waiting| waiting.id < message.id).count();
                thread.outbox.insert(place, message);
            }
        }
        true
    }

    /// Everything that waits to be sent, or was refused.
    pub fn outgoing(&self) -> impl Iterator<Item = (ConversationId, &Outgoing)> {
        self.threads.iter().flat_map(|(id, thread)| thread.outbox.iter().map(|message| (*id, message)))
    }

    /// Sends a refused message again.
    pub fn retry(&mut self, id: MessageId) {
        if let Some(message) = self.waiting(id) {
            message.failed = None;
        }
    }

    /// Forgets a message that was never stored; the person decided so.
    pub fn discard(&mut self, id: MessageId) {
        for thread in self.threads.values_mut() {
            thread.outbox.retain(|message| message.id != id);
        }
    }

    /// Lets go of older messages of a conversation that nobody looks at any more; they can be loaded
    /// again. Not while something in it is unread, which is counted by what is held.
    pub fn rest(&mut self, conversation: ConversationId) {
        let Some(thread) = self.threads.get_mut(&conversation) else { return };
        if thread.unread(self.me.id) > 0 {
            return;
        }
        while thread.messages.len() > KEPT_AT_REST {
            thread.messages.pop_first();
            thread.has_more = true;
        }
        thread.counted = (0, thread.messages.keys().next_back().copied().unwrap_or_default());
    }

    /// The direct conversation's other member, while they are a contact.
    pub fn contact_in(&self, conversation: ConversationId) -> Option<&Contact> {
        let members = &self.threads.get(&conversation)?.conversation.members;
        let other = members.iter().find(|member| **member != self.me.id)?;
        self.contacts.get(other)
    }

    /// Conversations for a list: the one with the newest activity first.
    pub fn by_activity(&self) -> Vec<ConversationId> {
        let mut ids: Vec<_> = self.threads.iter().map(|(id, thread)| (thread.active_at(), *id)).collect();
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids.into_iter().map(|(_, id)| id).collect()
    }

    /// Other people's messages in all conversations that the viewer has not read.
    pub fn unread(&self) -> u64 {
        self.threads.values().map(|thread| thread.unread(self.me.id)).sum()
    }

    fn resume(&mut self, snapshot: Snapshot) {
        self.me = snapshot.me;
        self.requests = snapshot.requests;
        self.set_contacts(snapshot.contacts);
        let present: HashSet<_> = snapshot.conversations.iter().map(|s| s.conversation.id).collect();
        self.threads.retain(|id, _| present.contains(id));

        let known: HashSet<_> = self.threads.keys().copied().collect();
        let mut missed: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for message in snapshot.missed {
            missed.entry(message.conversation_id).or_default().push(message);
        }
        for summary in snapshot.conversations {
            let (id, head) = (summary.conversation.id, summary.head);
            // Only a device that named a cursor is told what it missed.
            let caught_up = known.contains(&id) && !snapshot.stale.contains(&id);
            self.take_summary(summary, !caught_up);
            if let Some(thread) = self.threads.get_mut(&id).filter(|_| caught_up) {
                // What was missed reaches the head, and only that may move the cursor: nothing is
                // told of a conversation that became known after the cursors were named.
                for message in missed.remove(&id).unwrap_or_default() {
                    thread.cursor = thread.cursor.max(message.version);
                    // What the summary did not know yet.
                    if message.version > head {
                        thread.uncount(&message, self.me.id);
                        thread.change_members(&message);
                    }
                    thread.upsert(message);
                }
            }
        }
    }

    fn set_contacts(&mut self, contacts: Vec<Contact>) {
        self.contacts = contacts.into_iter().map(|contact| (contact.id, contact)).collect();
    }

    /// Begins a thread with its summary, or brings a known one up to date; a summary older than
    /// what is known changes nothing. `anew` throws away the messages held, not what waits to be
    /// sent.
    fn take_summary(&mut self, summary: Summary, anew: bool) {
        let newest = summary.last_message.as_ref().map_or(0, |message| message.seq);
        let thread = self.threads.entry(summary.conversation.id).or_insert_with(|| Thread {
            conversation: summary.conversation.clone(),
            cursor: 0,
            messages: BTreeMap::new(),
            has_more: false,
            loaded: false,
            read: BTreeMap::new(),
            outbox: Vec::new(),
            counted: (0, 0),
        });
        if !anew && summary.head < thread.cursor {
            return;
        }
        thread.conversation = summary.conversation;
        for (user, seq) in summary.read {
            let cursor = thread.read.entry(user).or_default();
            *cursor = seq.max(*cursor);
        }
        let members = &thread.conversation.members;
        thread.read.retain(|user, _| members.contains(user));
        if anew || (thread.messages.is_empty() && thread.cursor == 0) {
            thread.messages.clear();
            thread.has_more = summary.last_message.as_ref().is_some_and(|message| message.seq > 1);
            thread.loaded = !thread.has_more;
            thread.cursor = summary.head;
            if let Some(message) = summary.last_message {
                thread.upsert(message);
            }
        }
        thread.counted = (summary.unread, newest);
    }

    fn waiting(&mut self, id: MessageId) -> Option<&mut Outgoing> {
        self.threads.values_mut().flat_map(|thread| &mut thread.outbox).find(|message| message.id == id)
    }
}

impl Thread {
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
            .filter(|(_, message)| message.sender != me && message.deleted_at.is_none());
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

    /// The next message to send: the oldest that was not refused. One at a time, so that order
    /// holds.
    pub fn next_to_send(&self) -> Option<&Outgoing> {
        self.outbox.iter().find(|message| message.failed.is_none())
    }

    fn active_at(&self) -> Timestamp {
        let written = self.outbox.last().map(|message| message.written_at);
        let stored = self.last_message().map(|message| message.created_at);
        written.max(stored).unwrap_or_else(|| {
            // A new conversation counts from its beginning, which its id holds (UUIDv7).
            let (seconds, _) = self.conversation.id.0.get_timestamp().map_or((0, 0), |t| t.to_unix());
            Timestamp(seconds as i64 * 1000)
        })
    }

    /// Applies a change if it is the next one.
    fn advance(&mut self, message: Arc<Message>, me: UserId) -> Need {
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
    fn change_members(&mut self, message: &Message) {
        let Some(subject) = message.subject else { return };
        let members = &mut self.conversation.members;
        match message.kind {
            MessageKind::Joined => {
                if !members.contains(&subject) {
                    members.push(subject);
                }
                self.read.insert(subject, message.seq);
            }
            MessageKind::Left => {
                members.retain(|member| *member != subject);
                self.read.remove(&subject);
            }
            _ => {}
        }
    }

    /// Takes a message that is deleted out of the server's count, unless that had stopped.
    fn uncount(&mut self, message: &Message, me: UserId) {
        let was_counted = message.deleted_at.is_some()
            && message.sender != me
            && message.seq > self.read_by(me)
            && message.seq <= self.counted.1
            && self.messages.get(&message.seq).is_none_or(|held| held.deleted_at.is_none());
        if was_counted && self.counted.0 < MAX_UNREAD {
            self.counted.0 = self.counted.0.saturating_sub(1);
        }
    }

    fn acknowledge(
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
        let message = Message {
            id,
            conversation_id: self.conversation.id,
            seq,
            version,
            sender,
            kind: MessageKind::Text,
            subject: None,
            body: waiting.body.clone(),
            reply_to: None,
            created_at,
            edited_at: None,
            deleted_at: None,
            reactions: Vec::new(),
        };
        // After a gap it stays in the outbox until the catch-up brings it, or it would vanish.
        self.advance(Arc::new(message), sender)
    }

    fn load(&mut self, before: Option<u64>, page: Vec<Arc<Message>>, has_more: bool) {
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

    fn move_read_cursor(&mut self, user: UserId, seq: u64, unread: Option<u64>) {
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
    fn upsert(&mut self, message: Arc<Message>) {
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

//! One conversation on a device: the part of its history that is held, what waits to be sent, and
//! what is unread. Changed by the reducer (`state`) alone: here is what can be asked of it, beside it what changes it.

mod news;
mod outbox;
mod pages;

use crate::{
    id::{MessageId, UserId},
    message::{Conversation, MAX_UNREAD, Message},
    prefs::Prefs,
    time::Timestamp,
    window::Window,
};
use std::{collections::BTreeMap, sync::Arc};

pub use crate::outgoing::{Operation, Outgoing};

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
    /// An older part of the history, while somebody looks at it. It ends before `messages` begin.
    pub window: Option<Window>,
    /// What is known of quoted messages that are not held, [`Content::Hidden`] of those that are not there.
    pub quoted: Vec<Arc<Message>>,
    /// How far each member has read.
    pub read: BTreeMap<UserId, u64>,
    /// What is pinned, in the order in which it was.
    pub pins: Vec<MessageId>,
    /// The seqs of the unread messages by which the viewer is meant.
    mentions: Vec<u64>,
    /// What the viewer keeps of it; also what was changed here and is not stored yet.
    pub prefs: Prefs,
    /// Done here, not yet acknowledged; in the order of doing.
    pub outbox: Vec<Outgoing>,
    /// The server's count of unread messages, and the newest seq that it had counted.
    counted: (u64, u64),
    revision: Revision,
}

/// Counts what has changed in a thread's messages; no part of what the device knows, so that two threads
/// that know the same are equal.
#[derive(Clone, Copy, Debug, Default)]
struct Revision(u64);

impl PartialEq for Revision {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Thread {
    /// Nothing is known of it but who is in it.
    pub(crate) fn new(conversation: Conversation) -> Self {
        Self {
            conversation,
            cursor: 0,
            messages: BTreeMap::new(),
            has_more: false,
            loaded: false,
            window: None,
            quoted: Vec::new(),
            read: BTreeMap::new(),
            pins: Vec::new(),
            mentions: Vec::new(),
            prefs: Prefs::default(),
            outbox: Vec::new(),
            counted: (0, 0),
            revision: Revision::default(),
        }
    }

    /// The newest message that is stored.
    pub fn last_message(&self) -> Option<&Arc<Message>> {
        self.messages.values().next_back()
    }

    /// What is looked at: an older part of the history to which somebody was led, else the newest one. And whether
    /// there is more before it.
    pub fn part(&self) -> (&BTreeMap<u64, Arc<Message>>, bool) {
        match &self.window {
            Some(window) => (window.messages(), window.has_more),
            None => (&self.messages, self.has_more),
        }
    }

    /// The seq before which there is more of what is looked at; `None` if there is none.
    pub fn older_than(&self) -> Option<u64> {
        let (messages, has_more) = self.part();
        has_more.then(|| messages.keys().next().copied()).flatten()
    }

    /// The seq after which there is more of what is looked at; `None` if it is the newest.
    pub fn newer_than(&self) -> Option<u64> {
        self.window.as_ref().map(Window::last)
    }

    /// Whether a message with this seq is among the newest that are held, if there is one.
    pub fn reaches(&self, seq: u64) -> bool {
        !self.has_more || self.messages.keys().next().is_some_and(|oldest| *oldest <= seq)
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

    /// How many of them mean me, at most [`MAX_UNREAD`].
    pub fn mentions(&self) -> u64 {
        (self.mentions.len() as u64).min(MAX_UNREAD)
    }

    /// For how much it stands in what the viewer has not read, see [`Prefs::calls`].
    pub fn calls(&self, me: UserId, now: Timestamp) -> u64 {
        self.prefs.calls((self.unread(me), self.mentions()), self.newest(), now)
    }

    /// Whether it is out of the way.
    pub fn is_archived(&self) -> bool {
        self.prefs.is_archived(self.newest())
    }

    fn newest(&self) -> Option<&Message> {
        self.last_message().map(|message| &**message)
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

    /// Differs whenever its messages, or what waits here, have changed since.
    pub fn revision(&self) -> u64 {
        self.revision.0
    }

    /// A stored message that is held, or quoted by one that is.
    pub fn message(&self, id: MessageId) -> Option<&Arc<Message>> {
        let further_back = self.window.iter().flat_map(|window| window.messages().values());
        let held = self.messages.values().rev().chain(further_back);
        held.chain(&self.quoted).find(|message| message.id == id)
    }

    /// Its place in a list, the greatest first: those that are pinned as they were pinned, then by when something last
    /// happened.
    pub(crate) fn place(&self) -> Timestamp {
        if let Some(pinned) = self.prefs.pinned_at {
            return Timestamp(i64::MAX - pinned.0);
        }
        let written = self.unsent().next_back().map(|message| message.written_at);
        let stored = self.last_message().map(|message| message.created_at);
        // A new conversation counts from its beginning.
        written.max(stored).unwrap_or_else(|| self.conversation.id.made_at())
    }

    fn touch(&mut self) {
        self.revision.0 += 1;
    }
}

/// Has `id` be among `ids`, at their end if it is new, or not.
fn put(ids: &mut Vec<MessageId>, id: MessageId, on: bool) {
    match ids.contains(&id) {
        has if has == on => {}
        true => ids.retain(|other| *other != id),
        false => ids.push(id),
    }
}

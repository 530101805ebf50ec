//! One conversation on a device: the part of its history that is held, what waits to be sent, and
//! what is unread. Changed by the reducer (`state`) alone.

use crate::{
    change::Change,
    content::{Content, System},
    error::AppError,
    group::{Settings, shows_history},
    id::{MessageId, UserId},
    mention::Mentions,
    message::{Anchor, Conversation, MAX_UNREAD, Message, Summary},
    prefs::{Prefs, PrefsChange},
    state::Need,
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
    pub(super) fn new(conversation: Conversation) -> Self {
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

    /// A stored message as the person left it: with what was done to it here and is not stored yet.
    /// What was refused, or cannot be, is left out.
    pub fn shown(&self, message: &Arc<Message>, me: UserId) -> Arc<Message> {
        let changes = self.outbox.iter().filter(|waiting| waiting.failed.is_none());
        changes.fold(message.clone(), |shown, waiting| match &waiting.operation {
            Operation::Change { message, change } if *message == shown.id => {
                let changed = shown.after(me, change, waiting.written_at).ok().flatten();
                changed.map_or(shown, Arc::new)
            }
            _ => shown,
        })
    }

    /// What is pinned as the person left it, in the order in which it was.
    pub fn shown_pins(&self) -> Vec<MessageId> {
        let mut pins = self.pins.clone();
        for waiting in self.outbox.iter().filter(|waiting| waiting.failed.is_none()) {
            match waiting.operation {
                Operation::Change { message, change: Change::Pin { on } } => put(&mut pins, message, on),
                Operation::Change { message, change: Change::Delete } => put(&mut pins, message, false),
                Operation::Change { .. } | Operation::Send { .. } => {}
            }
        }
        pins
    }

    /// New messages that are not stored yet.
    pub fn unsent(&self) -> impl DoubleEndedIterator<Item = &Outgoing> {
        self.outbox.iter().filter(|waiting| waiting.new_text().is_some())
    }

    /// What is to be sent next: the oldest that was not refused, if it `may_be_sent`. One at a time, so that
    /// order holds; only a deletion that may not be sent yet is passed over.
    pub fn next_to_send(&self, may_be_sent: impl Fn(&Outgoing) -> bool) -> Option<&Outgoing> {
        let mut waiting = self.outbox.iter().filter(|waiting| waiting.failed.is_none());
        waiting.find(|next| may_be_sent(next) || !next.deletes()).filter(|next| may_be_sent(next))
    }

    /// A stored message that is held, or quoted by one that is.
    pub fn message(&self, id: MessageId) -> Option<&Arc<Message>> {
        let further_back = self.window.iter().flat_map(|window| window.messages().values());
        let held = self.messages.values().rev().chain(further_back);
        held.chain(&self.quoted).find(|message| message.id == id)
    }

    /// Its place in a list, the greatest first: those that are pinned as they were pinned, then by when something last
    /// happened.
    pub(super) fn place(&self) -> Timestamp {
        if let Some(pinned) = self.prefs.pinned_at {
            return Timestamp(i64::MAX - pinned.0);
        }
        let written = self.unsent().next_back().map(|message| message.written_at);
        let stored = self.last_message().map(|message| message.created_at);
        // A new conversation counts from its beginning.
        written.max(stored).unwrap_or_else(|| self.conversation.id.made_at())
    }

    /// Brings it up to date; a summary older than what is known changes nothing. `anew` throws away
    /// the messages held, not what waits to be sent.
    pub(super) fn take_summary(&mut self, summary: Summary, anew: bool) {
        let newest = summary.last_message.as_ref().map_or(0, |message| message.seq);
        self.keep(summary.prefs);
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
        self.pins = summary.pins;
        self.mentions = summary.mentions;
        self.look_back();
        self.touch();
        if anew || (self.messages.is_empty() && self.cursor == 0) {
            self.messages.clear();
            self.window = None;
            self.has_more = summary.last_message.as_ref().is_some_and(|message| message.seq > 1);
            self.loaded = !self.has_more;
            self.cursor = summary.head;
            if let Some(message) = summary.last_message {
                self.upsert(message);
            }
        }
        self.counted = (summary.unread, newest);
    }

    /// Takes in what is set for a group.
    pub(super) fn set(&mut self, settings: Settings) {
        self.conversation.settings = settings;
        self.look_back();
    }

    /// Where all may see what was written before they joined, there may be more than this device knows of.
    fn look_back(&mut self) {
        if shows_history(&self.conversation.settings) {
            self.has_more |= self.messages.keys().next().is_some_and(|oldest| *oldest > 1);
            if let Some(window) = &mut self.window {
                window.has_more |= window.first() > 1;
            }
        }
    }

    /// Takes in what is pinned at a version, unless more is known by now.
    pub(super) fn set_pins(&mut self, pins: Vec<MessageId>, version: u64) -> Need {
        if version >= self.cursor {
            self.pins = pins;
            self.touch();
        }
        if version > self.cursor { Need::CatchUp } else { Need::Nothing }
    }

    /// Takes in what the viewer keeps of it, unless something newer is known.
    pub(super) fn keep(&mut self, prefs: Prefs) {
        if prefs.rev >= self.prefs.rev {
            self.prefs = prefs;
        }
    }

    /// Shows what the viewer wants to be otherwise, before it is stored.
    pub(super) fn prefer(&mut self, change: PrefsChange, now: Timestamp) {
        if let Some(next) = change.after(self.prefs.settled(self.newest()), self.cursor, now) {
            self.prefs = Prefs { rev: self.prefs.rev, ..next };
        }
    }

    /// Takes in what quoted messages say.
    pub(super) fn find(&mut self, messages: Vec<Arc<Message>>) {
        self.touch();
        for message in messages {
            self.requote(&message);
            if self.quoted.iter().all(|known| known.id != message.id) {
                self.quoted.push(message);
            }
        }
    }

    /// Takes in a newer state of a message, if it is quoted and not held.
    fn requote(&mut self, message: &Arc<Message>) {
        let older = |known: &&mut Arc<Message>| known.id == message.id && known.version < message.version;
        if let Some(known) = self.quoted.iter_mut().find(older) {
            *known = message.clone();
            self.revision.0 += 1;
        }
    }

    /// Lets go of older messages, which can be loaded again. Not while something in it is unread,
    /// which is counted by what is held.
    pub(super) fn rest(&mut self, me: UserId) {
        self.leave_window();
        if self.unread(me) > 0 {
            return;
        }
        self.touch();
        self.quoted.clear();
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
            self.repin(&message);
            self.mention(&message, me);
            self.upsert(message);
        } else {
            self.settle(message.id);
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
            Content::Text { .. } | Content::Deleted { .. } | Content::Hidden | Content::Unknown => {}
        }
    }

    /// Takes in whether a message is pinned.
    pub(super) fn repin(&mut self, message: &Message) {
        put(&mut self.pins, message.id, message.pinned.is_some());
    }

    /// Takes in whether a message that is not read yet means me.
    pub(super) fn mention(&mut self, message: &Message, me: UserId) {
        let seq = message.seq;
        self.mentions.retain(|other| *other != seq);
        if message.means(me) && seq > self.read_by(me) {
            self.mentions.push(seq);
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
        (seq, version, created_at): (u64, u64, Timestamp),
        mentions: Mentions,
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
        let Operation::Send { body, reply_to } = waiting.operation.clone() else { return Need::Nothing };
        let content = Content::text(body);
        let message = Message::new(id, self.conversation.id, seq, sender, content, created_at);
        let message = Message { version, reply_to, mentions, ..message };
        // After a gap it stays in the outbox until the catch-up brings it, or it would vanish.
        self.advance(Arc::new(message), sender)
    }

    /// The server has stored a change; the message as it is since then came before, unless it was lost.
    pub(super) fn acknowledge_change(&mut self, id: MessageId, version: u64) -> Need {
        self.settle(id);
        if version > self.cursor { Need::CatchUp } else { Need::Nothing }
    }

    /// Takes in what was done here, to be shown at once and sent.
    pub(super) fn compose(&mut self, outgoing: Outgoing) {
        self.touch();
        self.outbox.push(outgoing);
    }

    /// Takes in what was done here before, or in another tab, or its newer state; what is stored by now
    /// is passed over.
    pub(super) fn restore(&mut self, outgoing: Outgoing) {
        if self.messages.values().rev().any(|stored| stored.id == outgoing.id) {
            return;
        }
        self.touch();
        match self.outbox.iter_mut().find(|waiting| waiting.id == outgoing.id) {
            Some(held) => *held = outgoing,
            None => {
                // Ids made later sort later: the order of writing, whichever tab it was.
                let place = self.outbox.iter().take_while(|waiting| waiting.id < outgoing.id).count();
                self.outbox.insert(place, outgoing);
            }
        }
    }

    /// What is called so is refused, or is to be tried again. `false`: nothing here is called so.
    pub(super) fn fail(&mut self, id: MessageId, failed: Option<AppError>) -> bool {
        let Some(waiting) = self.outbox.iter_mut().find(|waiting| waiting.id == id) else { return false };
        waiting.failed = failed;
        self.touch();
        true
    }

    /// What is called so waits no longer. `false`: nothing here is called so.
    pub(super) fn settle(&mut self, id: MessageId) -> bool {
        let before = self.outbox.len();
        self.outbox.retain(|waiting| waiting.id != id);
        let has = self.outbox.len() < before;
        if has {
            self.touch();
        }
        has
    }

    fn touch(&mut self) {
        self.revision.0 += 1;
    }

    /// Takes in a page of history. One around a seq is a part of its own, until it meets the newest one.
    pub(super) fn load(&mut self, place: Anchor, page: Vec<Arc<Message>>, has_more: bool) {
        self.touch();
        match (place, &mut self.window) {
            (Anchor { around: Some(_), .. }, window) => *window = Window::new(&page, has_more),
            (Anchor { before: Some(before), .. }, Some(window)) if before == window.first() => {
                window.extend(&page);
                window.has_more = has_more;
            }
            (Anchor { after: Some(after), .. }, window) => match window {
                Some(window) if after == window.last() => window.extend(&page),
                // The part that it was to go on is not looked at any more.
                Some(_) | None => return,
            },
            (Anchor { before, .. }, _) => return self.load_older(before, page, has_more),
        }
        for message in &page {
            self.settle(message.id);
            self.requote(message);
        }
        self.join();
    }

    /// Lets go of what somebody was led to; whether there was something.
    pub(super) fn leave_window(&mut self) -> bool {
        let was_there = self.window.take().is_some();
        if was_there {
            self.touch();
        }
        was_there
    }

    /// Once the part that is looked at overlaps the newest one, nothing is missing between them. Where nothing was
    /// known to be there, everything that is comes with the next catch-up.
    fn join(&mut self) {
        let oldest = self.messages.keys().next().copied();
        let meets = |window: &mut Window| oldest.is_none_or(|oldest| oldest <= window.last());
        let Some(window) = self.window.take_if(meets) else { return };
        let reaches_back = oldest.is_none_or(|oldest| window.first() < oldest).then_some(window.has_more);
        self.has_more &= reaches_back.is_none();
        window.into_messages().for_each(|message| self.upsert(message));
        self.has_more = reaches_back.unwrap_or(self.has_more);
        self.loaded = true;
    }

    /// Takes in a page before the newest part, or the end of that.
    fn load_older(&mut self, before: Option<u64>, page: Vec<Arc<Message>>, has_more: bool) {
        let oldest = self.messages.keys().next().copied();
        // InFlight for before the history began anew: there may be a hole between the two.
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
        self.join();
    }

    pub(super) fn move_read_cursor(&mut self, user: UserId, me: UserId, seq: u64, unread: Option<u64>) {
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
        self.touch();
        if user == me {
            self.mentions.retain(|mention| *mention > seq);
        }
        if let Some(unread) = unread {
            // What lies beyond the cursor came with a page, and the server had not counted it.
            self.counted = (unread, self.cursor);
        }
    }

    /// Puts in a message's newer state, unless it lies before the part of the history held.
    pub(super) fn upsert(&mut self, message: Arc<Message>) {
        self.settle(message.id);
        self.requote(&message);
        if message.content == Content::Hidden {
            // Nothing up to there is for the viewer: they have left and joined again, or the group shows it no
            // longer. What is held of it would never change any more, and stay when it is deleted.
            while self.messages.keys().next().is_some_and(|oldest| *oldest <= message.seq) {
                self.messages.pop_first();
                self.touch();
            }
            for known in self.quoted.iter_mut().filter(|known| (1..=message.seq).contains(&known.seq)) {
                *known = Arc::new(Message::nothing(known.id, known.conversation_id));
                self.revision.0 += 1;
            }
            if self.window.as_ref().is_some_and(|window| window.first() <= message.seq) {
                self.leave_window();
            }
            return;
        }
        if let Some(window) = &mut self.window {
            window.update(&message);
            self.revision.0 += 1;
        }
        let before_all = self.messages.keys().next().is_some_and(|oldest| message.seq < *oldest);
        if before_all && self.has_more {
            return;
        }
        match self.messages.get(&message.seq) {
            Some(held) if held.version >= message.version => {}
            _ => {
                self.touch();
                self.messages.insert(message.seq, message);
            }
        }
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

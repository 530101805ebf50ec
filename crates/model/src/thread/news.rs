//! What the server tells of a conversation: its summary, and each change in its turn.

use super::{Thread, put};
use crate::{
    content::{Content, System},
    group::Settings,
    id::{MessageId, UserId},
    message::{MAX_UNREAD, Message, Summary},
    prefs::{Prefs, PrefsChange},
    state::Need,
    time::Timestamp,
};
use std::sync::Arc;

impl Thread {
    /// Brings it up to date; a summary older than what is known changes nothing. `anew` throws away
    /// the messages held, not what waits to be sent.
    pub(crate) fn take_summary(&mut self, summary: Summary, anew: bool) {
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
    pub(crate) fn set(&mut self, settings: Settings) {
        self.conversation.settings = settings;
        self.look_back();
    }

    /// Takes in what is pinned at a version, unless more is known by now.
    pub(crate) fn set_pins(&mut self, pins: Vec<MessageId>, version: u64) -> Need {
        if version >= self.cursor {
            self.pins = pins;
            self.touch();
        }
        if version > self.cursor { Need::CatchUp } else { Need::Nothing }
    }

    /// Takes in what the viewer keeps of it, unless something newer is known.
    pub(crate) fn keep(&mut self, prefs: Prefs) {
        if prefs.rev >= self.prefs.rev {
            self.prefs = prefs;
        }
    }

    /// Shows what the viewer wants to be otherwise, before it is stored.
    pub(crate) fn prefer(&mut self, change: PrefsChange, now: Timestamp) {
        if let Some(next) = change.after(self.prefs.settled(self.newest()), self.cursor, now) {
            self.prefs = Prefs { rev: self.prefs.rev, ..next };
        }
    }

    /// Applies a change if it is the next one.
    pub(crate) fn advance(&mut self, message: Arc<Message>, me: UserId) -> Need {
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
    pub(crate) fn change_members(&mut self, message: &Message) {
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
    pub(crate) fn repin(&mut self, message: &Message) {
        put(&mut self.pins, message.id, message.pinned.is_some());
    }

    /// Takes in whether a message that is not read yet means me.
    pub(crate) fn mention(&mut self, message: &Message, me: UserId) {
        let seq = message.seq;
        self.mentions.retain(|other| *other != seq);
        if message.means(me) && seq > self.read_by(me) {
            self.mentions.push(seq);
        }
    }

    /// Takes a message that is deleted out of the server's count, unless that had stopped.
    pub(crate) fn uncount(&mut self, message: &Message, me: UserId) {
        let was_counted = message.content.is_deleted()
            && message.sender != me
            && message.seq > self.read_by(me)
            && message.seq <= self.counted.1
            && self.messages.get(&message.seq).is_none_or(|held| !held.content.is_deleted());
        if was_counted && self.counted.0 < MAX_UNREAD {
            self.counted.0 = self.counted.0.saturating_sub(1);
        }
    }

    pub(crate) fn move_read_cursor(&mut self, user: UserId, me: UserId, seq: u64, unread: Option<u64>) {
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
    pub(crate) fn upsert(&mut self, message: Arc<Message>) {
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

    /// Takes in a newer state of a message, if it is quoted and not held.
    pub(super) fn requote(&mut self, message: &Arc<Message>) {
        let older = |known: &&mut Arc<Message>| known.id == message.id && known.version < message.version;
        if let Some(known) = self.quoted.iter_mut().find(older) {
            *known = message.clone();
            self.revision.0 += 1;
        }
    }
}

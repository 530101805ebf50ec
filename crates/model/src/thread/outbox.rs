//! What was done here and is not acknowledged yet.

use super::{Operation, Outgoing, Thread, put};
use crate::{
    change::Change,
    content::Content,
    error::AppError,
    file::Attachment,
    id::{FileId, MessageId, UserId},
    mention::Mentions,
    message::Message,
    state::Need,
    time::Timestamp,
};
use std::sync::Arc;

impl Thread {
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

    /// What is to be sent next: the oldest that was not refused, if its files are there and it `may_be_sent`. One at
    /// a time, so that order holds; only a deletion that may not be sent yet is passed over.
    pub fn next_to_send(&self, may_be_sent: impl Fn(&Outgoing) -> bool) -> Option<&Outgoing> {
        let may_be_sent = |next: &Outgoing| next.is_ready() && may_be_sent(next);
        let mut waiting = self.outbox.iter().filter(|waiting| waiting.failed.is_none());
        waiting.find(|next| may_be_sent(next) || !next.deletes()).filter(|next| may_be_sent(next))
    }

    /// Takes in what was done here, to be shown at once and sent.
    pub(crate) fn compose(&mut self, outgoing: Outgoing) {
        self.touch();
        self.outbox.push(outgoing);
    }

    /// Takes in what was done here before, or in another tab, or its newer state; what is stored by now
    /// is passed over.
    pub(crate) fn restore(&mut self, outgoing: Outgoing) {
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

    pub(crate) fn acknowledge(
        &mut self,
        id: MessageId,
        sender: UserId,
        (seq, version, created_at): (u64, u64, Timestamp),
        attachments: Vec<Attachment>,
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
        let Operation::Send { body, reply_to, .. } = waiting.operation.clone() else { return Need::Nothing };
        let content = Content::Text { body, attachments, edited_at: None };
        let message = Message::new(id, self.conversation.id, seq, sender, content, created_at);
        let message = Message { version, reply_to, mentions, ..message };
        // After a gap it stays in the outbox until the catch-up brings it, or it would vanish.
        self.advance(Arc::new(message), sender)
    }

    /// The server has stored a change; the message as it is since then came before, unless it was lost.
    pub(crate) fn acknowledge_change(&mut self, id: MessageId, version: u64) -> Need {
        self.settle(id);
        if version > self.cursor { Need::CatchUp } else { Need::Nothing }
    }

    /// What is called so is refused, or is to be tried again. `false`: nothing here is called so.
    pub(crate) fn fail(&mut self, id: MessageId, failed: Option<AppError>) -> bool {
        let Some(waiting) = self.outbox.iter_mut().find(|waiting| waiting.id == id) else { return false };
        waiting.failed = failed;
        self.touch();
        true
    }

    /// A file that a message waits for is at the server. `false`: none does.
    pub(crate) fn file_came(&mut self, file: FileId, stored: FileId) -> bool {
        let has = self.outbox.iter_mut().any(|waiting| waiting.has_come(file, stored));
        if has {
            self.touch();
        }
        has
    }

    /// What is called so waits no longer. `false`: nothing here is called so.
    pub(crate) fn settle(&mut self, id: MessageId) -> bool {
        let before = self.outbox.len();
        self.outbox.retain(|waiting| waiting.id != id);
        let has = self.outbox.len() < before;
        if has {
            self.touch();
        }
        has
    }
}

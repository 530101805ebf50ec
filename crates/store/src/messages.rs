//! Messages, numbered within their conversation.

use crate::Result;
use model::{
    content::Content,
    file::Attachment,
    id::{ConversationId, MessageId, UserId},
    media::MediaKind,
    mention::Mentions,
    message::{Message, MessageBody, Page, PageRequest},
    time::Timestamp,
};
use std::{ops::Range, sync::Arc};

/// A message before the store has given it its place.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Made by the sender's device.
    pub id: MessageId,
    /// Where it goes.
    pub conversation: ConversationId,
    /// Who writes.
    pub sender: UserId,
    /// What; empty only beside files.
    pub body: MessageBody,
    /// The sender's files that go with it, which are [ready](crate::FileState::Ready).
    pub attachments: Vec<Attachment>,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// Who is meant by it.
    pub mentions: Mentions,
    /// Now.
    pub created_at: Timestamp,
}

impl NewMessage {
    /// The message in its place.
    pub(super) fn at(self, seq: u64) -> Message {
        let (body, attachments) = (self.body.into(), self.attachments);
        let content = Content::Text { body, attachments, edited_at: None };
        Message {
            reply_to: self.reply_to,
            mentions: self.mentions,
            ..Message::new(self.id, self.conversation, seq, self.sender, content, self.created_at)
        }
    }
}

/// A stored message, and whether this call stored it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// As stored.
    pub message: Arc<Message>,
    /// False if it had been stored before: nobody is told again. True also for a message that an
    /// earlier call may have stored, where that cannot be known: telling twice is harmless.
    pub is_new: bool,
}

/// What changed in a conversation after a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Messages in their newest state, by rising version.
    pub messages: Vec<Arc<Message>>,
    /// Whether that is all; false if the limit cut it.
    pub complete: bool,
}

/// Messages. Every change takes the conversation's next version, and is one atomic write:
/// version n + 1 is never visible before n, and none is missing.
#[async_trait::async_trait]
pub trait Messages: Send + Sync {
    /// Stores a message as the conversation's next version, which is its seq too; its files are
    /// sent with it. The same id again, from the same sender to the same conversation, returns the
    /// stored message, whatever else the call says. The same id in another conversation is another
    /// message.
    ///
    /// Errors: `NotFound` (no such conversation, or the sender is not a member of it; or one of the
    /// files is not the sender's, not ready, named twice, or in another message), `IdTaken` (by
    /// another sender, in this one). After an error the files are as they were, or in doubt, see
    /// [`Files`](crate::Files): another try with the same id finds them.
    async fn append_message(&self, new: NewMessage) -> Result<Appended>;

    /// The message with this id in a conversation.
    async fn message(&self, conversation: ConversationId, id: MessageId) -> Result<Option<Arc<Message>>>;

    /// Puts `next` in the place of the message with its id, as the conversation's next version, if
    /// the stored one still has the version of `next`. What the old state held is nowhere any more.
    /// Returns what is stored now. `None`: somebody was faster, or it is gone, and nothing was
    /// changed.
    ///
    /// A message's id, seq, sender, kind and subject never change; `next` has the stored ones. Files
    /// may only become fewer, together with a new `edited_at` or as a tombstone: those that `next`
    /// has no longer are erased with the old state.
    async fn commit_message(&self, next: Message) -> Result<Option<Arc<Message>>>;

    /// The pinned messages of a conversation in the order in which they were pinned, the newest
    /// [`MAX_PINS`](model::change::MAX_PINS). No such conversation: none.
    async fn pins(&self, conversation: ConversationId) -> Result<Vec<Arc<Message>>>;

    /// Those messages of a conversation, with seqs in this range, that have something of a kind as
    /// [`kinds`](model::media::kinds) says: the newest `limit` of them, newest first. Takes as long as it takes to read
    /// so many, however long the history is.
    async fn media(
        &self,
        conversation: ConversationId,
        kind: MediaKind,
        seqs: Range<u64>,
        limit: usize,
    ) -> Result<Vec<Arc<Message>>>;

    /// A page of history by seq, always oldest first. No such conversation: an empty page. Around a seq or a moment
    /// is asked of whoever knows from where on the history is the viewer's.
    async fn page(&self, conversation: ConversationId, request: PageRequest) -> Result<Page>;

    /// The messages with a version above `after`, the lowest `limit` of them.
    async fn changes(&self, conversation: ConversationId, after: u64, limit: usize) -> Result<Changes>;

    /// The seq of the first message that was stored at a moment or later. Found by halving the history, so it takes
    /// as many looks into the index over seqs as its length has digits in binary. Where a clock was set back, one of
    /// the messages around which that happened.
    async fn first_since(&self, conversation: ConversationId, moment: Timestamp) -> Result<Option<u64>>;
}

/// Looks for the first message of a moment or later: a history rises in time as it does in seq.
#[derive(Debug)]
pub(crate) struct Halving {
    moment: Timestamp,
    /// What stands before this seq is older than the moment.
    low: u64,
    /// What stands from this seq on is not looked at any more.
    high: u64,
    found: Option<u64>,
}

impl Halving {
    /// In a history whose last change has the number `head`.
    pub fn new(moment: Timestamp, head: u64) -> Self {
        Self { moment, low: 0, high: head.saturating_add(1), found: None }
    }

    /// The seq from which on the next message is to be looked at; `Err`: the answer.
    pub fn next(&self) -> std::result::Result<u64, Option<u64>> {
        if self.low < self.high { Ok(self.low.midpoint(self.high)) } else { Err(self.found) }
    }

    /// Takes in the first message from that seq on, by seq and time.
    pub fn saw(&mut self, from: u64, message: Option<(u64, Timestamp)>) {
        match message.filter(|(seq, _)| *seq < self.high) {
            Some((seq, at)) if at < self.moment => self.low = seq + 1,
            Some((seq, _)) => (self.found, self.high) = (Some(seq), from),
            None => self.high = from,
        }
    }
}

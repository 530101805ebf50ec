//! Messages, numbered within their conversation.

use crate::Result;
use model::{
    content::Content,
    id::{ConversationId, MessageId, UserId},
    mention::Mentions,
    message::{Message, MessageBody, Page, PageRequest},
    time::Timestamp,
};
use std::sync::Arc;

/// A message before the store has given it its place.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Made by the sender's device.
    pub id: MessageId,
    /// Where it goes.
    pub conversation: ConversationId,
    /// Who writes.
    pub sender: UserId,
    /// What.
    pub body: MessageBody,
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
        let content = Content::text(self.body);
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
    /// Stores a message as the conversation's next version, which is its seq too. The same id
    /// again, from the same sender to the same conversation, returns the stored message,
    /// whatever else the call says. The same id in another conversation is another message.
    ///
    /// Errors: `NotFound` (no such conversation, or the sender is not a member of it), `IdTaken`
    /// (by another sender, in this one).
    async fn append_message(&self, new: NewMessage) -> Result<Appended>;

    /// The message with this id in a conversation.
    async fn message(&self, conversation: ConversationId, id: MessageId) -> Result<Option<Arc<Message>>>;

    /// Puts `next` in the place of the message with its id, as the conversation's next version, if
    /// the stored one still has the version of `next`. What the old state held is nowhere any more.
    /// Returns what is stored now. `None`: somebody was faster, or it is gone, and nothing was
    /// changed.
    ///
    /// A message's id, seq, sender, kind and subject never change; `next` has the stored ones.
    async fn commit_message(&self, next: Message) -> Result<Option<Arc<Message>>>;

    /// The pinned messages of a conversation in the order in which they were pinned, the newest
    /// [`MAX_PINS`](model::change::MAX_PINS). No such conversation: none.
    async fn pins(&self, conversation: ConversationId) -> Result<Vec<Arc<Message>>>;

    /// A page of history by seq, always oldest first. No such conversation: an empty page.
    async fn page(&self, conversation: ConversationId, request: PageRequest) -> Result<Page>;

    /// The messages with a version above `after`, the lowest `limit` of them.
    async fn changes(&self, conversation: ConversationId, after: u64, limit: usize) -> Result<Changes>;
}

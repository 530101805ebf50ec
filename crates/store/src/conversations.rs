//! Conversations and how a list shows them.

use crate::Result;
use model::{
    id::{ConversationId, MessageId, UserId},
    message::{Conversation, Message, MessageKind, Summary},
    time::Timestamp,
};
use std::sync::Arc;

/// A change of who belongs to a group. It is a message, the one that says so, and takes the
/// conversation's next version with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The group.
    pub conversation: ConversationId,
    /// Who joins or leaves.
    pub member: UserId,
    /// Who does it.
    pub by: UserId,
    /// A new id, for the message that says so.
    pub message: MessageId,
    /// Now.
    pub at: Timestamp,
}

impl Membership {
    /// The message that says so, in its place.
    pub(super) fn said(&self, kind: MessageKind, seq: u64) -> Message {
        let subject = (kind != MessageKind::Created).then_some(self.member);
        Message {
            id: self.message,
            conversation_id: self.conversation,
            seq,
            version: seq,
            sender: self.by,
            kind,
            subject,
            body: String::new(),
            reply_to: None,
            created_at: self.at,
            edited_at: None,
            deleted_at: None,
            reactions: Vec::new(),
        }
    }
}

/// Conversations. Direct ones come into being with what they belong to, see
/// [`Friendships::commit_friendship`](crate::Friendships::commit_friendship), and their members
/// never change; to the functions here that change a group they do not exist.
#[async_trait::async_trait]
pub trait Conversations: Send + Sync {
    /// The conversation with its members.
    async fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>>;

    /// Every conversation of `viewer` as their list shows it, in no special order.
    async fn summaries(&self, viewer: UserId) -> Result<Vec<Summary>>;

    /// One of them. `None`: there is no such conversation, or `viewer` is not a member.
    async fn summary(&self, id: ConversationId, viewer: UserId) -> Result<Option<Summary>>;

    /// Makes a group with a new id, whose only member is `first.member`. Returns the message that
    /// says so, its first.
    async fn create_group(&self, first: Membership) -> Result<Arc<Message>>;

    /// Adds a member, who has read everything up to the message that says so. `None`: they are a
    /// member already, and nothing was changed.
    ///
    /// Errors: `NotFound` (no such group, or `by` is not a member), `Full` (it has
    /// [`MAX_MEMBERS`](model::message::MAX_MEMBERS)).
    async fn add_member(&self, change: Membership) -> Result<Option<Arc<Message>>>;

    /// Takes a member out. `None`: they are no member, and nothing was changed. When nobody is
    /// left, the group is gone from the same moment on, with everything in it.
    ///
    /// Errors: `NotFound` (no such group, or `by` is not a member).
    async fn remove_member(&self, change: Membership) -> Result<Option<Arc<Message>>>;
}

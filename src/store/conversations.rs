//! Conversations and how a list shows them.

use super::Result;
use crate::{
    chat::model::{Conversation, Summary},
    id::{ConversationId, UserId},
};

/// Conversations. They come into being with what they belong to: see
/// [`Friendships::commit_friendship`](super::Friendships::commit_friendship).
#[async_trait::async_trait]
pub trait Conversations: Send + Sync {
    /// The conversation with its members.
    async fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>>;

    /// Every conversation of `viewer` as their list shows it, in no special order.
    async fn summaries(&self, viewer: UserId) -> Result<Vec<Summary>>;

    /// One of them. `None`: there is no such conversation, or `viewer` is not a member.
    async fn summary(&self, id: ConversationId, viewer: UserId) -> Result<Option<Summary>>;
}

//! How far people have read.

use crate::Result;
use model::id::{ConversationId, UserId};

/// One cursor per member and conversation; it only ever grows.
#[async_trait::async_trait]
pub trait ReadCursors: Send + Sync {
    /// Moves a member's cursor to `seq`, or to the conversation's head if that is less. Returns
    /// where it stands now, or `None` if it already stood there or further.
    ///
    /// Errors: `NotFound` (no such conversation, or not a member).
    async fn advance_read_cursor(
        &self,
        user: UserId,
        conversation: ConversationId,
        seq: u64,
    ) -> Result<Option<u64>>;
}

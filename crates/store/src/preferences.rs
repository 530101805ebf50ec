//! What a member alone keeps of a conversation.

use crate::Result;
use model::{
    id::{ConversationId, UserId},
    prefs::{Prefs, PrefsChange},
    time::Timestamp,
};

/// One set per member and conversation, as long as they belong to it; it is told in their summaries.
#[async_trait::async_trait]
pub trait Preferences: Send + Sync {
    /// Changes what `user` keeps of a conversation. Returns all of it, with the next revision; `None`: it is so
    /// already.
    ///
    /// Errors: `NotFound` (no such conversation, or not a member), `Full` (they pin one more than
    /// [`MAX_PINNED`](model::prefs::MAX_PINNED)).
    async fn set_prefs(
        &self,
        user: UserId,
        conversation: ConversationId,
        change: PrefsChange,
        at: Timestamp,
    ) -> Result<Option<Prefs>>;
}

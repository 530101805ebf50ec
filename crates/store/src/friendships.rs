//! What pairs of people are to each other.

use crate::Result;
use model::{
    friendship::{Friendship, Pair},
    id::{RequestId, UserId},
};

/// Friendships, one record per pair.
#[async_trait::async_trait]
pub trait Friendships: Send + Sync {
    /// The record of a pair.
    async fn friendship(&self, pair: Pair) -> Result<Option<Friendship>>;

    /// The record that this request led to.
    async fn friendship_by_request(&self, id: RequestId) -> Result<Option<Friendship>>;

    /// All records of a user, in every state, newest change first.
    async fn friendships_of(&self, user: UserId) -> Result<Vec<Friendship>>;

    /// Writes `next` if the stored record has the revision before it (`next.rev - 1`; 0 stands
    /// for no record). `false`: somebody was faster, and nothing was changed.
    ///
    /// While one of the two blocks the other, that conversation is [`closed`](model::message::Conversation::closed).
    ///
    /// When the new state is `Contacts`, the direct conversation that it names exists from the
    /// same moment on; when it is no longer `Contacts`, that conversation is gone from the same
    /// moment on.
    async fn commit_friendship(&self, next: &Friendship) -> Result<bool>;
}

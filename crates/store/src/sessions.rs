//! Log-ins that are remembered.

use crate::Result;
use model::{id::UserId, time::Timestamp};

/// A session as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// What it is known by: 128 bits, a hash of what the cookie holds.
    pub id: i128,
    /// Who is signed in, if anybody.
    pub user: Option<UserId>,
    /// What it carries, as JSON.
    pub data: String,
    /// From this moment on it does not exist.
    pub expires_at: Timestamp,
}

/// Sessions. One that was deleted or has expired never comes back.
#[async_trait::async_trait]
pub trait Sessions: Send + Sync {
    /// Stores a new session. `false`: the id is in use, and nothing was changed.
    async fn create_session(&self, session: SessionRecord) -> Result<bool>;

    /// Replaces a session that exists and has not expired at `now`. `false`: there is none, and
    /// none was made; a request that was under way while its session was deleted cannot bring it
    /// back.
    async fn save_session(&self, session: SessionRecord, now: Timestamp) -> Result<bool>;

    /// The session, unless it has expired at `now`.
    async fn session(&self, id: i128, now: Timestamp) -> Result<Option<SessionRecord>>;

    /// Deletes a session; one that does not exist is no error.
    async fn delete_session(&self, id: i128) -> Result<()>;

    /// Deletes all sessions of a user but `keep`. Returns how many.
    async fn delete_sessions_of(&self, user: UserId, keep: Option<i128>) -> Result<u64>;

    /// The sessions of a user that have not expired at `now`, the one that ends last first.
    async fn sessions_of(&self, user: UserId, now: Timestamp) -> Result<Vec<SessionRecord>>;

    /// Which of these sessions exist and have not expired at `now`, in no special order.
    async fn live_sessions(&self, ids: &[i128], now: Timestamp) -> Result<Vec<i128>>;

    /// A number that is another one than before after each [`Sessions::delete_sessions_of`] and
    /// whatever does the same to one who exists, each
    /// [`Users::delete_user`](crate::Users::delete_user) that deleted one, and each
    /// [`Sessions::delete_session`] that deleted a user's session; it only grows. Servers look at
    /// it every second and then ask for the sessions of their sockets, so it is cheap to read, and
    /// it changes with the deletion or after it, never before.
    async fn sessions_ended(&self) -> Result<u64>;

    /// Sweeps away what has expired at `now`. Returns how many.
    async fn delete_expired_sessions(&self, now: Timestamp) -> Result<u64>;
}

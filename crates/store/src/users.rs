//! Accounts.

use crate::Result;
use model::{
    id::{ConversationId, UserId},
    search::SearchTerm,
    time::Timestamp,
    user::{DisplayName, User, Username},
};
use uuid::Uuid;

/// A password's bcrypt hash in its usual text form; never shown. After [`IMPORTED`] it is one of
/// the password itself, from the Flask chat, until its owner logs in.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

/// What a hash from the Flask chat begins with.
const IMPORTED: &str = "chatroom:";

impl PasswordHash {
    /// A hash from the Flask chat; nothing fits to one that is no text of bcrypt's.
    pub fn imported(bcrypt: &str) -> Self {
        Self(format!("{IMPORTED}{bcrypt}"))
    }

    /// What was imported, if this was.
    pub fn as_imported(&self) -> Option<&str> {
        self.0.strip_prefix(IMPORTED)
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

/// A user with what only the server may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The user.
    pub user: User,
    /// For comparing at log-in, and for ending sessions when it changes.
    pub password_hash: PasswordHash,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the last device left.
    pub last_seen: Option<Timestamp>,
    /// Since when nobody may sign in with it; `None`: they may.
    pub disabled_at: Option<Timestamp>,
}

/// What an account is made from.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// A new id.
    pub id: UserId,
    /// The name, still to be found free.
    pub username: Username,
    /// The hash.
    pub password_hash: PasswordHash,
    /// Now.
    pub created_at: Timestamp,
}

/// That somebody was deleted, as one of those learns it whom they had to do with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parting {
    /// Names it; later ones are larger (UUIDv7).
    pub id: Uuid,
    /// Who is to learn of it.
    pub user: UserId,
    /// The direct conversation that they had, if they were contacts; or a group that they shared.
    pub conversation: Option<ConversationId>,
}

impl Parting {
    /// How many are read at most.
    pub const MOST: usize = 1000;
    /// How many members of groups are told of one deletion at most; the others learn with the next news of the group.
    pub const MOST_IN_GROUPS: usize = 500;
    /// How long one is kept at least, in milliseconds: longer than any server takes to look.
    pub const KEPT: i64 = 10 * 60 * 1000;

    /// A new one.
    pub fn new(user: UserId, conversation: Option<ConversationId>) -> Self {
        Self { id: Uuid::now_v7(), user, conversation }
    }

    /// What the ids of those begin above that are still to be kept at `now`.
    pub fn oldest_kept(now: Timestamp) -> Uuid {
        let oldest = u64::try_from(now.0 - Self::KEPT).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(oldest, &[0; 10]).into_uuid()
    }
}

/// Accounts, unique by name regardless of case.
#[async_trait::async_trait]
pub trait Users: Send + Sync {
    /// Makes an account, findable at once by [`Users::search_users`].
    /// Errors: `UsernameTaken`, also when two try at the same moment.
    async fn create_user(&self, new: NewAccount) -> Result<User>;

    /// The account with this id.
    async fn account(&self, id: UserId) -> Result<Option<Account>>;

    /// The account with this name, regardless of case.
    async fn account_by_name(&self, username: &Username) -> Result<Option<Account>>;

    /// The users with these ids, in no special order; unknown ids are left out.
    async fn users(&self, ids: &[UserId]) -> Result<Vec<Account>>;

    /// Up to `limit` users other than `but` whose folded name contains the term literally: names
    /// that begin with it first, then by name. Reads an index over the names' suffixes.
    async fn search_users(&self, term: &SearchTerm, but: UserId, limit: usize) -> Result<Vec<User>>;

    /// Notes when a user's last device left; an earlier moment than the stored one is ignored.
    async fn set_last_seen(&self, id: UserId, at: Timestamp) -> Result<()>;

    /// Up to `limit` accounts by folded name, from the first after `after` on; `None`: from the
    /// very first.
    async fn users_page(&self, after: Option<&Username>, limit: usize) -> Result<Vec<Account>>;

    /// Sets what somebody wants to be called; `None`: by their username. `false`: there is no such
    /// user.
    async fn set_display_name(&self, id: UserId, name: Option<DisplayName>) -> Result<bool>;

    /// Replaces the hash and ends every session of the user but `keep`, as
    /// [`Sessions::delete_sessions_of`](crate::Sessions::delete_sessions_of) does. Returns how many;
    /// `None`: there is no such user.
    ///
    /// A store that cannot do this at once replaces the hash first: no session made with the old
    /// one is good any more, and another call ends those that a crash has left.
    async fn set_password(&self, id: UserId, hash: PasswordHash, keep: Option<i128>) -> Result<Option<u64>>;

    /// Disables an account from `at` on, which ends its sessions in the same way, or enables it.
    /// Returns how many have ended; `None`: there is no such user.
    async fn set_disabled(&self, id: UserId, at: Option<Timestamp>) -> Result<Option<u64>>;

    /// Deletes a user with all that is theirs: sessions, friendships in every state, and their
    /// direct conversations with every message and read cursor in them, whoever wrote it. They
    /// leave the groups that they belong to, where their messages become tombstones and their
    /// reactions go. The name is free and found no more. `false`: there is no such user.
    ///
    /// A store that cannot do this at once ends the sessions first and deletes the account last,
    /// so that another call completes what a crash has left.
    ///
    /// Leaves a [`Parting`] for each friendship, and changes
    /// [`sessions_ended`](crate::Sessions::sessions_ended) once they can be read.
    async fn delete_user(&self, id: UserId) -> Result<bool>;

    /// The newest [`Parting::MOST`] partings, in no special order. They are kept for
    /// [`Parting::KEPT`] and until another deletion comes to them; those of a user who is deleted
    /// go at once.
    async fn partings(&self) -> Result<Vec<Parting>>;
}

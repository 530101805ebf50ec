//! What is kept: a trait per noun, each method one domain operation.
//!
//! Implementations mirror each other file by file; `tests/conformance` holds each of them to
//! what is written here. Every operation is atomic and, when its future has completed with `Ok`,
//! durable: it survives `kill -9` and the loss of power. Dropping the future does not undo it.
//!
//! - [`embedded`]: SQLite in one folder, the default.
//! - [`mongo`]: MongoDB, if `MONGODB_URI` is set.
//!
//! The bytes of files are kept apart from it, in [`bytes`].

pub mod bytes;
mod clock;
mod conversations;
pub mod embedded;
mod error;
mod files;
mod friendships;
mod group_invitations;
mod invitations;
mod messages;
pub mod metrics;
pub mod mongo;
mod preferences;
mod read_cursors;
mod sessions;
mod users;

pub use clock::now;
pub use conversations::{Conversations, GroupChange, Membership};
pub use error::{StoreError, internal};
pub use files::{FileFacts, FileLimits, FileState, Files, NewFile, StoredFile};
pub use friendships::Friendships;
pub use group_invitations::GroupInvitations;
pub use invitations::Invitations;
pub use messages::{Appended, Changes, Messages, NewMessage};
pub use preferences::Preferences;
pub use read_cursors::ReadCursors;
pub use sessions::{SessionRecord, Sessions};
pub use users::{Account, NewAccount, Parting, PasswordHash, Users};

/// All nouns, in one handle that is shared by everything that runs.
#[async_trait::async_trait]
pub trait Store:
    Users
    + Invitations
    + GroupInvitations
    + Sessions
    + Friendships
    + Conversations
    + Messages
    + Files
    + ReadCursors
    + Preferences
    + Send
    + Sync
{
    /// Whether the store can be read and written now. Errors: `Unavailable` with the reason.
    async fn check_ready(&self) -> Result<()>;

    /// 32 random bytes that this store was given when it was made: what others must not be able to work
    /// out is derived from them. They never change.
    async fn secret(&self) -> Result<[u8; 32]>;

    /// Finishes what is queued and closes the store; later operations fail as `Unavailable`.
    async fn close(&self);
}

/// What every operation returns.
pub type Result<T> = std::result::Result<T, StoreError>;

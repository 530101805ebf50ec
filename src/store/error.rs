//! What can go wrong in a store, whatever database lies below.

/// A store's refusal or failure. Database text stays in `Unavailable` and `Broken`, which go to
/// the log and never to a client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another user has this name.
    #[error("the username is taken")]
    UsernameTaken,
    /// Another message of the conversation has this id: somebody else's.
    #[error("the message id is taken")]
    IdTaken,
    /// The group has as many members as it may have.
    #[error("the group is full")]
    Full,
    /// There is no such user, session or conversation.
    #[error("not found")]
    NotFound,
    /// The store cannot answer now; the same call may succeed later.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// The database refused or returned what it should not: a defect, or damage on disk.
    #[error("the store is broken: {0}")]
    Broken(String),
}

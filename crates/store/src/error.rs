//! What can go wrong in a store, whatever database lies below, and what a caller is told of it.

use model::{
    error::{AppError, ErrorCode},
    message::MAX_MEMBERS,
};
use uuid::Uuid;

/// A store's refusal or failure. Database text stays in `Unavailable` and `Broken`, which go to
/// the log and never to a client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another user has this name.
    #[error("the username is taken")]
    UsernameTaken,
    /// The invitation has ended, is used up, was taken back or never was.
    #[error("the invitation is good no more")]
    NotInvited,
    /// Another message of the conversation has this id: somebody else's.
    #[error("the message id is taken")]
    IdTaken,
    /// The group has as many members as it may have; or there is no room for one thing more of another kind, as the
    /// operation says.
    #[error("there is no more room")]
    Full,
    /// The group has asked, or the person is asked, as often as may be at one time.
    #[error("too many invitations wait")]
    TooManyInvitations,
    /// One person's files would have more bytes than they may.
    #[error("there is no more room for files")]
    QuotaExceeded,
    /// So many uploads of one person are not finished.
    #[error("too many uploads are not finished")]
    TooManyUploads,
    /// There is no such user, session, conversation or file.
    #[error("not found")]
    NotFound,
    /// The store cannot answer now; the same call may succeed later.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// The database refused or returned what it should not: a defect, or damage on disk.
    #[error("the store is broken: {0}")]
    Broken(String),
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::UsernameTaken => {
                Self::new(ErrorCode::UsernameTaken, "This username is taken. Please choose another one.")
                    .on("username")
            }
            StoreError::NotInvited => Self::new(
                ErrorCode::NotInvited,
                "This invitation is no longer good: it has been used, has ended or was taken back. Ask for a new one.",
            )
            .on("invite"),
            StoreError::IdTaken => Self::new(
                ErrorCode::IdTaken,
                "Another message has this id. Send this one again with a new id.",
            )
            .on("id"),
            StoreError::Full => {
                Self::new(ErrorCode::NotAllowed, format!("This group is full: it has {MAX_MEMBERS} members."))
            }
            StoreError::TooManyInvitations => Self::new(
                ErrorCode::NotAllowed,
                "Too many invitations wait for an answer already. Take some of this group's back, or try again later.",
            ),
            StoreError::QuotaExceeded => Self::new(
                ErrorCode::QuotaExceeded,
                "There is no room left for this file: your files take as much as they may. Delete some of them first.",
            ),
            StoreError::TooManyUploads => Self::new(
                ErrorCode::NotAllowed,
                "Too many of your uploads are not finished. Finish them or give them up first.",
            ),
            StoreError::NotFound => Self::not_found(),
            StoreError::Unavailable(why) => {
                tracing::error!(%why, "the store is unavailable");
                Self::new(ErrorCode::Unavailable, "The server cannot do this right now. Please try again.")
                    .retry_after(2)
            }
            StoreError::Broken(why) => internal(why),
        }
    }
}

/// A defect: what happened goes to the log, under the id that the caller is told.
pub fn internal(why: impl std::fmt::Display) -> AppError {
    let incident = Uuid::now_v7();
    tracing::error!(%incident, %why, "a request failed");
    AppError::internal(incident)
}

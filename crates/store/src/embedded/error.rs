//! What SQLite's errors mean for a caller.

use crate::{Result, StoreError};
use rusqlite::ErrorCode;
use std::panic::{AssertUnwindSafe, catch_unwind};

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            // The disk is full, slow, gone or read-only, or another program holds the file: none
            // of these lasts for ever.
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::SystemIoFailure
                | ErrorCode::DiskFull
                | ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::OutOfMemory,
            ) => Self::Unavailable(error.to_string()),
            _ => Self::Broken(error.to_string()),
        }
    }
}

/// What every operation answers once the store has been closed.
pub(super) fn closed() -> StoreError {
    StoreError::Unavailable("the store is closed".into())
}

/// Turns a panic into an error: the writer thread and the connections are shared, and one
/// operation's defect must not take them from all others.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(StoreError::Broken("an operation panicked; see the log".into())))
}

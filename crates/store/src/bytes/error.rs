//! What can go wrong where bytes are kept, and what a caller is told of it.

use crate::internal;
use model::error::{AppError, ErrorCode};
use std::io;

/// A refusal or failure. What the operating system says goes to the log and never to a client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BytesError {
    /// There are no such bytes.
    #[error("there are no such bytes")]
    NotFound,
    /// Somebody else writes them at this moment.
    #[error("somebody else is writing these bytes")]
    Busy,
    /// Bytes that were noted as kept are not there: somebody has meddled with them, or a backup was restored.
    #[error("only {kept} bytes are kept")]
    Short {
        /// So many are.
        kept: u64,
    },
    /// There is no room for more.
    #[error("there is no room for more bytes")]
    Full,
    /// Anything else: a disk that fails, a folder that is not ours.
    #[error("bytes cannot be read or written: {0}")]
    Failed(String),
}

impl From<io::Error> for BytesError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::Full
            }
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<BytesError> for AppError {
    fn from(error: BytesError) -> Self {
        match error {
            BytesError::NotFound => Self::not_found(),
            BytesError::Busy => Self::new(
                ErrorCode::Changed,
                "This file is being sent from somewhere else. Try again in a moment.",
            ),
            BytesError::Full => {
                tracing::error!("there is no room for more files");
                Self::new(ErrorCode::Unavailable, "The server has no room for this file right now.")
                    .retry_after(600)
            }
            BytesError::Short { .. } | BytesError::Failed(_) => internal(error),
        }
    }
}

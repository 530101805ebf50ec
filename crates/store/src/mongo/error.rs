//! What the driver's errors mean for a caller, and how long a command may take.

use crate::StoreError;
use mongodb::error::{Error, ErrorKind, WriteFailure};
use std::{future::IntoFuture, time::Duration};
use tokio::time::timeout;

/// How long a write waits for the majority; one that waited in vain may be stored all the same.
pub(super) const MAJORITY: Duration = Duration::from_secs(5);
/// How long a read may take inside the server.
pub(super) const READ: Duration = Duration::from_secs(5);
/// How long any command may take, its way there and back included.
const ANSWER: Duration = Duration::from_secs(8);

/// A unique index has this key already.
const DUPLICATE: i32 = 11000;

/// How a command failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// A unique index refused it; nothing was written.
    Duplicate,
    /// No server, no answer, or no majority in time. A write may have been done or not.
    Unknown(String),
    /// The database refused it, or returned what it should not.
    Refused(String),
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Duplicate => Self::Broken("a unique index refused what should be new".into()),
            Failure::Unknown(why) => Self::Unavailable(why),
            Failure::Refused(why) => Self::Broken(why),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let why = error.kind.to_string();
        match *error.kind {
            ErrorKind::Write(WriteFailure::WriteError(refusal)) => Self::of(refusal.code, why),
            ErrorKind::Command(refusal) => Self::of(refusal.code, why),
            ErrorKind::Write(WriteFailure::WriteConcernError(_))
            | ErrorKind::Io(_)
            | ErrorKind::ConnectionPoolCleared { .. }
            | ErrorKind::ServerSelection { .. }
            | ErrorKind::DnsResolve { .. }
            | ErrorKind::Shutdown => Self::Unknown(why),
            _ => Self::Refused(why),
        }
    }
}

impl Failure {
    fn of(code: i32, why: String) -> Self {
        match code {
            DUPLICATE => Self::Duplicate,
            // The server starts, stops, steps down, looks for a primary, cannot reach others, is
            // overloaded, took too long or has no room: none of these lasts for ever.
            6 | 7 | 50 | 64 | 89 | 91 | 112 | 133 | 134 | 189 | 202 | 262 | 384 | 402 | 462 | 9001
            | 10058 | 10107 | 11600 | 11602 | 13388 | 13435 | 13436 | 14031 => Self::Unknown(why),
            _ => Self::Refused(why),
        }
    }
}

/// Runs a command, but not for ever.
pub(super) async fn answered<T>(
    command: impl IntoFuture<Output = mongodb::error::Result<T>>,
) -> Result<T, Failure> {
    match timeout(ANSWER, command.into_future()).await {
        Ok(outcome) => Ok(outcome?),
        Err(_) => Err(Failure::Unknown("the database did not answer in time".into())),
    }
}

/// What a document that should not be there says to the log.
pub(super) fn damaged(what: impl std::fmt::Display) -> Failure {
    Failure::Refused(format!("a document cannot be read: {what}"))
}

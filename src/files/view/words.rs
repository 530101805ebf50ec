//! What people read about files that they send.

use model::{
    error::{AppError, ErrorCode},
    file::MAX_ATTACHMENTS,
};

/// What chooses files.
pub const ATTACH: &str = "Attach files";
/// The list of those that are chosen.
pub const ATTACHMENTS: &str = "Attachments";
/// A picture is being made smaller.
pub const MAKING: &str = "Preparing…";
/// All of a file is at the server.
pub const READY: &str = "Ready to send";
/// No line to the server: it goes on by itself.
pub const WAITING: &str = "Goes on when there is a connection";
/// Tries once more to send one that was refused.
pub const AGAIN: &str = "Try again";
/// Sends a picture as large as it was chosen.
pub const ORIGINAL: &str = "Original";
/// Asks for a description of a picture.
pub const DESCRIBE: &str = "Say what is to be seen";

/// Takes one out again.
pub fn remove(name: &str) -> String {
    format!("Remove {name}")
}

/// The description of a picture.
pub fn description_of(name: &str) -> String {
    format!("Description of {name}")
}

/// Sends this one as large as it was chosen.
pub fn original_of(name: &str) -> String {
    format!("{ORIGINAL}: {name}")
}

/// Tries once more to send this one.
pub fn again(name: &str) -> String {
    format!("{AGAIN}: {name}")
}

/// More were chosen than a message takes.
pub fn too_many(first: &str) -> AppError {
    let why =
        format!("A message has at most {MAX_ATTACHMENTS} files: “{first}” and what follows was not added.");
    AppError::new(ErrorCode::InvalidMessage, why)
}

/// The browser does not keep a file.
pub fn unkept(name: &str) -> AppError {
    let why = format!("This browser has no room to keep “{name}”: leave this page open until it is sent.");
    AppError::new(ErrorCode::Unavailable, why)
}

/// One of them cannot be sent.
pub fn refused(name: &str, why: &str) -> AppError {
    AppError::new(ErrorCode::InvalidMessage, format!("“{name}” cannot be sent: {why}"))
}

/// The bytes of a file are not in the browser any more.
pub fn lost() -> AppError {
    AppError::new(ErrorCode::NotFound, "This browser does not have the file any more. Choose it once more.")
}

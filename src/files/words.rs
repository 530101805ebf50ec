//! What people read about files.

use model::{
    error::{AppError, ErrorCode},
    words::size,
};

/// A file is larger than any may be, in bytes.
pub fn too_large(name: &str, most: u64) -> AppError {
    let why = format!("“{name}” is too large: a file has at most {} here.", size(most));
    AppError::new(ErrorCode::TooLarge, why).on("file")
}

/// What comes with one form is larger than the files of one message may be, in bytes.
pub fn too_much(most: u64) -> AppError {
    let why = format!("That is too large: send at most {} at once.", size(most));
    AppError::new(ErrorCode::TooLarge, why).on("file")
}

/// The disk is nearly full.
pub fn disk_full() -> AppError {
    let why = "The server has no room for more files now. Whoever runs it can make some; then try again.";
    AppError::new(ErrorCode::Unavailable, why).retry_after(600)
}

//! What people read about files.

use model::error::{AppError, ErrorCode};

/// A file is larger than any may be.
pub fn too_large(name: &str, most: &str) -> AppError {
    let why = format!("“{name}” is too large: a file has at most {most} here.");
    AppError::new(ErrorCode::TooLarge, why).on("file")
}

/// The disk is nearly full.
pub fn disk_full() -> AppError {
    let why = "The server has no room for more files now. Whoever runs it can make some; then try again.";
    AppError::new(ErrorCode::Unavailable, why).retry_after(600)
}

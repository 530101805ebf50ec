//! What an upload says of its file: `Upload-Metadata`, pairs of a key and a value in base64.

use axum::http::HeaderMap;
use base64::{Engine, prelude::BASE64_STANDARD};
use model::error::AppError;

/// The longest header of it that is read, in bytes.
const MAX: usize = 4096;

/// What an upload says of its file. Of everything but the name, the bytes decide.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// What the file is called where it comes from.
    pub filename: String,
}

impl Metadata {
    /// Reads the header; none is as good as an empty one. Errors: `malformed`.
    pub fn of(headers: &HeaderMap) -> Result<Self, AppError> {
        let Some(header) = headers.get("upload-metadata") else { return Ok(Self::default()) };
        let wrong = || AppError::malformed("Upload-Metadata is no list of keys and values in base64");
        let text = header.to_str().ok().filter(|text| text.len() <= MAX).ok_or_else(wrong)?;
        let mut metadata = Self::default();
        for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
            let value = BASE64_STANDARD.decode(value.trim()).map_err(|_| wrong())?;
            if key == "filename" {
                metadata.filename = String::from_utf8_lossy(&value).into_owned();
            }
        }
        Ok(metadata)
    }
}

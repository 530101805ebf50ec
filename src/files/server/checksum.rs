//! What a part of an upload adds up to: `Upload-Checksum`, the name of an algorithm and its digest in base64.

use axum::http::HeaderMap;
use base64::{Engine, prelude::BASE64_STANDARD};
use model::error::AppError;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// What is understood, as tus lists it.
pub const ALGORITHMS: &str = "sha1,sha256";

/// What the bytes of one request must add up to. They are taken whole or not at all.
pub struct Checksum {
    running: Running,
    expected: Vec<u8>,
}

enum Running {
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Checksum {
    /// That of a request, if it has one. Errors: `malformed`.
    pub fn of(headers: &HeaderMap) -> Result<Option<Self>, AppError> {
        let Some(header) = headers.get("upload-checksum") else { return Ok(None) };
        let wrong = || AppError::malformed("Upload-Checksum is no sha1 or sha256 in base64");
        let (algorithm, digest) =
            header.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(wrong)?;
        let running = match algorithm {
            "sha1" => Running::Sha1(Sha1::new()),
            "sha256" => Running::Sha256(Sha256::new()),
            _ => return Err(wrong()),
        };
        Ok(Some(Self { running, expected: BASE64_STANDARD.decode(digest.trim()).map_err(|_| wrong())? }))
    }

    /// Takes in what came.
    pub fn take(&mut self, bytes: &[u8]) {
        match &mut self.running {
            Running::Sha1(running) => running.update(bytes),
            Running::Sha256(running) => running.update(bytes),
        }
    }

    /// Whether all that came adds up.
    pub fn adds_up(self) -> bool {
        match self.running {
            Running::Sha1(running) => running.finalize().as_slice() == self.expected,
            Running::Sha256(running) => running.finalize().as_slice() == self.expected,
        }
    }
}

//! Files that somebody has chosen: there are none.

use crate::browser::{Chosen, Picture};

/// The bytes of a file.
#[derive(Clone)]
pub struct Bytes;

/// Whether something stands chosen in a field of files.
pub fn has_chosen(_field: &str) -> bool {
    false
}

/// Takes what was chosen in a field of files.
pub fn take_chosen(_field: &str) -> Vec<Chosen> {
    Vec::new()
}

/// Makes a picture to be sent.
pub async fn picture(_bytes: &Bytes) -> Option<Picture> {
    None
}

/// An address in this page under which bytes can be shown.
pub fn show(_bytes: &Bytes) -> Option<String> {
    None
}

/// Lets go of such an address.
pub fn hide(_address: &str) {}

/// Shows in the page how much of a file has gone.
pub fn show_progress(_file: &str, _percent: f64) {}

/// Keeps what is said of a file, and its bytes.
pub async fn keep(_file: &str, _about: String, _bytes: Option<&Bytes>) -> Option<()> {
    None
}

/// Keeps it no longer.
pub async fn forget(_file: &str) -> Option<()> {
    None
}

/// What is said of all files that are kept.
pub async fn kept() -> Vec<String> {
    Vec::new()
}

/// The bytes of one of them.
pub async fn bytes(_file: &str) -> Option<Bytes> {
    None
}

/// What the server answered.
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: String,
}

impl Answer {
    /// One of its headers.
    pub fn header(&self, _name: &str) -> Option<String> {
        None
    }
}

/// Asks the server something.
pub async fn ask(
    _method: &str,
    _address: &str,
    _headers: &[(&str, String)],
    _body: Option<(&Bytes, u64)>,
    _goes_on: Box<dyn Fn(u64) -> bool>,
) -> Option<Answer> {
    None
}

/// A text as base64.
pub fn base64(_text: &str) -> String {
    String::new()
}

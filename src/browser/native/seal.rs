//! Texts that only their writer can read: nothing is kept here.

use uuid::Uuid;

/// Seals a text.
pub fn seal(_key: [Uuid; 2], _text: &str) -> String {
    String::new()
}

/// What was sealed with this key.
pub fn open(_key: [Uuid; 2], _kept: String) -> Option<String> {
    None
}

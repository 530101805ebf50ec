//! The browser's database: there is none.

/// Writes a text under its key, or deletes it.
pub async fn set(_key: String, _text: Option<String>) -> Option<()> {
    None
}

/// All texts.
pub async fn all() -> Option<Vec<String>> {
    None
}

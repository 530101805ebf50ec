//! What helps to write.

/// The toolbar, and what shows it.
pub const FORMATTING: &str = "Formatting";
/// A button of it.
pub const BOLD: &str = "Bold";
/// A button of it.
pub const ITALIC: &str = "Italic";
/// A button of it.
pub const STRIKE: &str = "Strikethrough";
/// A button of it.
pub const CODE: &str = "Code";
/// A button of it.
pub const LINK: &str = "Link";
/// A button of it.
pub const QUOTE: &str = "Quote";
/// A button of it.
pub const LIST: &str = "List";

/// What a button is called, with the keys that do the same; `command` is the one to hold.
pub fn with_keys(name: &str, command: &str, keys: &str) -> String {
    format!("{name} ({command}+{keys})")
}

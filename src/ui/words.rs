//! What is said on more than one feature's behalf.

use model::{file::Attachment, markup::plain};

/// Puts a notice away.
pub const DISMISS: &str = "Dismiss";
/// A part of the page did not load.
pub const PART_MISSING: &str =
    "A part of this page could not be loaded. Check your connection, then try it once more.";
/// Tries something once more.
pub const TRY_AGAIN: &str = "Try again";
/// An address that leads nowhere: what is the case.
pub const NOTHING_HERE: &str = "There is nothing here";
/// Why that may be.
pub const NOTHING_HERE_BECAUSE: &str = "The address may be mistyped, or what was here is gone.";
/// Leads back.
pub const TO_CONVERSATIONS: &str = "Go to your conversations";
/// What search engines and link previews say of every page.
pub const DESCRIPTION: &str = "Private chat on a server that is yours.";

/// A message without marks: its text, or which files it has where it has none.
pub fn in_brief(words: &str, files: &[Attachment]) -> String {
    match (words, files) {
        ("", [file]) => file.name.as_str().to_owned(),
        ("", [file, others @ ..]) => format!("{} and {} more", file.name.as_str(), others.len()),
        _ => plain(words),
    }
}

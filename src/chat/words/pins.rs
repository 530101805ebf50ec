//! What is pinned: the line above a conversation, the panel, and the mark on a message.

/// Has a message stand above the conversation, for everybody.
pub const PIN: &str = "Pin";
/// Has it stand there no longer.
pub const UNPIN: &str = "Unpin";
/// Above what is pinned.
pub const PINNED: &str = "Pinned";
/// What is said of a pinned message besides how far it has come.
pub const PINNED_TOO: &str = "pinned";
/// The panel of what is pinned.
pub const PINNED_MESSAGES: &str = "Pinned messages";
/// The panel while there is nothing in it.
pub const NOTHING_PINNED: (&str, &str) = (
    "Nothing is pinned",
    "What you pin in the options of a message stands here for everybody in this conversation.",
);

/// Leads to what is pinned.
pub fn pinned(said: &str) -> String {
    format!("Pinned: {said}")
}

/// Opens the panel of what is pinned.
pub fn pinned_messages(count: usize) -> String {
    format!("{PINNED_MESSAGES}, {count}")
}

/// Has a message of the panel be pinned no longer.
pub fn unpin(said: &str) -> String {
    format!("{UNPIN}: {said}")
}

/// More pinned messages than there may be.
pub fn too_many_pins(most: usize) -> String {
    format!("At most {most} messages of a conversation can be pinned. Unpin one of them first.")
}

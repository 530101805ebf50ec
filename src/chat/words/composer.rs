//! Where a message is written.

/// The composer's field.
pub const MESSAGE: &str = "Message";
/// Its button.
pub const SEND: &str = "Send";

/// How many characters a message has room for, once that is worth a word.
pub fn room(characters: usize, most: usize) -> Option<String> {
    match most.checked_sub(characters) {
        Some(left) if left < 200 => Some(format!("{left} characters left")),
        Some(_) => None,
        None => Some(format!("{} characters too many; send it in parts", characters - most)),
    }
}

/// Where the composer would be for whoever may not write.
pub const READ_ONLY: &str = "Only admins write in this group.";
/// The composer holds other words for a message.
pub const EDITING: &str = "Editing message";
/// Ends that, and leaves it as it is.
pub const CANCEL_EDIT: &str = "Cancel edit";
/// Answers nothing any more.
pub const CANCEL_REPLY: &str = "Cancel reply";

/// What the composer is about to answer.
pub fn replying_to(name: Option<&str>) -> String {
    format!("Replying to {}", name.unwrap_or("a message"))
}

//! What can be done with a message.

use model::message::Readers;

/// Answers a message.
pub const REPLY: &str = "Reply";
/// Puts an emoji under it.
pub const REACT: &str = "React";
/// Puts other words in its place.
pub const EDIT: &str = "Edit";
/// Takes its text along.
pub const COPY_TEXT: &str = "Copy text";
/// Takes its address along.
pub const COPY_LINK: &str = "Copy link";
/// Sends it into other conversations.
pub const FORWARD: &str = "Forward";
/// Says when it was written, and who has read it.
pub const INFORMATION: &str = "Information";
/// The text is in the clipboard.
pub const COPIED: &str = "The text is copied.";
/// The address is in the clipboard.
pub const LINK_COPIED: &str = "The link is copied. Whoever is in this conversation can follow it.";
/// Nothing is in the clipboard.
pub const NOT_COPIED: &str =
    "Your browser does not let this site copy. Select the text and copy it yourself.";
/// After a message was deleted.
pub const DELETED_MESSAGE: &str = "Message deleted.";
/// Takes that back.
pub const UNDO: &str = "Undo";
/// A message that something was asked of.
pub const MESSAGE_GONE: &str = "This message is not here. It may have been deleted.";
/// Who has written it.
pub const WRITTEN_BY: &str = "From";
/// When it was stored.
pub const SENT_AT: &str = "Sent";
/// When it was last changed.
pub const EDITED_AT: &str = "Edited";
/// Who has read it.
pub const READ_BY: &str = "Read by";
/// Who has not.
pub const NOT_READ_BY: &str = "Not read by";

/// How many have read it, where they are too many to name.
pub fn so_many(Readers { read, of }: Readers) -> String {
    format!("{read} of {of}")
}

/// What is asked where a message is to be sent, too.
pub const FORWARD_TO: &str = "Forward to";
/// Where that needs scripting.
pub const NEEDS_SCRIPTING: &str =
    "Forwarding needs scripting, which your browser does without. Copy the text instead.";
/// Nothing was chosen.
pub const NOWHERE_CHOSEN: &str = "Choose at least one conversation.";

/// It was sent into so many conversations.
pub fn forwarded(count: usize) -> String {
    match count {
        1 => "Forwarded.".to_owned(),
        _ => format!("Forwarded to {count} conversations."),
    }
}

/// The emojis to choose from.
pub const EMOJI: &str = "Emoji";
/// The field that finds one.
pub const FIND_EMOJI: &str = "Find emoji";
/// The emojis could not be had.
pub const NO_EMOJI: &str = "The emojis could not be loaded. Check your connection, then open this once more.";
/// No emoji is called so.
pub const NO_EMOJI_FOUND: &str = "No emoji is called so.";
/// Those that were used last.
pub const RECENT: &str = "Recently used";
/// Chooses a skin tone.
pub const SKIN_TONE: &str = "Skin tone";

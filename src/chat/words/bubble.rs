//! A message in the history.

use super::{author, somebody};
use crate::ui::words::in_brief;
use model::{content::Content, id::UserId, message::Reaction, state::ChatState};

/// What stands in the place of words where a message has none.
pub fn without(content: &Content) -> &'static str {
    match content {
        Content::Text { .. } | Content::System(_) | Content::Hidden => "",
        Content::Deleted { .. } => "Message deleted",
        Content::Unknown => "Sent by a newer version of Sotto. Reload the page to see it.",
    }
}

/// What a message says, without marks: its text, or what stands in its place.
pub fn without_marks(content: &Content) -> String {
    match content.words() {
        Some(words) => in_brief(words, content.attachments()),
        None => without(content).to_owned(),
    }
}

/// Behind the text of a message that has other words by now.
pub const EDITED: &str = "edited";
/// In place of words that are not seen before they are asked for; shows them.
pub const SPOILER: &str = "Spoiler";
/// Takes lines of code along.
pub const COPY_CODE: &str = "Copy code";
/// The same once that is done.
pub const CODE_COPIED: &str = "Copied";
/// A message on its way.
pub const SENDING: &str = "Sending…";
/// Behind the time of a message that is stored.
pub const SENT: &str = " · Sent";
/// Behind the time of one that the other has read.
pub const READ: &str = " · Read";
/// Sends a refused message again.
pub const RETRY: &str = "Retry";
/// Gives it up.
pub const DELETE: &str = "Delete";

/// Why a message was refused.
pub fn not_sent(why: &str) -> String {
    format!("Not sent. {why}")
}

/// Opens what can be done with a message, and what it is called.
pub const MESSAGE_OPTIONS: &str = "Message options";
/// In place of an answered message that has not come yet.
pub const QUOTE_COMING: &str = "An earlier message";
/// In place of an answered message that is not there.
pub const QUOTE_GONE: &str = "A message that you cannot see";

/// What a message answers.
pub fn replying(name: &str, said: &str) -> String {
    format!("Replying to {name}: {said}")
}

/// How people reacted.
pub const REACTIONS: &str = "Reactions";
/// Opens the emojis.
pub const ADD_REACTION: &str = "Add reaction";

/// One emoji under a message, with whose it is.
pub fn reaction(state: &ChatState, reaction: &Reaction) -> String {
    let names: Vec<_> = reaction.users.iter().map(|user| author(state, *user)).collect();
    format!("{}, {}, by {}", reaction.emoji, names.len(), names.join(", "))
}

/// Reacts, or takes that back.
pub fn react_with(emoji: &str, on: bool) -> String {
    if on { format!("React with {emoji}") } else { format!("Take back {emoji}") }
}

/// Who has read a message of a group, under it.
pub fn read_by(state: &ChatState, readers: &[UserId]) -> String {
    /// So many are named.
    const NAMED: usize = 5;
    let names: Vec<_> = readers.iter().take(NAMED).map(|reader| somebody(state, *reader)).collect();
    let names = names.join(", ");
    match readers.len().saturating_sub(NAMED) {
        0 => format!("Read by {names}"),
        others => format!("Read by {names} and {others} more"),
    }
}

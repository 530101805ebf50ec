//! What the chat says to people.

use model::content::{Content, System};

/// In a conversation in which nothing was said.
pub const FIRST: &str =
    "Say the first word. It is for the two of you; whoever runs this server could read it.";

/// Before one's own words in the list of conversations.
pub const YOU: &str = "You: ";
/// Before words that were typed and not sent.
pub const DRAFT: &str = "Draft: ";
/// Instead of the last words while somebody writes.
pub const TYPING: &str = "typing…";
/// In a conversation in which nothing was said, in the list.
pub const SAY_HELLO: &str = "Say hello";
/// Where the page can be entered past the lists.
pub const SKIP: &str = "Skip to the conversation";
/// Leads from further up to the newest message.
pub const TO_THE_END: &str = "Go to the newest message";
/// The same where something has come meanwhile, and what stands above it.
pub const NEW_MESSAGES: &str = "New messages";

/// How many characters a message has room for, once that is worth a word.
pub fn room(characters: usize, most: usize) -> Option<String> {
    match most.checked_sub(characters) {
        Some(left) if left < 200 => Some(format!("{left} characters left")),
        Some(_) => None,
        None => Some(format!("{} characters too many; send it in parts", characters - most)),
    }
}

/// Who writes.
pub fn writes(name: &str) -> String {
    format!("{name} is typing")
}

/// What stands in the place of words where a message has none.
pub fn without(content: &Content) -> &'static str {
    match content {
        Content::Text { .. } => "",
        Content::Deleted { .. } => "Message deleted",
        Content::System(System::Created) => "Made this group",
        Content::System(System::Joined(_)) => "Somebody joined",
        Content::System(System::Left(_)) => "Somebody left",
        Content::System(System::Renamed(_)) => "Gave this group another name",
        Content::System(System::Role(..)) => "Changed what somebody may do",
        Content::System(System::Settings) => "Changed the settings of this group",
        Content::Unknown => "Sent by a newer version of Sotto. Reload the page to see it.",
    }
}

/// There is no connection.
pub const RECONNECTING: &str = "Reconnecting… What you write is kept.";
/// No socket gets through.
pub const POLLING: &str = "This network blocks live updates. Messages arrive within seconds.";

//! What the chat says to people.

use model::content::{Content, System};

/// In a conversation in which nothing was said.
pub const FIRST: &str =
    "Say the first word. It is for the two of you; whoever runs this server could read it.";

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

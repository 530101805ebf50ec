//! Who is mentioned, and what mentions the viewer.

/// The list of those who can be.
pub const PEOPLE_TO_MENTION: &str = "People to mention";
/// All of a group at once.
pub const EVERYBODY: &str = "Everybody";

/// How many unread messages mention the viewer, in the name of a conversation.
pub fn mentions(count: &str) -> String {
    match count {
        "1" => "1 mention".to_owned(),
        _ => format!("{count} mentions"),
    }
}

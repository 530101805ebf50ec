//! The list of conversations.

/// The list of conversations.
pub const CONVERSATIONS: &str = "Conversations";
/// The list while it is empty: what is the case, and what to do.
pub const NOBODY_YET: (&str, &str) = (
    "No conversations yet",
    "Find people by name above and send them a request. Once they accept, you can talk here.",
);
/// Before one's own words in the list of conversations.
pub const YOU: &str = "You: ";
/// Before words that were typed and not sent.
pub const DRAFT: &str = "Draft: ";
/// Instead of the last words while somebody writes.
pub const TYPING: &str = "typing…";
/// In a conversation in which nothing was said, in the list.
pub const SAY_HELLO: &str = "Say hello";

/// The last words of a group in the list.
pub fn said(who: &str, what: &str) -> String {
    format!("{who}: {what}")
}

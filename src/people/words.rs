//! What is said about contacts and requests.

/// What removing somebody does.
pub fn removal(name: &str) -> String {
    format!(
        "You and {name} will no longer be contacts, and everything that you wrote to each other is erased for both of you. This cannot be undone."
    )
}

/// How much that is: the number of messages, and since when.
pub fn lost(messages: u64, since: &str) -> String {
    match messages {
        1 => format!("That is one message, in a conversation since {since}."),
        _ => format!("That is about {messages} messages, in a conversation since {since}."),
    }
}

/// After one of the two has removed the other, on the screens of both.
pub fn parted(name: &str) -> String {
    format!("{name} is no longer your contact. Your conversation was erased for both of you.")
}

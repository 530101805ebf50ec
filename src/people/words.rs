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

/// The menu of a conversation.
pub const OPTIONS: &str = "Conversation options";
/// Opens the dialog that asks.
pub const REMOVE_CONTACT: &str = "Remove contact";

/// What the dialog asks.
pub fn remove_whom(name: &str) -> String {
    format!("Remove {name}?")
}

/// Keeps somebody.
pub const CANCEL: &str = "Cancel";
/// Removes them.
pub const REMOVE: &str = "Remove";

/// Requests that wait.
pub const REQUESTS: &str = "Friend requests";
/// What somebody does who has sent one.
pub const ASKS: &str = "wants to be your contact";
/// What somebody does who was sent one.
pub const WAITS: &str = "has not answered yet";

/// The same, of somebody who is called otherwise: by their username.
pub fn who_does(username: &str, what: &str) -> String {
    format!("{username} {what}")
}

/// Accepts somebody's request.
pub fn accept(name: &str) -> String {
    format!("Accept {name}")
}

/// Rejects it.
pub fn reject(name: &str) -> String {
    format!("Reject {name}")
}

/// Takes one's own back.
pub fn take_back(name: &str) -> String {
    format!("Cancel request to {name}")
}

/// After a request was sent.
pub fn sent(name: &str) -> String {
    format!("Request sent to {name}")
}

/// After one was accepted.
pub fn accepted(name: &str) -> String {
    format!("{name} is now your contact")
}

/// After one was rejected.
pub const REJECTED: &str = "Request rejected";
/// After one's own was taken back.
pub const TAKEN_BACK: &str = "Request taken back";

//! What is said about contacts and requests.

use model::words::within_sentence;

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

/// Groups that the viewer is asked into.
pub const INVITATIONS: &str = "Group invitations";
/// A group that has no name.
pub const GROUP: &str = "Group";

/// Who asks, and how many are in it.
pub fn invites(name: &str, members: usize) -> String {
    match members {
        1 => format!("{name} invites you · 1 member"),
        _ => format!("{name} invites you · {members} members"),
    }
}

/// Says yes.
pub fn join(group: &str) -> String {
    format!("Join {group}")
}

/// Says no.
pub fn decline(group: &str) -> String {
    format!("Decline {group}")
}

/// After that.
pub const DECLINED: &str = "Invitation declined";

/// Somebody whose name is not known.
pub const SOMEBODY: &str = "this person";
/// Somebody whose account is gone.
pub const DELETED_ACCOUNT: &str = "Deleted account";
/// What is said about them.
pub const ACCOUNT_GONE: &str = "This account is no longer there.";
/// On one's own card.
pub const YOURSELF: &str = "This is you.";
/// On the card of somebody whom one blocks.
pub const IS_BLOCKED: &str = "You have blocked them.";
/// Groups that both are in.
pub const IN_COMMON: &str = "Groups in common";
/// Leads to the conversation with a contact.
pub const MESSAGE: &str = "Message";
/// Asks somebody to become a contact.
pub const ADD_AS_CONTACT: &str = "Add as contact";
/// After that.
pub const ASKED: &str = "Your request is sent.";
/// They were asked.
pub const REQUESTED: &str = "Requested";
/// Accepts their request.
pub const ACCEPT: &str = "Accept";
/// After that.
pub const NOW_CONTACTS: &str = "You are contacts now.";
/// Closes a card.
pub const CLOSE: &str = "Close";
/// Beside a name whose owner is connected.
pub const ONLINE: &str = "online";

/// Of somebody who is not connected: since which day and time.
pub fn last_seen(day: &str, clock: &str) -> String {
    format!("last seen {} at {clock}", within_sentence(day))
}

/// Asks whether to block somebody, and does it.
pub const BLOCK: &str = "Block";
/// Ends that.
pub const UNBLOCK: &str = "Unblock";

/// What the dialog asks.
pub fn block_whom(name: &str) -> String {
    format!("Block {name}?")
}

/// The same, of somebody who is blocked.
pub fn unblock_whom(name: &str) -> String {
    format!("Unblock {name}?")
}

/// What that does.
pub const UNBLOCKING: &str =
    "Their requests and messages can reach you again. They are not told of this, either.";

/// What blocking does.
pub fn blocking(name: &str) -> String {
    format!(
        "No requests and no invitations from {name} reach you any more, and neither of you sees whether the other is online. They are not told."
    )
}

/// What it does between contacts.
pub const BLOCKING_CONTACT: &str =
    "Your conversation stays for both of you. Neither of you can write in it until you unblock them.";
/// What it does not.
pub const BLOCKING_GROUPS: &str =
    "In groups that you are both in, you still see what the other writes, and they what you write.";

/// In the place of the composer, with whoever one blocks.
pub fn you_block(name: &str) -> String {
    format!("You have blocked {name}.")
}

/// Nobody blocks themselves.
pub const NOT_ONESELF: &str = "This is you. You cannot block yourself.";
/// More than one person may block.
pub const TOO_MANY_BLOCKED: &str = "You block as many people as you can. Unblock somebody first.";
/// After somebody was blocked.
pub const BLOCKED: &str = "Blocked. They are not told.";
/// After that was ended.
pub const UNBLOCKED: &str = "No longer blocked.";

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

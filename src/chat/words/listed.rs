//! What the chat says of what a member keeps of a conversation.

use model::prefs::{MAX_PINNED, PrefsChange};

/// Nothing is said of what is to be kept of a conversation.
pub const NOTHING_PREFERRED: &str = "Say what is to be otherwise in your list.";

/// One conversation more is to be pinned than may be.
pub fn too_many_pinned() -> String {
    format!("You can pin at most {MAX_PINNED} conversations. Unpin another one first.")
}

/// After something was changed of what one keeps of a conversation.
pub fn preferred(change: &PrefsChange) -> &'static str {
    match change {
        PrefsChange { archived: Some(true), .. } => "The conversation is in the archive.",
        PrefsChange { archived: Some(false), .. } => "The conversation is out of the archive.",
        PrefsChange { pinned: Some(true), .. } => "The conversation is pinned.",
        PrefsChange { pinned: Some(false), .. } => "The conversation is pinned no longer.",
        PrefsChange { muted_until: Some(None), mute_for: None, .. } => "The conversation is muted no longer.",
        PrefsChange { muted_until: Some(Some(_)), .. } | PrefsChange { mute_for: Some(_), .. } => {
            "The conversation is muted."
        }
        PrefsChange { unread: Some(true), .. } => "The conversation is marked as unread.",
        PrefsChange { unread: Some(false), .. } => "The conversation is marked as read.",
        PrefsChange { mentions: Some(true), .. } => "Mentions reach you while the conversation is muted.",
        PrefsChange { .. } => "Mentions do not reach you while the conversation is muted.",
    }
}

/// The menu of the open conversation.
pub const OPTIONS: &str = "Conversation options";
/// Puts a conversation before the others.
pub const PIN_TO_TOP: &str = "Pin to top";
/// Has a conversation be silent; opens for how long.
pub const MUTE: &str = "Mute";
/// One of these.
pub const FOR_AN_HOUR: &str = "For 1 hour";
/// One of these.
pub const FOR_EIGHT_HOURS: &str = "For 8 hours";
/// One of these.
pub const FOR_A_WEEK: &str = "For 1 week";
/// One of these.
pub const ALWAYS: &str = "Always";
/// While it is silent, messages that mean the viewer are told.
pub const TELL_MENTIONS: &str = "Let mentions through";
/// While it is silent, they are not.
pub const NO_MENTIONS: &str = "Mute mentions, too";
/// Puts a conversation away.
pub const ARCHIVE: &str = "Archive";
/// Takes it back.
pub const UNARCHIVE: &str = "Unarchive";
/// Has it count as unread.
pub const MARK_UNREAD: &str = "Mark as unread";
/// Has all of it be read.
pub const MARK_READ: &str = "Mark as read";
/// Asks whether to remove the contact.
pub const REMOVE_CONTACT: &str = "Remove contact";
/// There is no connection, and nothing was changed.
pub const NOT_KEPT: &str = "You are not connected, so nothing was changed. Please try again once you are.";
/// The archive's heading.
pub const ARCHIVED: &str = "Archived";
/// Leads back from it.
pub const TO_ALL: &str = "All conversations";
/// The archive while it is empty: what is the case, and what it is for.
pub const NOTHING_ARCHIVED: (&str, &str) = (
    "Nothing is archived",
    "What you archive is kept here, out of the way. A new message brings it back, unless it is muted.",
);
/// Where the next unread conversation was asked for, and there is none.
pub const NO_UNREAD: &str = "No unread conversations";

/// Leads to the archive.
pub fn archived(count: usize) -> String {
    format!("Archived, {count}")
}

/// Ends a silence; until when it would last, unless it is always.
pub fn unmute(until: &Option<String>) -> String {
    match until {
        Some(until) => format!("Unmute (muted until {until})"),
        None => "Unmute (always muted)".to_owned(),
    }
}

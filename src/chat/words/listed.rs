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

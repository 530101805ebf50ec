//! What can be set, and where somebody is signed in.

use model::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A place where somebody is signed in, as they recognise it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedInDevice {
    /// Names it in `POST /api/me/sessions/end`; says nothing of what the cookie holds.
    pub session: String,
    /// Like "Firefox on Linux".
    pub device: String,
    /// When it was signed in.
    pub signed_in_at: Option<Timestamp>,
    /// When it was last used, give or take an hour.
    pub last_used_at: Option<Timestamp>,
    /// Whether this is the one that asks.
    pub current: bool,
}

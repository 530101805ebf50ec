//! What can be set, where somebody is signed in, and whom they invite.

use model::{invitation::InvitationToken, time::Timestamp};
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

/// An invitation that somebody has made and that is still good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeInvitation {
    /// Names it, also in `POST /api/me/invitations/revoke`.
    pub token: InvitationToken,
    /// What to send to whoever is invited.
    pub url: String,
    /// How many accounts can be made with it.
    pub uses: u32,
    /// How many have been.
    pub used: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is good no more.
    pub expires_at: Timestamp,
}

/// What an invitation of a member's can be: for so many people at most,
pub const MAX_USES: u32 = 10;
/// for so many days at most,
pub const MAX_DAYS: u32 = 30;
/// and so many can be good at once.
pub const MAX_INVITATIONS: usize = 20;

//! Links that let somebody sign up where not everybody may, and links that let somebody into a group.

use crate::{
    id::{ConversationId, UserId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// Whoever knows it may sign up, or join the group that it is for: 122 random bits (a UUIDv4), written as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct InvitationToken(pub Uuid);

impl InvitationToken {
    /// A new one, which nobody can guess.
    #[expect(clippy::new_without_default, reason = "a new token is not a default value")]
    pub fn new() -> Self {
        Self(Uuid::new_v4())
    }

    /// Reads one, alone or at the end of the link that it came in.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (_, last) = text.rsplit_once(['=', '/']).unwrap_or(("", text));
        Uuid::try_parse(last).ok().map(Self)
    }

    /// The address that lets somebody sign up on the site at `url`.
    pub fn link(self, url: &str) -> String {
        format!("{url}/auth?invite={self}")
    }

    /// The address that lets somebody into a group on that site.
    pub fn join_link(self, url: &str) -> String {
        format!("{url}{JOIN}{self}")
    }
}

impl fmt::Display for InvitationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.simple().fmt(f)
    }
}

impl fmt::Debug for InvitationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Serialize for InvitationToken {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for InvitationToken {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not an invitation"))
    }
}

/// What the path of a link into a group begins with.
pub const JOIN: &str = "/join/";

/// What lets people sign up or into a group, and how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Names it.
    pub token: InvitationToken,
    /// Who invites; `None`: whoever runs the server.
    pub made_by: Option<UserId>,
    /// The group that it is a link into; `None`: one for signing up.
    pub group: Option<ConversationId>,
    /// How many accounts can be made, or people join, with it.
    pub uses: u32,
    /// How many have been.
    pub used: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// From this moment on it is good no more.
    pub expires_at: Timestamp,
}

impl Invitation {
    /// How long one is good where nothing else is said, in days.
    pub const DAYS: u32 = 7;

    /// A new one for so many accounts, good for so many days.
    pub fn new(made_by: Option<UserId>, uses: u32, days: u32, now: Timestamp) -> Self {
        let expires_at = Timestamp(now.0 + i64::from(days) * 24 * 3600 * 1000);
        let token = InvitationToken::new();
        Self { token, made_by, group: None, uses, used: 0, created_at: now, expires_at }
    }

    /// A new link into a group, for so many people, good for so many seconds.
    pub fn into_group(
        group: ConversationId,
        made_by: UserId,
        uses: u32,
        seconds: u32,
        now: Timestamp,
    ) -> Self {
        let expires_at = Timestamp(now.0 + i64::from(seconds) * 1000);
        Self { group: Some(group), expires_at, ..Self::new(Some(made_by), uses, 0, now) }
    }

    /// Whether somebody can still come in with it.
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.used < self.uses && now < self.expires_at
    }
}

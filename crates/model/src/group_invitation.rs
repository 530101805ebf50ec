//! That somebody is asked into a group by whoever is no contact of theirs: they join when they say yes.

use crate::{
    id::{ConversationId, UserId},
    invitation::InvitationToken,
    time::{DAY, Timestamp},
    user::User,
};
use serde::{Deserialize, Serialize};

/// How long one can be answered, in milliseconds.
pub const LASTS: i64 = 30 * DAY;
/// How long one that was declined keeps its group from asking again, in milliseconds.
pub const DECLINED_FOR: i64 = DAY;
/// So many people are asked into one group at most.
pub const MAX_INVITED: usize = 100;
/// Into so many groups one person is asked at most.
pub const MAX_INVITATIONS: usize = 50;

/// One as it is stored: at most one for each group and person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Into which group.
    pub group: ConversationId,
    /// Who is asked.
    pub user: UserId,
    /// Who asks, a member of the group.
    pub by: UserId,
    /// When they did.
    pub sent_at: Timestamp,
    /// From this moment on it is as if it had never been.
    pub expires_at: Timestamp,
    /// When it was answered with no. The group is not told: to it the invitation still waits.
    pub declined_at: Option<Timestamp>,
}

impl Invite {
    /// A new one.
    pub fn new(group: ConversationId, user: UserId, by: UserId, now: Timestamp) -> Self {
        Self { group, user, by, sent_at: now, expires_at: Timestamp(now.0 + LASTS), declined_at: None }
    }

    /// Whether the group sees it wait at `now`.
    pub fn is_there(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }

    /// Whether it waits for an answer at `now`.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.is_there(now) && self.declined_at.is_none()
    }

    /// The same, of which whoever is asked never hears: they block whoever asks.
    pub fn in_vain(self) -> Self {
        Self { declined_at: Some(self.sent_at), ..self }
    }

    /// Whether another one takes its place. One that waits stays, and one that was declined for some time: who asks
    /// learns of neither. One that was sent in vain stands in nobody else's way.
    pub fn gives_way(&self, to: &Self) -> bool {
        let waited = |declined: Timestamp| to.sent_at.0 - declined.0 >= DECLINED_FOR;
        let is_in_vain = self.declined_at == Some(self.sent_at);
        !self.is_there(to.sent_at) || self.declined_at.is_some_and(waited) || is_in_vain && self.by != to.by
    }
}

/// One as whoever is asked sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupInvitation {
    /// The group.
    pub conversation_id: ConversationId,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many belong to it.
    pub members: usize,
    /// Who asks; maybe nobody whom the viewer knows.
    pub by: User,
    /// When they did.
    pub sent_at: Timestamp,
    /// Until when it can be answered.
    pub expires_at: Timestamp,
}

/// One as the group's members see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// Who is asked.
    pub user: User,
    /// Which member asks.
    pub by: UserId,
    /// When they did.
    pub sent_at: Timestamp,
    /// Until when it can be answered.
    pub expires_at: Timestamp,
}

/// How people may come into a group besides by whoever is their contact, as its members see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrances {
    /// Who is asked, the newest first.
    pub invited: Vec<Invited>,
    /// Links that are good, the newest first; of whoever may not let people in none.
    #[serde(default)]
    pub links: Vec<InviteLink>,
}

/// So many links into one group can be good at one time.
pub const MAX_LINKS: usize = 10;
/// So many people one link lets in at most.
pub const MAX_LINK_USES: u32 = 100;
/// Where nothing else is said.
pub const LINK_USES: u32 = 10;
/// So long one is good at most, in seconds.
pub const MAX_LINK_SECONDS: u32 = 30 * 24 * 3600;
/// Where nothing else is said.
pub const LINK_SECONDS: u32 = 7 * 24 * 3600;

/// A link into a group, as those see it who may let people in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteLink {
    /// Names it.
    pub token: InvitationToken,
    /// The link itself.
    pub url: String,
    /// Who has made it.
    pub by: UserId,
    /// How many people it lets in.
    pub uses: u32,
    /// How many have come.
    pub used: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// From this moment on it is good no more.
    pub expires_at: Timestamp,
}

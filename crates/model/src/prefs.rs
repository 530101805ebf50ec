//! What a member alone keeps of a conversation: that it stands first, is silent, is put away, is to be read again.

use crate::{message::Message, time::Timestamp};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use std::borrow::Cow;

/// The most conversations that somebody pins.
pub const MAX_PINNED: usize = 20;
/// Until when "always" is: the last moment that can be said, 9999-12-31T23:59:59.999Z.
pub const ALWAYS: Timestamp = Timestamp(253_402_300_799_999);

/// What a member keeps of a conversation; nobody else hears of it. On the wire what is as it is at first is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Prefs {
    /// Counts the changes, so that the newer of two is known; 0: there was none.
    pub rev: u64,
    /// Whether it stands before those that are not.
    #[serde(skip_serializing_if = "is_not")]
    pub pinned: bool,
    /// Since when; the one pinned first stands first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinned_at: Option<Timestamp>,
    /// Until when it is silent, see [`ALWAYS`]. It may have passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub muted_until: Option<Timestamp>,
    /// Whether it was put away.
    #[serde(skip_serializing_if = "is_not")]
    pub archived: bool,
    /// The head of the conversation then: what comes after it brings it back.
    #[serde(skip_serializing_if = "is_zero")]
    pub archived_at: u64,
    /// Whether it counts as unread although all of it was read.
    #[serde(skip_serializing_if = "is_not")]
    pub unread: bool,
    /// Whether mentions of the member are told although it is silent.
    #[serde(skip_serializing_if = "is_so")]
    pub mentions: bool,
}

fn is_not(it: &bool) -> bool {
    !it
}

fn is_so(it: &bool) -> bool {
    *it
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Default for Prefs {
    fn default() -> Self {
        Self {
            rev: 0,
            pinned: false,
            pinned_at: None,
            muted_until: None,
            archived: false,
            archived_at: 0,
            unread: false,
            mentions: true,
        }
    }
}

impl Prefs {
    /// Whether nothing was ever changed.
    pub fn is_empty(&self) -> bool {
        self.rev == 0
    }

    /// Whether it is silent at this moment.
    pub fn is_muted(&self, now: Timestamp) -> bool {
        self.muted_until.is_some_and(|until| until > now)
    }

    /// Whether it is out of the way, where `newest` is its newest message: one that came since it was put away brings
    /// it back, unless it was silent then.
    pub fn is_archived(&self, newest: Option<&Message>) -> bool {
        let brings_back = |message: &Message| {
            message.seq > self.archived_at && self.muted_until.is_none_or(|until| until <= message.created_at)
        };
        self.archived && !newest.is_some_and(brings_back)
    }

    /// For how much it stands in what the member has not read, of which there are `unread` messages with so many that
    /// mean them: for the latter alone while it is silent, if these are told then, for nothing while it is put away, and
    /// for one where it is to be read again.
    pub fn calls(&self, (unread, meant): (u64, u64), newest: Option<&Message>, now: Timestamp) -> u64 {
        match self.is_muted(now) {
            _ if self.is_archived(newest) => 0,
            true if self.mentions => meant,
            true => 0,
            false => unread.max(self.unread.into()),
        }
    }

    /// The same, out of the archive if `newest` has brought it back.
    pub fn settled(self, newest: Option<&Message>) -> Self {
        match self.archived && !self.is_archived(newest) {
            true => Self { archived: false, archived_at: 0, ..self },
            false => self,
        }
    }

    /// Takes back what a change did that came from `before`, unless there is something newer by now.
    pub fn take_back(&mut self, before: Self) {
        if self.rev == before.rev {
            *self = before;
        }
    }
}

/// What is to be otherwise; what is not said stays. Of `pinned` and `archived` each takes the other off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PrefsChange {
    /// Stands first, or no longer.
    pub pinned: Option<bool>,
    /// Is silent until then; `Some(None)`: is not.
    #[serde(deserialize_with = "moment_or_none")]
    pub muted_until: Option<Option<Timestamp>>,
    /// Is silent for so many seconds from now on, whatever is said of a moment.
    pub mute_for: Option<u32>,
    /// Is put away, or no longer.
    pub archived: Option<bool>,
    /// Mentions are told although it is silent, or are not.
    pub mentions: Option<bool>,
    /// Is to be read again; or all of it is read.
    pub unread: Option<bool>,
    /// Where all of it is read: the seq of the newest message that was there to be read. Without it, whatever came.
    pub up_to: Option<u64>,
}

/// A moment, or none where it is null or, in a form, empty.
fn moment_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Timestamp>>, D::Error> {
    let text = <Option<Cow<'de, str>>>::deserialize(deserializer)?.filter(|text| !text.is_empty());
    let parse = |text: Cow<'de, str>| {
        Timestamp::parse(&text).ok_or_else(|| D::Error::custom("not an RFC 3339 time in UTC"))
    };
    text.map(parse).transpose().map(Some)
}

impl PrefsChange {
    /// Whether nothing is to be otherwise.
    pub fn is_empty(&self) -> bool {
        Self { up_to: None, ..*self } == Self::default()
    }

    /// What is kept after it, of a conversation whose newest change is `head`; `before` is [settled](Prefs::settled).
    /// `None`: it is so already.
    pub fn after(&self, before: Prefs, head: u64, now: Timestamp) -> Option<Prefs> {
        let mut next = before;
        let span = self.mute_for.map(|seconds| Some(Timestamp(now.0 + i64::from(seconds) * 1000)));
        if let Some(until) = span.or(self.muted_until) {
            let until = until.map(|until| until.min(ALWAYS)).filter(|until| *until > now);
            if next.muted_until != until {
                next.muted_until = until;
                // What came while it was silent does not bring it back now.
                if next.archived {
                    next.archived_at = head;
                }
            }
        }
        if let Some(pinned) = self.pinned
            && pinned != next.pinned
        {
            next.pinned = pinned;
            next.pinned_at = pinned.then_some(now);
        }
        if let Some(archived) = self.archived {
            (next.archived, next.archived_at) = (archived, if archived { head } else { 0 });
        }
        // The one that was asked for takes the other off.
        if next.archived && next.pinned {
            match self.archived {
                Some(true) => (next.pinned, next.pinned_at) = (false, None),
                Some(false) | None => (next.archived, next.archived_at) = (false, 0),
            }
        }
        next.mentions = self.mentions.unwrap_or(next.mentions);
        next.unread = self.unread.unwrap_or(next.unread);
        if next == before {
            return None;
        }
        next.rev += 1;
        Some(next)
    }
}

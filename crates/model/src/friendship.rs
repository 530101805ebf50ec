//! Friendship: one record per pair of people, and every move it can make.

use crate::{
    error::{AppError, ErrorCode},
    id::{ConversationId, RequestId, UserId},
    time::{DAY, Timestamp},
    user::{DisplayName, Username, called},
};
use serde::{Deserialize, Serialize};

/// A user whose friendship with the viewer is accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Who it is.
    pub id: UserId,
    /// Their name.
    pub username: Username,
    /// What they want to be called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<DisplayName>,
    /// The direct conversation with them.
    pub conversation_id: ConversationId,
    /// Has at least one device connected.
    pub online: bool,
    /// When the last device left; unknown for those who were never seen.
    pub last_seen: Option<Timestamp>,
}

impl Contact {
    /// What the viewer calls them; the username stands beside it where it matters who it is.
    pub fn name(&self) -> &str {
        called(&self.username, self.display_name.as_ref())
    }
}

/// What went when a contact was removed: from the store, for both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// Who is no longer a contact.
    pub contact_id: UserId,
    /// The direct conversation, erased with all its messages.
    pub conversation_id: ConversationId,
}

/// Two different users, in one order whoever asks: the key of a friendship.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    /// The smaller id.
    pub min: UserId,
    /// The larger id.
    pub max: UserId,
}

impl Pair {
    /// The pair of two users; `None` for oneself.
    pub fn of(a: UserId, b: UserId) -> Option<Self> {
        (a != b).then(|| Self { min: a.min(b), max: a.max(b) })
    }

    /// The other one, seen from `user`, who belongs to the pair.
    pub fn other(self, user: UserId) -> UserId {
        if self.min == user { self.max } else { self.min }
    }

    /// Whether `user` is one of the two.
    pub fn contains(self, user: UserId) -> bool {
        self.min == user || self.max == user
    }
}

/// What two people are to each other, as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Friendship {
    /// The key.
    pub pair: Pair,
    /// Where it stands.
    pub state: State,
    /// Who sent the request that led here.
    pub requested_by: UserId,
    /// That request.
    pub request_id: RequestId,
    /// The direct conversation; set while they are contacts.
    pub conversation: Option<ConversationId>,
    /// When the state last changed.
    pub changed_at: Timestamp,
    /// Counts the writes, from 1; a write names the one before it.
    pub rev: u64,
}

/// Where a friendship stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// InFlight, not answered.
    Requested,
    /// Both agreed.
    Contacts,
    /// Answered with no. The sender is not told: to them it still looks asked.
    Rejected,
    /// Rejected, and then taken back by the sender, who never learnt of the rejection.
    Withdrawn,
    /// Cancelled, or removed after having been contacts.
    Ended,
}

/// What one of the two can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Ask the other.
    Request,
    /// Say yes to the other's request.
    Accept,
    /// Say no to it.
    Reject,
    /// Take one's own request back.
    Cancel,
    /// End being contacts.
    Remove,
}

/// How long a rejected request keeps its sender from asking again, in milliseconds.
pub const REJECTED_FOR: i64 = DAY;

impl Friendship {
    /// The record after `actor` (of `pair`) made a move at `now`.
    ///
    /// `before` is what is stored, `None` if the two never met. Returns the record to store, or
    /// `Ok(None)` where there is nothing to change (a repeated move). Two requests that cross
    /// make contacts.
    ///
    /// Errors: `already_requested`, `already_contact`; `not_found` for a move that has nothing
    /// to act on.
    pub fn after(
        before: Option<&Self>,
        pair: Pair,
        actor: UserId,
        action: Move,
        now: Timestamp,
    ) -> Result<Option<Self>, AppError> {
        let Some(current) = before else {
            return match action {
                Move::Request => Ok(Some(Self::asked(pair, actor, now, 1))),
                Move::Accept | Move::Reject | Move::Cancel | Move::Remove => Err(AppError::not_found()),
            };
        };
        let mine = current.requested_by == actor;
        let asked_again = || Self::asked(pair, actor, now, current.rev + 1);
        match (current.state, action) {
            (State::Requested, Move::Request) if mine => Err(already_requested()),
            (State::Requested, Move::Request) => Ok(Some(current.to(State::Contacts, now))),
            (State::Requested, Move::Accept) if !mine => Ok(Some(current.to(State::Contacts, now))),
            (State::Requested, Move::Reject) if !mine => Ok(Some(current.to(State::Rejected, now))),
            (State::Requested, Move::Cancel) if mine => Ok(Some(current.to(State::Ended, now))),
            (State::Requested, Move::Accept | Move::Reject | Move::Cancel | Move::Remove) => {
                Err(AppError::not_found())
            }

            (State::Contacts, Move::Request) => Err(already_contact()),
            (State::Contacts, Move::Accept) if !mine => Ok(None),
            (State::Contacts, Move::Remove) => Ok(Some(current.to(State::Ended, now))),
            (State::Contacts, Move::Accept | Move::Reject | Move::Cancel) => Err(AppError::not_found()),

            // The sender's wish still stands, so the other's request answers it.
            (State::Rejected, Move::Request) if !mine => Ok(Some(current.to(State::Contacts, now))),
            (State::Rejected, Move::Request) if current.waited(now) => Ok(Some(asked_again())),
            (State::Rejected, Move::Request) => Err(already_requested()),
            (State::Rejected, Move::Reject) if !mine => Ok(None),
            (State::Rejected, Move::Cancel) if mine => {
                // The wait goes on from the rejection, or cancelling would be a way around it.
                Ok(Some(current.to(State::Withdrawn, current.changed_at)))
            }
            (State::Rejected, Move::Accept | Move::Reject | Move::Cancel | Move::Remove) => {
                Err(AppError::not_found())
            }

            (State::Withdrawn, Move::Request) if mine && !current.waited(now) => {
                // A request of its own, as after any other cancelling.
                let request_id = RequestId::new();
                Ok(Some(Self { request_id, ..current.to(State::Rejected, current.changed_at) }))
            }
            (State::Withdrawn | State::Ended, Move::Request) => Ok(Some(asked_again())),
            (State::Withdrawn | State::Ended, Move::Accept | Move::Reject | Move::Cancel | Move::Remove) => {
                Err(AppError::not_found())
            }
        }
    }

    /// Whether `viewer` sees a request waiting. A rejected one still waits for its sender, until
    /// they may ask again.
    pub fn is_pending_for(&self, viewer: UserId, now: Timestamp) -> bool {
        match self.state {
            State::Requested => true,
            State::Rejected => self.requested_by == viewer && !self.waited(now),
            State::Contacts | State::Withdrawn | State::Ended => false,
        }
    }

    fn waited(&self, now: Timestamp) -> bool {
        now.0 - self.changed_at.0 >= REJECTED_FOR
    }

    fn asked(pair: Pair, by: UserId, now: Timestamp, rev: u64) -> Self {
        Self {
            pair,
            state: State::Requested,
            requested_by: by,
            request_id: RequestId::new(),
            conversation: None,
            changed_at: now,
            rev,
        }
    }

    fn to(&self, state: State, now: Timestamp) -> Self {
        let conversation = (state == State::Contacts).then(ConversationId::new);
        Self { state, conversation, changed_at: now, rev: self.rev + 1, ..self.clone() }
    }
}

fn already_requested() -> AppError {
    AppError::new(
        ErrorCode::AlreadyRequested,
        "You have already sent this person a request. It is waiting for an answer.",
    )
    .on("username")
}

fn already_contact() -> AppError {
    AppError::new(ErrorCode::AlreadyContact, "This person is already one of your contacts.").on("username")
}

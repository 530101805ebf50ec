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
    /// Who of the two blocks the other.
    pub blocks: Blocks,
    /// Counts the writes, from 1; a write names the one before it.
    pub rev: u64,
}

/// Since when each of two people blocks the other, if they do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Blocks {
    /// The one with the smaller id blocks the other.
    pub by_min: Option<Timestamp>,
    /// The one with the larger id does.
    pub by_max: Option<Timestamp>,
}

/// So many people can be blocked by one.
pub const MAX_BLOCKED: usize = 1000;

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
    /// Hear nothing of the other any more, nor let them see anything. They are not told.
    Block,
    /// End that.
    Unblock,
}

/// How long a rejected request keeps its sender from asking again, in milliseconds.
pub const REJECTED_FOR: i64 = DAY;

impl Friendship {
    /// The record after `actor` (of `pair`) made a move at `now`.
    ///
    /// `before` is what is stored, `None` if the two never met. Returns the record to store, or
    /// `Ok(None)` where there is nothing to change (a repeated move). Two requests that cross
    /// make contacts. A request to somebody who blocks its sender is rejected at once, so that it looks like
    /// any other to them.
    ///
    /// Errors: `already_requested`, `already_contact`; `not_found` for a move that has nothing
    /// to act on; `not_allowed`, a request to somebody whom `actor` blocks.
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
                Move::Block => {
                    let strangers = Self { state: State::Ended, ..Self::asked(pair, actor, now, 1) };
                    Ok(Some(strangers.blocking(actor, Some(now))))
                }
                Move::Unblock => Ok(None),
                Move::Accept | Move::Reject | Move::Cancel | Move::Remove => Err(AppError::not_found()),
            };
        };
        match action {
            Move::Block if current.blocked_by(actor).is_some() => return Ok(None),
            Move::Block => return Ok(Some(current.without_request(actor, now).blocking(actor, Some(now)))),
            Move::Unblock if current.blocked_by(actor).is_none() => return Ok(None),
            Move::Unblock => {
                return Ok(Some(Self { rev: current.rev + 1, ..current.clone() }.blocking(actor, None)));
            }
            Move::Request if current.blocked_by(actor).is_some() => return Err(blocked()),
            Move::Accept if current.is_blocked() => return Err(AppError::not_found()),
            Move::Request | Move::Accept | Move::Reject | Move::Cancel | Move::Remove => {}
        }
        let next = current.moved(actor, action, now)?;
        // Only the other's block is left to mind, and only their request may not reach them.
        Ok(next.map(|next| if current.is_blocked() { next.unheard(actor, now) } else { next }))
    }

    /// As [`Self::after`], for moves that are neither a block nor have to mind one.
    fn moved(&self, actor: UserId, action: Move, now: Timestamp) -> Result<Option<Self>, AppError> {
        let current = self;
        let mine = current.requested_by == actor;
        let asked_again =
            || Self { blocks: current.blocks, ..Self::asked(current.pair, actor, now, current.rev + 1) };
        match (current.state, action) {
            (_, Move::Block | Move::Unblock) => Ok(None),

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

    /// Since when one of the two blocks the other; `None`: they do not.
    pub fn blocked_by(&self, user: UserId) -> Option<Timestamp> {
        if self.pair.min == user { self.blocks.by_min } else { self.blocks.by_max }
    }

    /// Whether one of the two blocks the other, whoever it is.
    pub fn is_blocked(&self) -> bool {
        self.blocks != Blocks::default()
    }

    fn blocking(mut self, by: UserId, since: Option<Timestamp>) -> Self {
        match self.pair.min == by {
            true => self.blocks.by_min = since,
            false => self.blocks.by_max = since,
        }
        self
    }

    /// The next record, in which no request waits: that of whoever blocks is taken back, that of the other
    /// rejected in silence.
    fn without_request(&self, by: UserId, now: Timestamp) -> Self {
        match self.state {
            State::Requested if self.requested_by == by => self.to(State::Ended, now),
            State::Requested => self.to(State::Rejected, now),
            State::Contacts | State::Rejected | State::Withdrawn | State::Ended => {
                Self { rev: self.rev + 1, ..self.clone() }
            }
        }
    }

    /// A request that its recipient never hears of.
    fn unheard(self, by: UserId, now: Timestamp) -> Self {
        match self.state {
            State::Requested | State::Contacts => Self {
                state: State::Rejected,
                requested_by: by,
                request_id: RequestId::new(),
                conversation: None,
                changed_at: now,
                ..self
            },
            State::Rejected | State::Withdrawn | State::Ended => self,
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
            blocks: Blocks::default(),
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

fn blocked() -> AppError {
    AppError::new(ErrorCode::NotAllowed, "You have blocked this person. Unblock them first.").on("username")
}

fn already_contact() -> AppError {
    AppError::new(ErrorCode::AlreadyContact, "This person is already one of your contacts.").on("username")
}

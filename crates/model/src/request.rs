//! A friend request, as one of the two people sees it.

use crate::{friendship::Contact, id::RequestId, time::Timestamp, user::User};
use serde::{Deserialize, Serialize};

/// A request that waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FriendRequest {
    /// Names it in accept, reject and cancel.
    pub id: RequestId,
    /// The other person: the sender of an incoming one, the recipient of an outgoing one.
    pub user: User,
    /// Which way it goes, seen by the viewer.
    pub direction: Direction,
    /// When it was sent.
    pub sent_at: Timestamp,
}

/// Which way a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The viewer is asked.
    Incoming,
    /// The viewer asks.
    Outgoing,
}

/// All requests of the viewer that wait.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// To be answered by the viewer, newest first.
    pub incoming: Vec<FriendRequest>,
    /// Sent by the viewer, newest first.
    pub outgoing: Vec<FriendRequest>,
}

/// Where a request stands after a move, as the mover may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "FlatOutcome", into = "FlatOutcome")]
pub enum Outcome {
    /// It waits for an answer.
    Pending {
        /// The request.
        request: FriendRequest,
    },
    /// The two are contacts now.
    Accepted {
        /// The new contact.
        contact: Contact,
    },
    /// The viewer said no.
    Rejected,
    /// The viewer took it back.
    Cancelled,
    /// The two had been contacts, and are no longer.
    Removed,
}

/// An outcome on the wire. Written out, because what `#[serde(tag)]` does for it would be a second copy of
/// all the code that reads requests and contacts.
#[derive(Serialize, Deserialize)]
struct FlatOutcome {
    state: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request: Option<FriendRequest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contact: Option<Contact>,
}

impl From<Outcome> for FlatOutcome {
    fn from(outcome: Outcome) -> Self {
        let (state, request, contact) = match outcome {
            Outcome::Pending { request } => ("pending", Some(request), None),
            Outcome::Accepted { contact } => ("accepted", None, Some(contact)),
            Outcome::Rejected => ("rejected", None, None),
            Outcome::Cancelled => ("cancelled", None, None),
            Outcome::Removed => ("removed", None, None),
        };
        Self { state: state.to_owned(), request, contact }
    }
}

impl TryFrom<FlatOutcome> for Outcome {
    type Error = &'static str;

    fn try_from(flat: FlatOutcome) -> Result<Self, Self::Error> {
        match (flat.state.as_str(), flat.request, flat.contact) {
            ("pending", Some(request), _) => Ok(Self::Pending { request }),
            ("accepted", _, Some(contact)) => Ok(Self::Accepted { contact }),
            ("rejected", ..) => Ok(Self::Rejected),
            ("cancelled", ..) => Ok(Self::Cancelled),
            ("removed", ..) => Ok(Self::Removed),
            _ => Err("no state of a request"),
        }
    }
}

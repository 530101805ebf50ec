//! Lanes: what happens in one happens in turn.

use super::Live;
use model::id::{ConversationId, UserId};
use tokio::sync::{Mutex, MutexGuard};
use uuid::Uuid;

/// What shares no lane is independent; more lanes, less that shares one.
const LANES: usize = 1024;

/// What has to happen in turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Changes of one conversation: held from before one is stored until it is in everyone's queue,
    /// so that queues hold the changes in the order of their versions.
    Conversation(ConversationId),
    /// News about one user (their contacts, their requests, their presence): held while such a thing
    /// is read and told, so that no older state follows a newer one.
    User(UserId),
    /// What has to wait for nothing.
    Free,
}

impl From<ConversationId> for Lane {
    fn from(id: ConversationId) -> Self {
        Self::Conversation(id)
    }
}

impl From<Option<ConversationId>> for Lane {
    fn from(id: Option<ConversationId>) -> Self {
        id.map_or(Self::Free, Self::Conversation)
    }
}

/// Locks, each shared by a few of very many things.
pub(super) struct Lanes {
    conversations: Box<[Mutex<()>]>,
    users: Box<[Mutex<()>]>,
}

impl Lanes {
    pub(super) fn new() -> Self {
        let locks = || (0..LANES).map(|_| Mutex::new(())).collect();
        Self { conversations: locks(), users: locks() }
    }
}

impl Live {
    /// Waits until the lane is free, and holds it. A user's lane may be entered from within a
    /// conversation's, never the other way round.
    pub(super) async fn lane(&self, lane: Lane) -> Option<MutexGuard<'_, ()>> {
        let lanes = &self.0.lanes;
        // The end of a UUIDv7 is random.
        let place = |id: Uuid| id.as_u128() as usize % LANES;
        let lock = match lane {
            Lane::Conversation(id) => &lanes.conversations[place(id.0)],
            Lane::User(id) => &lanes.users[place(id.0)],
            Lane::Free => return None,
        };
        Some(lock.lock().await)
    }
}

//! One after the other within a conversation, as far as this server is concerned: its writers
//! would only take each other's numbers away. Between servers the unique indexes decide.

use crate::id::ConversationId;
use futures::future::{FutureExt, maybe_done};
use std::{future::Future, sync::Arc};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Conversations that share no lane are independent; more lanes, fewer that share one.
const LANES: usize = 1024;

/// The lanes.
pub(super) struct Lanes(Box<[Arc<Mutex<()>>]>);

impl Lanes {
    /// Empty ones.
    pub(super) fn new() -> Self {
        Self((0..LANES).map(|_| Arc::default()).collect())
    }

    /// Takes the next place in a conversation's lane, at once: turns come in the order of these
    /// calls. The turn ends when the guard is dropped.
    pub(super) fn queue(
        &self,
        conversation: ConversationId,
    ) -> impl Future<Output = Option<OwnedMutexGuard<()>>> + Send + use<> {
        // The end of a UUIDv7 is random.
        let lane = conversation.0.as_u128() as usize % LANES;
        let mut turn = Box::pin(maybe_done(self.0[lane].clone().lock_owned()));
        // Polled once, which takes the place.
        let _ = turn.as_mut().now_or_never();
        async move {
            turn.as_mut().await;
            turn.as_mut().take_output()
        }
    }
}

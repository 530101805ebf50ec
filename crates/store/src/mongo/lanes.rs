//! One after the other within a conversation, as far as this server is concerned: its writers
//! would only take each other's numbers away. Between servers the unique indexes decide.

use crate::{Result, StoreError};
use futures::future::{FutureExt, maybe_done};
use model::id::ConversationId;
use std::{future::Future, sync::Arc};
use tokio::{sync::Mutex, task::unconstrained, time::Instant};

/// Conversations that share no lane are independent; more lanes, fewer that share one.
const LANES: usize = 1024;

/// The lanes; each knows when an operation in it last found the database unavailable. A cheap handle.
#[derive(Clone)]
pub(super) struct Lanes(Arc<[Arc<Mutex<Option<Instant>>>]>);

impl Lanes {
    /// Empty ones.
    pub(super) fn new() -> Self {
        Self((0..LANES).map(|_| Arc::default()).collect())
    }

    /// Takes the next place in a conversation's lane, at once, and runs `work` when its turn has
    /// come: turns come in the order of these calls.
    ///
    /// Errors: those of `work`; `Unavailable` also if one before it has failed so meanwhile. Each
    /// of a long queue would wait in vain for as long.
    pub(super) fn run<T: Send, W: Future<Output = Result<T>> + Send>(
        &self,
        conversation: ConversationId,
        work: W,
    ) -> impl Future<Output = Result<T>> + Send + use<T, W> {
        // The end of a UUIDv7 is random.
        let lane = conversation.0.as_u128() as usize % LANES;
        let queued = Instant::now();
        let mut turn = Box::pin(maybe_done(unconstrained(self.0[lane].clone().lock_owned())));
        // Polled once, which takes the place, also at the end of a task's budget.
        let _ = turn.as_mut().now_or_never();
        async move {
            turn.as_mut().await;
            let mut failed = turn.as_mut().take_output();
            if failed.as_deref().copied().flatten().is_some_and(|failed| failed > queued) {
                return Err(StoreError::Unavailable("the database did not answer those before".into()));
            }
            let outcome = work.await;
            if let (Err(StoreError::Unavailable(_)), Some(failed)) = (&outcome, &mut failed) {
                **failed = Some(Instant::now());
            }
            outcome
        }
    }
}

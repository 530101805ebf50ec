//! Who is inside when the store closes.

use crate::{Result, StoreError};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

/// How many operations may be under way; the others wait.
const WIDTH: u32 = 4096;

/// Every operation passes here.
pub(super) struct Gate {
    room: Arc<Semaphore>,
    closing: AtomicBool,
}

impl Gate {
    /// An open gate.
    pub(super) fn new() -> Self {
        Self { room: Arc::new(Semaphore::new(WIDTH as usize)), closing: AtomicBool::new(false) }
    }

    /// Lets an operation in; it is inside until the permit is dropped. Errors: `Unavailable` once
    /// the store closes: who is inside may wait for somebody who would wait here.
    pub(super) async fn enter(&self) -> Result<OwnedSemaphorePermit> {
        let closed = || StoreError::Unavailable("the store is closed".into());
        match self.room.clone().try_acquire_owned() {
            Ok(inside) => Ok(inside),
            Err(TryAcquireError::Closed) => Err(closed()),
            Err(TryAcquireError::NoPermits) if self.closing.load(Ordering::SeqCst) => Err(closed()),
            Err(TryAcquireError::NoPermits) => self.room.clone().acquire_owned().await.map_err(|_| closed()),
        }
    }

    /// Waits for those inside and lets nobody in any more.
    pub(super) async fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
        if let Ok(_all) = self.room.acquire_many(WIDTH).await {
            self.room.close();
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::mongo::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn whoever_comes_while_it_closes_is_refused_and_does_not_wait_for_those_inside() {
        let gate = Gate::new();
        let inside = gate.enter().await.expect("a place");
        let mut closing = Box::pin(gate.close());
        assert!(closing.as_mut().now_or_never().is_none(), "somebody is inside");
        assert!(gate.enter().now_or_never().expect("an answer at once").is_err());
        drop(inside);
        closing.await;
        assert!(gate.enter().await.is_err());
    }
}

//! Who is inside when the store closes.

use crate::store::{Result, StoreError};
use std::sync::Arc;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::unconstrained,
};

/// How many operations may be under way; the others wait.
const WIDTH: u32 = 4096;

/// Every operation passes here.
pub(super) struct Gate(Arc<Semaphore>);

impl Gate {
    /// An open gate.
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(WIDTH as usize)))
    }

    /// Lets an operation in; it is inside until the permit is dropped. Errors: `Unavailable` once
    /// the store is closed.
    pub(super) async fn enter(&self) -> Result<OwnedSemaphorePermit> {
        // At once if there is room, also at the end of a task's budget: who comes before the close
        // is in before the close.
        let inside = unconstrained(self.0.clone().acquire_owned()).await;
        inside.map_err(|_| StoreError::Unavailable("the store is closed".into()))
    }

    /// Waits for those inside and lets nobody in any more.
    pub(super) async fn close(&self) {
        if let Ok(_all) = self.0.acquire_many(WIDTH).await {
            self.0.close();
        }
    }
}

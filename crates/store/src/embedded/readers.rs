//! A few read-only connections, which see what was committed before they were asked.

use super::error::{closed, guarded};
use crate::{Result, StoreError, metrics::METRICS};
use rusqlite::Connection;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// How many reads run at the same time; the others wait.
pub(super) const CONNECTIONS: u32 = 4;

/// The pool.
pub(super) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    free: Arc<Semaphore>,
}

impl Readers {
    /// Takes over [`CONNECTIONS`] connections.
    pub(super) fn new(connections: Vec<Connection>) -> Self {
        let free = Arc::new(Semaphore::new(connections.len()));
        Self { idle: Arc::new(Mutex::new(connections)), free }
    }

    /// Runs `work` on one snapshot of the data, on a thread that may block.
    pub(super) async fn run<T, W>(&self, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let _timer = METRICS.time("read");
        let permit = self.free.clone().acquire_owned().await.map_err(|_| closed())?;
        let idle = self.idle.clone();
        // The permit goes along: if the caller's future is dropped, the connection is still busy.
        let reading = spawn_blocking(move || {
            let _permit = permit;
            let connection = lock(&idle).pop().ok_or_else(closed)?;
            let outcome = guarded(|| {
                let snapshot = connection.unchecked_transaction()?;
                work(&snapshot)
            });
            lock(&idle).push(connection);
            outcome
        });
        reading.await.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())))
    }

    /// Waits for the reads under way and closes the connections.
    pub(super) async fn close(&self) {
        if let Ok(_all) = self.free.acquire_many(CONNECTIONS).await {
            self.free.close();
            lock(&self.idle).clear();
        }
    }
}

fn lock(idle: &Mutex<Vec<Connection>>) -> MutexGuard<'_, Vec<Connection>> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

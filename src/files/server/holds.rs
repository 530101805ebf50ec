//! One request at a time writes to an upload. Whoever comes next is a device whose line broke, and which knows it
//! before we do: the one before it ends, with all that it had received.

use crate::kit::{Config, Part};
use model::id::FileId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{Mutex as Turn, OwnedMutexGuard, watch},
    time::timeout,
};

/// How long whoever is to end may take to write down what it has.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who writes to which upload.
#[derive(Clone, Default)]
pub struct Holds(Arc<Mutex<HashMap<FileId, Arc<Held>>>>);

#[derive(Default)]
struct Held {
    turn: Arc<Turn<()>>,
    /// How many have wanted to.
    comers: watch::Sender<u64>,
}

/// The right to write to an upload, until it is dropped.
pub struct Hold {
    holds: Holds,
    id: FileId,
    held: Arc<Held>,
    /// Which of those who wanted to this one is.
    comer: u64,
    turn: Option<OwnedMutexGuard<()>>,
}

impl Part for Holds {
    fn new(_: &Config) -> Self {
        Self::default()
    }
}

impl Holds {
    /// Waits for whoever writes to it now, who is asked to end. `None`: they did not.
    pub async fn take(&self, id: FileId) -> Option<Hold> {
        let held = self.lock().entry(id).or_default().clone();
        let mut comer = 0;
        held.comers.send_modify(|comers| {
            *comers += 1;
            comer = *comers;
        });
        // The one handle besides the map's: whoever gives up waiting leaves nothing there.
        let mut hold = Hold { holds: self.clone(), id, held, comer, turn: None };
        hold.turn = Some(timeout(PATIENCE, hold.held.turn.clone().lock_owned()).await.ok()?);
        Some(hold)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<FileId, Arc<Held>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hold {
    /// Completes when somebody else wants to write.
    pub async fn wanted(&self) {
        // The sender is held here: it cannot be gone.
        let _ = self.held.comers.subscribe().wait_for(|comers| *comers > self.comer).await;
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.turn = None;
        let mut all = self.holds.lock();
        // The map's, and this one.
        if Arc::strong_count(&self.held) == 2 {
            all.remove(&self.id);
        }
    }
}

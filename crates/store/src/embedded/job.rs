//! One operation on its way through the writer thread.

use super::error::{closed, guarded};
use crate::Result;
use rusqlite::Connection;
use tokio::sync::oneshot;

/// A queued operation: run within a transaction, answered after its end.
pub(super) trait Job: Send {
    /// Errors: the transaction as a whole cannot go on.
    fn run(&mut self, tx: &Connection) -> Result<()>;

    /// Whether it takes away what must not be found in any file.
    fn erases(&self) -> bool;

    /// Tells the caller how it ended, once the transaction has.
    fn answer(self: Box<Self>, committed: &Result<()>);
}

/// A [`Job`] made of a closure.
pub(super) struct Write<T, W> {
    work: Option<W>,
    erases: bool,
    outcome: Result<T>,
    answer: oneshot::Sender<Result<T>>,
}

impl<T, W> Write<T, W> {
    /// `work`, whose caller waits for `answer`.
    pub(super) fn new(work: W, erases: bool, answer: oneshot::Sender<Result<T>>) -> Self {
        Self { work: Some(work), erases, outcome: Err(closed()), answer }
    }
}

impl<T: Send, W: FnOnce(&Connection) -> Result<T> + Send> Job for Write<T, W> {
    fn run(&mut self, tx: &Connection) -> Result<()> {
        let Some(work) = self.work.take() else { return Ok(()) };
        tx.prepare_cached("SAVEPOINT job")?.execute([])?;
        self.outcome = guarded(|| work(tx));
        if self.outcome.is_err() {
            tx.prepare_cached("ROLLBACK TO job")?.execute([])?;
        }
        tx.prepare_cached("RELEASE job")?.execute([])?;
        Ok(())
    }

    fn erases(&self) -> bool {
        self.erases
    }

    fn answer(self: Box<Self>, committed: &Result<()>) {
        // Nobody may be there any more to hear it.
        let _ = self.answer.send(committed.clone().and(self.outcome));
    }
}

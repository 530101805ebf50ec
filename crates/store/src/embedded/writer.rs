//! The one thread that writes: it commits in groups, so that all who wait share one fsync.

use super::{
    OpenError,
    error::closed,
    job::{Job, Write},
    wal::Wal,
};
use crate::{Result, StoreError, metrics::METRICS};
use rusqlite::Connection;
use std::{
    io,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};
use tokio::{
    runtime::{self, Runtime},
    sync::{mpsc, oneshot},
    time::timeout_at,
};

/// Jobs that may wait; who comes later waits for a place.
const QUEUE: usize = 1024;
/// A transaction ends after this many jobs,
const MAX_JOBS: usize = 100;
/// or as soon as it has taken this long, so that the first job does not wait for the hundredth.
const MAX_TIME: Duration = Duration::from_millis(2);

/// A handle to the thread.
pub(super) struct Writer {
    running: Mutex<Option<Running>>,
}

struct Running {
    queue: mpsc::Sender<Box<dyn Job>>,
    thread: JoinHandle<()>,
}

impl Writer {
    /// Starts the thread on a connection of its own.
    pub(super) fn start(connection: Connection) -> std::result::Result<Self, OpenError> {
        let file = PathBuf::from(connection.path().unwrap_or_default());
        let (queue, jobs) = mpsc::channel(QUEUE);
        let failed = |error: io::Error| OpenError::Failed { file: file.clone(), reason: error.to_string() };
        let clock = runtime::Builder::new_current_thread().enable_time().build().map_err(failed)?;
        let thread = thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || serve(&connection, jobs, &clock))
            .map_err(failed)?;
        Ok(Self { running: Mutex::new(Some(Running { queue, thread })) })
    }

    /// Runs `work` inside the next transaction and returns after its commit. An error undoes
    /// what `work` did and nothing else. Dropping the future once the job is queued does not
    /// undo it.
    pub(super) async fn run<T, W>(&self, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        self.queue(work, false).await
    }

    /// The same for work that erases: soon afterwards nothing of that is in any file.
    pub(super) async fn erase<T, W>(&self, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        self.queue(work, true).await
    }

    async fn queue<T, W>(&self, work: W, erases: bool) -> Result<T>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let _timer = METRICS.time("write");
        let (answer, answered) = oneshot::channel();
        let queue = self.lock().as_ref().map(|running| running.queue.clone()).ok_or_else(closed)?;
        queue.send(Box::new(Write::new(work, erases, answer))).await.map_err(|_| closed())?;
        drop(queue); // while it is held, the thread waits for more
        answered.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Finishes what is queued and ends the thread.
    pub(super) async fn close(&self) {
        let running = self.lock().take();
        if let Some(Running { queue, thread }) = running {
            drop(queue);
            // Joining blocks; it can only fail if the thread panicked, which the log has.
            let _ = tokio::task::spawn_blocking(|| thread.join()).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn serve(connection: &Connection, mut jobs: mpsc::Receiver<Box<dyn Job>>, clock: &Runtime) {
    let mut wal = Wal::of(connection);
    loop {
        let next = match wal.due() {
            None => Ok(jobs.blocking_recv()),
            Some(due) => clock.block_on(async { timeout_at(due.into(), jobs.recv()).await }),
        };
        match next {
            Ok(Some(first)) => {
                if obey(connection, first, &mut jobs) {
                    wal.note_erasure();
                }
            }
            Ok(None) => break,
            Err(_due) => {}
        }
        wal.tend();
    }
    wal.close();
}

/// Runs a job and what has arrived with it, and answers. Returns whether something was erased.
fn obey(connection: &Connection, first: Box<dyn Job>, jobs: &mut mpsc::Receiver<Box<dyn Job>>) -> bool {
    let mut batch = vec![first];
    let committed = transact(connection, &mut batch, jobs).map_err(|error| {
        tracing::error!(%error, "nothing was stored: the transaction failed");
        StoreError::Unavailable(error.to_string())
    });
    let erases = batch.iter().any(|job| job.erases());
    for job in batch {
        job.answer(&committed);
    }
    erases
}

/// Runs the batch and what arrives meanwhile in one transaction. On an error nothing of it is
/// stored.
fn transact(
    connection: &Connection,
    batch: &mut Vec<Box<dyn Job>>,
    jobs: &mut mpsc::Receiver<Box<dyn Job>>,
) -> Result<()> {
    let started = Instant::now();
    roll_back(connection)?; // only if the one before could not
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let next = || if started.elapsed() < MAX_TIME { jobs.try_recv().ok() } else { None };
    let outcome = run_all(connection, batch, next).and_then(|()| {
        connection.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    });
    if outcome.is_err() {
        roll_back(connection)?;
    }
    outcome
}

fn roll_back(connection: &Connection) -> Result<()> {
    if !connection.is_autocommit() {
        connection.prepare_cached("ROLLBACK")?.execute([])?;
    }
    Ok(())
}

fn run_all(
    tx: &Connection,
    batch: &mut Vec<Box<dyn Job>>,
    mut next: impl FnMut() -> Option<Box<dyn Job>>,
) -> Result<()> {
    let mut ran = 0;
    while let Some(job) = batch.get_mut(ran) {
        job.run(tx)?;
        // A full disk makes SQLite roll the whole transaction back by itself. The jobs after
        // that would be committed one by one, and those before it be lost.
        if tx.is_autocommit() {
            return Err(StoreError::Unavailable("the transaction was rolled back".into()));
        }
        ran += 1;
        if batch.len() < MAX_JOBS {
            batch.extend(next());
        }
    }
    Ok(())
}

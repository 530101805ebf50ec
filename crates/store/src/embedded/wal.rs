//! The write-ahead log: copied into the data file when it is long, and emptied after an erasure,
//! because until then it holds what was erased.

use rusqlite::Connection;
use std::time::{Duration, Instant};

/// Frames that are not in the data file yet, before they are copied there.
const MAX_FRAMES: i64 = 1000;
/// How long what was erased may stay in the log; what else is erased meanwhile goes with it.
const SOON: Duration = Duration::from_millis(500);
/// When emptying is tried again after it was in vain: somebody still read what was there before.
const AGAIN: Duration = Duration::from_secs(1);
/// How long an attempt waits for readers, and all who write with it.
const PATIENCE: Duration = Duration::from_millis(50);
/// How long the last attempt does: nobody writes any more.
const LAST_PATIENCE: Duration = Duration::from_secs(1);

/// The log, as the one who writes sees it.
pub(super) struct Wal<'a> {
    connection: &'a Connection,
    /// When it is to be emptied, if something in it was erased.
    due: Option<Instant>,
}

impl<'a> Wal<'a> {
    /// Due at once: an earlier run may have been killed before it came to that.
    pub(super) fn of(connection: &'a Connection) -> Self {
        Self { connection, due: Some(Instant::now()) }
    }

    /// Notes that something was erased.
    pub(super) fn note_erasure(&mut self) {
        self.due.get_or_insert_with(|| Instant::now() + SOON);
    }

    /// When [`Self::tend`] has something to do although nothing is written.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Does what is due, between two transactions.
    pub(super) fn tend(&mut self) {
        if self.due.is_some_and(|due| due <= Instant::now()) {
            let emptied = self.empty(PATIENCE);
            self.due = (!emptied).then(|| Instant::now() + AGAIN);
        } else if let Err(error) = copy_if_long(self.connection) {
            warn(&error);
        }
    }

    /// Does at the end what is still to be done. The last one who closes the file empties the log in
    /// any case, but a command may run beside a server.
    pub(super) fn close(self) {
        if self.due.is_some() {
            self.empty(LAST_PATIENCE);
        }
    }

    /// Copies all of it into the data file and cuts it off. `false`: somebody reads.
    fn empty(&self, patience: Duration) -> bool {
        let usual = || self.connection.busy_timeout(super::open::BUSY);
        let emptied = self.connection.busy_timeout(patience).and_then(|()| {
            let is_busy = |row: &rusqlite::Row<'_>| row.get::<_, bool>(0);
            self.connection.prepare_cached("PRAGMA wal_checkpoint(TRUNCATE)")?.query_row([], is_busy)
        });
        match usual().and(emptied) {
            Ok(is_busy) => !is_busy,
            Err(error) => {
                warn(&error);
                false
            }
        }
    }
}

/// PASSIVE waits for nobody. The log is not cut off: overwriting a page that the file already has
/// makes a commit several times faster than letting it grow.
fn copy_if_long(connection: &Connection) -> rusqlite::Result<()> {
    let frames = |sql| {
        connection.prepare_cached(sql)?.query_row([], |row| Ok(row.get::<_, i64>(1)? - row.get::<_, i64>(2)?))
    };
    if frames("PRAGMA wal_checkpoint(NOOP)")? > MAX_FRAMES {
        frames("PRAGMA wal_checkpoint(PASSIVE)")?;
    }
    Ok(())
}

fn warn(error: &rusqlite::Error) {
    tracing::warn!(%error, "the WAL could not be copied into the data file");
}

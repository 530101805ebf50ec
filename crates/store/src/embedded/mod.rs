//! SQLite in one folder: the default store.
//!
//! One thread writes and commits in groups ([`writer`]); a few read-only connections read
//! ([`readers`]). Each noun has its own file, which holds nothing but SQL and rows.

pub mod backup;
mod columns;
mod conversations;
mod error;
mod files;
mod friendships;
mod group_invitations;
mod groups;
mod invitations;
mod job;
mod lock;
mod messages;
mod migrations;
mod open;
mod partings;
mod preferences;
mod read_cursors;
mod readers;
mod sessions;
mod users;
mod wal;
mod writer;
#[cfg(test)]
mod writer_test;

use crate::{Result, Store, StoreError};
pub use lock::Lock;
pub use open::OpenError;
use readers::Readers;
use std::path::{Path, PathBuf};
use writer::Writer;

/// The store in a folder. Keeps its files open until [`Store::close`] or until it is dropped.
pub struct EmbeddedStore {
    writer: Writer,
    readers: Readers,
}

impl EmbeddedStore {
    /// Where the data file in `folder` is.
    pub fn file_in(folder: &Path) -> PathBuf {
        folder.join(open::FILE)
    }

    /// Whether there is a data file in `folder`.
    pub fn is_in(folder: &Path) -> bool {
        Self::file_in(folder).is_file()
    }

    /// Opens the data file `sotto.db` in `folder`. Makes both where they are missing, readable
    /// for nobody but their owner, and brings an older schema up to date.
    pub fn open(folder: &Path) -> std::result::Result<Self, OpenError> {
        let file = open::prepare(folder)?;
        let writer = open::for_writing(&file)?;
        let mut readers = Vec::new();
        for _ in 0..readers::CONNECTIONS {
            readers.push(open::for_reading(&file)?);
        }
        Ok(Self { writer: Writer::start(writer)?, readers: Readers::new(readers) })
    }
}

#[async_trait::async_trait]
impl Store for EmbeddedStore {
    async fn check_ready(&self) -> Result<()> {
        let written = self.writer.run(|tx| {
            tx.prepare_cached("UPDATE readiness SET checks = checks + 1")?.execute([])?;
            Ok(())
        });
        let read = self.readers.run(|tx| {
            tx.prepare_cached("SELECT checks FROM readiness")?.query_row([], |_| Ok(()))?;
            Ok(())
        });
        written.await.map_err(unready)?;
        read.await.map_err(unready)
    }

    async fn secret(&self) -> Result<[u8; 32]> {
        let read = self
            .readers
            .run(|tx| Ok(tx.prepare_cached("SELECT bytes FROM secret")?.query_row([], |row| row.get(0))?));
        read.await
    }

    async fn close(&self) {
        // The writer last: as the last connection it empties the WAL into the data file.
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn unready(error: StoreError) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

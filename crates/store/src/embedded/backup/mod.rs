//! Copies of the data: made while a server runs, checked, and put back.
//!
//! A backup is a copy of the data file, and beside it a folder with the bytes of the files that the copy speaks of, in
//! the same order as in [`folder`](crate::bytes::folder). It is made and put back in an order in which every row has its bytes:
//!
//! - The data file is copied first, then the bytes that it speaks of: they are there as long as their row is, and a file
//!   is whole before its row says so. Bytes that are missing then belong to what was erased meanwhile, which another,
//!   newer copy shows; it needs few more bytes, so that is soon done. What was erased before the last copy is no part
//!   of the backup; what was erased during it, it knows as erased.
//! - The folder gets its name before the file: where there is the file, there is everything.
//! - Bytes that an earlier backup beside it has are compared and get a second name, so that each backup can be removed
//!   by itself, and costs only what is new. Those of the served folder are copied: a backup that shared them would
//!   share their end.
//! - What is put back is put together in a folder of its own, and the data file gets its name last.

mod disk;
mod making;
mod noted;
mod restoring;

use super::{OpenError, migrations, open};
use crate::bytes::{BytesError, folder::Copying};
pub use making::back_up;
use model::id::FileId;
pub use noted::{Bytes, NotedFiles};
pub use restoring::{restore, verify};
use rusqlite::{Connection, OpenFlags};
use std::{
    fs::{File, OpenOptions},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// What is counted in a data file.
const TABLES: [&str; 8] =
    ["users", "friendships", "conversations", "messages", "read_cursors", "sessions", "invitations", "files"];
/// Tables whose only row is made with them and changed ever after; without it much would fail, and why.
const ONLY_ROWS: [(&str, &str); 3] = [
    ("session_endings", "the count of ended sessions is missing"),
    ("readiness", "the row that shows whether writing works is missing"),
    ("secret", "the secret that drafts are sealed with is missing"),
];

/// What a backup is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The data file, and the bytes of files in the folder beside it.
    Everything,
    /// The data file alone: the bytes of files are in a bucket, which is kept by other means.
    Rows,
}

/// How many rows each table has; of files, those that are whole.
pub type Counts = Vec<(&'static str, u64)>;

/// What a backup holds.
#[derive(Debug)]
pub struct Holding {
    /// Rows.
    pub counts: Counts,
    /// The bytes of files.
    pub bytes: Bytes,
}

/// What was put back.
#[derive(Debug)]
pub struct Restored {
    /// This.
    pub holding: Holding,
    /// What was there before is in this folder.
    pub kept: Option<PathBuf>,
}

/// Why there is no copy; each text is a sentence for the person who wanted one.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Nothing is overwritten.
    #[error("{} exists already; choose another name", .0.display())]
    Exists(PathBuf),
    /// The folder holds data, and nobody said that it may be replaced.
    #[error(
        "there is data in {} already: say --force to put the backup in its place; what is there is kept beside it",
        .0.display()
    )]
    HasData(PathBuf),
    /// There is nothing to copy.
    #[error("there is no file {}", .0.display())]
    Missing(PathBuf),
    /// None of the bytes that belong to a backup are beside it.
    #[error(
        "{} has {files} files, but their bytes are not beside it: put the folder {} there, or make an empty one of \
         that name to restore it without them",
        file.display(), folder.display()
    )]
    NoBytes {
        /// The backup.
        file: PathBuf,
        /// Where they should be.
        folder: PathBuf,
        /// How many files.
        files: u64,
    },
    /// A copy that differs from what it was made from.
    #[error("the restored copy has {copied} {table}, but the backup has {kept}")]
    Differs {
        /// The table.
        table: &'static str,
        /// Rows in the backup.
        kept: u64,
        /// Rows in the copy.
        copied: u64,
    },
    /// The file or the folder cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The bytes of files cannot be written.
    #[error("the bytes of files cannot be copied: {0}")]
    Bytes(#[from] BytesError),
    /// The copying failed.
    #[error("{}: {reason}", file.display())]
    Failed {
        /// The file that was being read or written.
        file: PathBuf,
        /// What SQLite or the operating system says.
        reason: String,
    },
}

impl BackupError {
    fn of(file: &Path, error: impl ToString) -> Self {
        Self::Failed { file: file.to_owned(), reason: error.to_string() }
    }
}

/// Where the bytes of a backup's files lie.
pub fn bytes_beside(backup: &Path) -> PathBuf {
    disk::bytes_of(backup)
}

/// Whether a data file is ours, with no object of its schema otherwise than we make it, and sound, down to
/// every index and reference; returns what it holds.
pub fn check(file: &Path) -> Result<Counts, BackupError> {
    if !file.is_file() {
        return Err(BackupError::Missing(file.to_owned()));
    }
    let connection = open::connect(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let read = || -> rusqlite::Result<Result<Counts, OpenError>> {
        if let Err(foreign) = migrations::refuse_foreign(&connection, file) {
            return Ok(Err(foreign));
        }
        let damaged =
            |reason: &str| Ok(Err(OpenError::Damaged { file: file.to_owned(), reason: reason.to_owned() }));
        if let Err(migrations::Foreign(what)) = migrations::compare(&connection)? {
            return damaged(&what);
        }
        let sound: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if sound != "ok" {
            return damaged(&sound);
        }
        if connection.prepare("PRAGMA foreign_key_check")?.exists([])? {
            return damaged("something in it refers to what is not there");
        }
        for (table, missing) in ONLY_ROWS {
            if rows_in(&connection, table)?.is_some_and(|rows| rows != 1) {
                return damaged(missing);
            }
        }
        let mut counts = Counts::new();
        for table in TABLES {
            counts.push((table, rows_in(&connection, table)?.unwrap_or_default()));
        }
        Ok(Ok(counts))
    };
    Ok(read().map_err(|error| OpenError::of(file, error))??)
}

/// How many rows a table has that count; `None`: an earlier version had no such table.
fn rows_in(connection: &Connection, table: &str) -> rusqlite::Result<Option<u64>> {
    if !has_table(connection, table)? {
        return Ok(None);
    }
    let which = if table == "files" { "state IN ('ready', 'sent')" } else { "true" };
    let count = format!("SELECT count(*) FROM {table} WHERE {which}");
    Ok(Some(connection.query_row(&count, [], |row| row.get::<_, u32>(0))?.into()))
}

fn has_table(connection: &Connection, table: &str) -> rusqlite::Result<bool> {
    connection.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?")?.exists([table])
}

/// Writes a compact copy of one moment of `from` to a file that does not exist yet, for its owner
/// alone, and waits until it is on disk.
fn copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    let failed = |error: &dyn ToString| BackupError::of(to, error.to_string());
    let made = OpenOptions::new().mode(0o600).write(true).create_new(true).open(to);
    made.map_err(|error| failed(&error))?;
    let source = open::connect(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    source.execute("VACUUM INTO ?", [to.to_string_lossy()]).map_err(|error| failed(&error))?;
    File::open(to).and_then(|file| file.sync_all()).map_err(|error| failed(&error))
}

/// Takes out of a copy what is not to be in it: the sessions, and uploads that are not whole, whose bytes are not.
fn leave_out(copy: &Path) -> Result<(), BackupError> {
    let take_out = || {
        let copy = Connection::open(copy)?;
        copy.execute_batch("PRAGMA secure_delete = ON; DELETE FROM sessions;")?;
        match has_table(&copy, "files")? {
            true => copy.execute_batch("DELETE FROM files WHERE state = 'uploading';"),
            false => Ok(()),
        }
    };
    take_out().map_err(|error| BackupError::of(copy, error))?;
    File::open(copy).and_then(|file| file.sync_all()).map_err(|error| BackupError::of(copy, error))
}

/// Brings the bytes of all files that are noted, and says which are not as they should be.
fn bring(
    noted: &NotedFiles,
    copying: &mut Copying,
    mut faulty: impl FnMut(FileId) -> Result<(), BackupError>,
) -> Result<Bytes, BackupError> {
    noted.look(|file| {
        let fault = copying.bring(file)?;
        if fault.is_some() {
            faulty(file.id)?;
        }
        Ok(fault)
    })
}

//! Opening the data file, and what can be wrong with it.

use super::migrations;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::{
    fs::{DirBuilder, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

/// Why a folder cannot be used; each text is a sentence for the person who starts the server.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder or the file in it cannot be made or written.
    #[error("The data folder {} cannot be made or written: {reason}.", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the operating system says.
        reason: String,
    },
    /// A server uses the folder.
    #[error("The data folder {} is in use by a server. Stop it first.", folder.display())]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// A restore was cut short between what was there and what was to be there.
    #[error(
        "A restore into {} was cut short: run it again with --force, or move what is kept in its folder \
         before-restore-... back.",
        folder.display()
    )]
    CutShort {
        /// The folder.
        folder: PathBuf,
    },
    /// A newer program has changed the schema.
    #[error(
        "The data in {} has schema version {found}, but this program only knows versions up to {known}: \
         start the newer program that wrote it, or restore an older backup.",
        file.display()
    )]
    Newer {
        /// The data file.
        file: PathBuf,
        /// The file's version.
        found: i64,
        /// This program's version.
        known: i64,
    },
    /// The file is something else, or broken.
    #[error("The data file {} is damaged or not Sotto's: {reason}.", file.display())]
    Damaged {
        /// The data file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Anything else: another program holds the file, no memory, no thread.
    #[error("The data file {} cannot be opened: {reason}.", file.display())]
    Failed {
        /// The data file.
        file: PathBuf,
        /// What SQLite or the operating system says.
        reason: String,
    },
}

impl OpenError {
    /// What SQLite's refusal means for `file`.
    pub(super) fn of(file: &Path, error: rusqlite::Error) -> Self {
        let (file, reason) = (file.to_owned(), error.to_string());
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Damaged { file, reason },
            Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                Self::Folder { folder: file.parent().unwrap_or(&file).to_owned(), reason }
            }
            _ => Self::Failed { file, reason },
        }
    }
}

/// How long a statement waits for another program that holds the file.
pub(super) const BUSY: Duration = Duration::from_secs(5);

/// The data file's name.
pub(super) const FILE: &str = "sotto.db";

/// What a restore puts in the place of the data file, until it is there.
pub(super) fn restoring(folder: &Path) -> PathBuf {
    folder.join("sotto.db.restoring")
}

/// Makes the folder and an empty data file, if they are missing; returns the file's path.
/// Made here and not by SQLite, which would neither name the reason nor keep others from reading.
pub(super) fn prepare(folder: &Path) -> Result<PathBuf, OpenError> {
    let file = folder.join(FILE);
    prepare_folder(folder)?;
    // An empty one in its place would look as if everything were lost.
    if !file.exists() && restoring(folder).exists() {
        return Err(OpenError::CutShort { folder: folder.to_owned() });
    }
    make_file(&file)
        .map_err(|error| OpenError::Folder { folder: folder.to_owned(), reason: error.to_string() })?;
    Ok(file)
}

/// Makes the folder, if it is missing.
pub(super) fn prepare_folder(folder: &Path) -> Result<(), OpenError> {
    make_folder(folder)
        .map_err(|error| OpenError::Folder { folder: folder.to_owned(), reason: error.to_string() })
}

fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).recursive(true).create(folder)
}

fn make_file(file: &Path) -> io::Result<()> {
    OpenOptions::new().mode(0o600).append(true).create(true).open(file).map(drop)
}

/// The one connection that writes, its schema up to date.
pub(super) fn for_writing(file: &Path) -> Result<Connection, OpenError> {
    let mut connection = connect(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // First of all, so that a file of a newer or of another program stays as it is.
    migrations::refuse_foreign(&connection, file)?;
    // FULL: a commit returns after fsync. Checkpoints are the writer thread's own work, at a
    // moment when nobody waits. What is deleted is overwritten. The undo log of savepoints needs no
    // file.
    let settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; \
                    PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; \
                    PRAGMA mmap_size = 0;";
    let ready = connection.execute_batch(settings).and_then(|()| migrations::migrate(&mut connection));
    ready.map_err(|error| OpenError::of(file, error))?;
    Ok(connection)
}

/// One of the connections that read.
pub(super) fn for_reading(file: &Path) -> Result<Connection, OpenError> {
    let connection = connect(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let settings = "PRAGMA query_only = ON; PRAGMA mmap_size = 0;";
    connection.execute_batch(settings).map_err(|error| OpenError::of(file, error))?;
    Ok(connection)
}

pub(super) fn connect(file: &Path, access: OpenFlags) -> Result<Connection, OpenError> {
    // No mutex: a connection is used by one thread at a time.
    let connect = || {
        let connection = Connection::open_with_flags(file, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(BUSY)?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(connection)
    };
    connect().map_err(|error| OpenError::of(file, error))
}

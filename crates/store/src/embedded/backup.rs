//! Copies of the data file: made while a server runs, checked, and put back.

use super::{EmbeddedStore, Lock, OpenError, migrations, open};
use model::time::Timestamp;
use rusqlite::{Connection, OpenFlags};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// What is counted in a data file.
const TABLES: [&str; 7] =
    ["users", "friendships", "conversations", "messages", "read_cursors", "sessions", "invitations"];
/// Tables whose only row is made with them and changed ever after; without it much would fail, and why.
const ONLY_ROWS: [(&str, &str); 3] = [
    ("session_endings", "the count of ended sessions is missing"),
    ("readiness", "the row that shows whether writing works is missing"),
    ("secret", "the secret that drafts are sealed with is missing"),
];

/// How many rows each table has.
pub type Counts = Vec<(&'static str, u64)>;

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

/// The data file, its log, and the log's index.
const FILES: [&str; 3] = [open::FILE, "sotto.db-wal", "sotto.db-shm"];

/// Copies the data in `folder` into a new file, as it is at one moment, while others read and
/// write; without the sessions, with which whoever reads the file could be anybody. The file is
/// complete and on disk once it has its name. Returns what it holds.
pub fn back_up(folder: &Path, to: &Path) -> Result<Counts, BackupError> {
    let data = folder.join(open::FILE);
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    // A name of its own: another backup to the same name may be under way, or have been cut short.
    let unfinished = beside(to, &format!("{}.part", uuid::Uuid::now_v7().simple()));
    let copied = copy(&data, &unfinished).and_then(|()| end_sessions(&unfinished));
    let copied = copied.and_then(|()| check(&unfinished)).and_then(|counts| {
        publish(&unfinished, to, |from, to| fs::hard_link(from, to))?;
        Ok(counts)
    });
    let _ = fs::remove_file(&unfinished);
    copied
}

/// Gives a finished file its name, unless somebody has put something there meanwhile. `link` gives it a
/// second name, which is the one way that never replaces anything; a disk that has no such names (exFAT, a
/// share of Windows) gets the name first, empty, and then the file in its place.
fn publish(
    unfinished: &Path,
    to: &Path,
    link: impl Fn(&Path, &Path) -> io::Result<()>,
) -> Result<(), BackupError> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists(to.to_owned()),
        _ => BackupError::of(to, error),
    };
    match link(unfinished, to) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(failed(error)),
        Err(_) => {
            OpenOptions::new().mode(0o600).write(true).create_new(true).open(to).map_err(failed)?;
            fs::rename(unfinished, to).map_err(|error| {
                let _ = fs::remove_file(to);
                failed(error)
            })?;
        }
    }
    sync_folder_of(to)
}

/// Puts a backup into `folder`. What was there, which `replace` must allow, is kept in a folder
/// inside, whose path is returned with what there is now. Nobody is signed in afterwards: a
/// session that has ended since the backup must not come back.
pub fn restore(
    from: &Path,
    folder: &Path,
    replace: bool,
    now: Timestamp,
) -> Result<(Counts, Option<PathBuf>), BackupError> {
    check(from)?;
    let _lock = Lock::take(folder)?;
    let data = folder.join(open::FILE);
    // Also a log that was left behind: it would be played back into the file that is put beside it.
    let has_data = FILES.iter().any(|name| folder.join(name).exists());
    if has_data && !replace {
        return Err(BackupError::HasData(folder.to_owned()));
    }
    let unfinished = open::restoring(folder);
    let _ = fs::remove_file(&unfinished);
    copy(from, &unfinished)?;
    end_sessions(&unfinished)?;
    let kept = if has_data { Some(put_aside(folder, now)?) } else { None };
    fs::rename(&unfinished, &data).map_err(|error| BackupError::of(&data, error))?;
    sync_folder_of(&data)?;
    Ok((check(&data)?, kept))
}

/// Restores a backup into a folder of its own, opens it as a server does, and compares what is in
/// it with the backup. Returns what the backup holds; the folder is removed.
pub fn verify(from: &Path) -> Result<Counts, BackupError> {
    let kept = check(from)?;
    let folder = Temporary(std::env::temp_dir().join(format!("sotto-verify-{}", uuid::Uuid::now_v7())));
    restore(from, &folder.0, false, Timestamp(0))?;
    drop(EmbeddedStore::open(&folder.0)?);
    let copied = check(&folder.0.join(open::FILE))?;
    for ((table, kept), (_, copied)) in kept.iter().zip(copied) {
        // Nobody is signed in after a restore.
        let kept = if *table == "sessions" { 0 } else { *kept };
        if kept != copied {
            return Err(BackupError::Differs { table, kept, copied });
        }
    }
    Ok(kept)
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

/// How many rows a table has; `None`: an earlier version had no such table.
fn rows_in(connection: &Connection, table: &str) -> rusqlite::Result<Option<u64>> {
    let is_there = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?";
    if !connection.prepare(is_there)?.exists([table])? {
        return Ok(None);
    }
    let count =
        connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, u32>(0))?;
    Ok(Some(count.into()))
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

/// Takes the sessions out of a copy.
fn end_sessions(copy: &Path) -> Result<(), BackupError> {
    Connection::open(copy)
        .and_then(|copy| copy.execute_batch("PRAGMA secure_delete = ON; DELETE FROM sessions;"))
        .map_err(|error| BackupError::of(copy, error))?;
    File::open(copy).and_then(|file| file.sync_all()).map_err(|error| BackupError::of(copy, error))
}

/// Moves the data file and what belongs to it into a new folder inside `folder`.
fn put_aside(folder: &Path, now: Timestamp) -> Result<PathBuf, BackupError> {
    let at = now.civil(0);
    let aside = folder.join(format!(
        "before-restore-{:04}{:02}{:02}-{:02}{:02}{:02}.{:03}",
        at.year, at.month, at.day, at.hour, at.minute, at.second, at.millisecond
    ));
    DirBuilder::new().mode(0o700).create(&aside).map_err(|error| BackupError::of(&aside, error))?;
    // The data file first: what stays behind after a crash in between is a log without its data, which
    // the next try puts aside, too; never a data file without its log, which would be taken for whole.
    for name in FILES {
        let from = folder.join(name);
        if from.exists() {
            fs::rename(&from, aside.join(name)).map_err(|error| BackupError::of(&from, error))?;
        }
    }
    Ok(aside)
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

fn sync_folder_of(file: &Path) -> Result<(), BackupError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // Some network disks know no such thing, and the file itself is on disk.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        synced => synced.map_err(|error| BackupError::of(folder, error)),
    }
}

/// A folder that is removed when it is dropped.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::{BackupError, publish};
    use std::{fs, io};

    #[test]
    fn a_disk_without_second_names_gets_the_file_and_loses_nothing() {
        let place = tempfile::tempdir().expect("a folder for temporary files");
        let (unfinished, to) = (place.path().join("a.part"), place.path().join("a.db"));
        let unsupported = |_: &_, _: &_| Err(io::Error::from(io::ErrorKind::PermissionDenied));
        fs::write(&unfinished, "whole").expect("a file");
        publish(&unfinished, &to, unsupported).expect("a name");
        assert_eq!(fs::read_to_string(&to).expect("the file"), "whole");
        assert!(!unfinished.exists());

        fs::write(&unfinished, "another").expect("a file");
        let refused = publish(&unfinished, &to, unsupported);
        assert!(matches!(refused, Err(BackupError::Exists(_))), "{refused:?}");
        let refused = publish(&unfinished, &to, |from, to| fs::hard_link(from, to));
        assert!(matches!(refused, Err(BackupError::Exists(_))), "{refused:?}");
        assert_eq!(fs::read_to_string(&to).expect("the file"), "whole", "nothing is overwritten");
    }
}

//! How files and folders come to their names, and are on disk by then.

use super::BackupError;
use crate::embedded::open;
use model::time::Timestamp;
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// The data file, its log, and the log's index.
const FILES: [&str; 3] = [open::FILE, "sotto.db-wal", "sotto.db-shm"];

/// Where the bytes of a backup's files lie: beside it.
pub(super) fn bytes_of(backup: &Path) -> PathBuf {
    beside(backup, "files")
}

pub(super) fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// The names of a backup that is being made. What lies there is removed when this is dropped.
pub(super) struct Unfinished {
    pub(super) data: PathBuf,
    pub(super) bytes: PathBuf,
}

impl Unfinished {
    /// Names of its own: another backup to the same name may be under way, or have been cut short.
    pub(super) fn of(backup: &Path) -> Self {
        let own = uuid::Uuid::now_v7().simple();
        Self {
            data: beside(backup, &format!("{own}.part")),
            bytes: beside(backup, &format!("files.{own}.part")),
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.data);
        let _ = fs::remove_dir_all(&self.bytes);
    }
}

/// The bytes of the backup beside this one that was made last: what is in it need not be copied again. What they are
/// called says nothing: each is compared before it is used.
pub(super) fn newest_beside(backup: &Path) -> Option<PathBuf> {
    let folder = folder_of(backup);
    let bytes = fs::read_dir(folder).ok()?.filter_map(Result::ok).filter(|entry| {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        is_folder && Path::new(&entry.file_name()).extension().is_some_and(|ending| ending == "files")
    });
    let made = bytes.filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())));
    made.max().map(|(_, path)| path)
}

/// Gives a finished file its name, unless somebody has put something there meanwhile. `link` gives it a
/// second name, which is the one way that never replaces anything; a disk that has no such names (exFAT, a
/// share of Windows) gets the name first, empty, and then the file in its place.
pub(super) fn publish(
    unfinished: &Path,
    to: &Path,
    link: impl Fn(&Path, &Path) -> io::Result<()>,
) -> Result<(), BackupError> {
    match link(unfinished, to) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(taken(to, error)),
        Err(_) => {
            let first = OpenOptions::new().mode(0o600).write(true).create_new(true).open(to);
            first.map_err(|error| taken(to, error))?;
            fs::rename(unfinished, to).map_err(|error| {
                let _ = fs::remove_file(to);
                taken(to, error)
            })?;
        }
    }
    sync_folder_of(to)
}

/// The same for a folder: it takes the place of an empty one, which nobody else has made.
pub(super) fn publish_folder(unfinished: &Path, to: &Path) -> Result<(), BackupError> {
    DirBuilder::new().mode(0o700).create(to).map_err(|error| taken(to, error))?;
    fs::rename(unfinished, to).map_err(|error| {
        let _ = fs::remove_dir(to);
        BackupError::of(to, error)
    })?;
    sync_folder_of(to)
}

fn taken(to: &Path, error: io::Error) -> BackupError {
    match error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists(to.to_owned()),
        _ => BackupError::of(to, error),
    }
}

/// Whether there is anything of somebody's data in a folder, or of the bytes of files, if they lie in one. Also a log that was left behind: it would be played back
/// into the file that is put beside it.
pub(super) fn has_data(folder: &Path, bytes: Option<&Path>) -> bool {
    let has_bytes = || {
        bytes.and_then(|bytes| fs::read_dir(bytes).ok()).is_some_and(|mut entries| entries.next().is_some())
    };
    FILES.iter().any(|name| folder.join(name).exists()) || has_bytes()
}

/// Moves the data file and what belongs to it into a new folder inside `folder`, with the bytes of files, if they lie in one.
pub(super) fn put_aside(folder: &Path, bytes: Option<&Path>, now: Timestamp) -> Result<PathBuf, BackupError> {
    let at = now.civil(0);
    let aside = folder.join(format!(
        "before-restore-{:04}{:02}{:02}-{:02}{:02}{:02}.{:03}",
        at.year, at.month, at.day, at.hour, at.minute, at.second, at.millisecond
    ));
    DirBuilder::new().mode(0o700).create(&aside).map_err(|error| BackupError::of(&aside, error))?;
    // The data file first: what stays behind after a crash in between is a log without its data, or bytes, which
    // the next try puts aside, too; never a data file without its log, which would be taken for whole.
    let all = FILES.iter().map(|name| folder.join(name)).chain(bytes.map(Path::to_owned));
    for from in all.filter(|from| from.exists()) {
        let name = from.file_name().unwrap_or_default();
        fs::rename(&from, aside.join(name)).map_err(|error| BackupError::of(&from, error))?;
    }
    Ok(aside)
}

pub(super) fn sync_folder_of(file: &Path) -> Result<(), BackupError> {
    let folder = folder_of(file);
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // Some network disks know no such thing, and the file itself is on disk.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        synced => synced.map_err(|error| BackupError::of(folder, error)),
    }
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A folder that is removed when it is dropped.
pub(super) struct Temporary(pub(super) PathBuf);

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

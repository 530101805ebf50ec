//! Putting a backup back, and seeing whether it could be.

use super::{
    BackupError, Bytes, Counts, Holding, NotedFiles, Restored, Scope, bring, check, copy,
    disk::{Temporary, beside, bytes_of, has_data, put_aside, sync_folder_of},
    leave_out,
};
use crate::{
    bytes::{
        Fault,
        folder::{Copying, Folder},
    },
    embedded::{EmbeddedStore, Lock, open},
};
use model::time::Timestamp;
use std::{fs, path::Path};

/// Puts a backup into `folder`, with the bytes that lie beside it as they should: of the others is said which they are.
/// What was there, which `replace` must allow, is kept in a folder inside. Nobody is signed in afterwards: a session
/// that has ended since the backup must not come back.
pub fn restore(
    from: &Path,
    folder: &Path,
    scope: Scope,
    replace: bool,
    now: Timestamp,
) -> Result<Restored, BackupError> {
    if scope == Scope::Rows {
        return put_back(from, None, folder, replace, now);
    }
    let files = count_of("files", &check(from)?);
    let bytes = bytes_of(from);
    if files > 0 && !is_folder(&bytes) {
        return Err(BackupError::NoBytes { file: from.to_owned(), folder: bytes, files });
    }
    put_back(from, Some(&bytes), folder, replace, now)
}

fn put_back(
    from: &Path,
    bytes: Option<&Path>,
    folder: &Path,
    replace: bool,
    now: Timestamp,
) -> Result<Restored, BackupError> {
    let _lock = Lock::take(folder)?;
    let (data, served) = (folder.join(open::FILE), Folder::within(folder));
    // A restore of rows alone leaves what lies beside a bucket as it leaves the bucket: it is served from there.
    let replaced = bytes.map(|_| &*served);
    let has_data = has_data(folder, replaced);
    if has_data && !replace {
        return Err(BackupError::HasData(folder.to_owned()));
    }
    let unfinished = open::restoring(folder);
    let _ = fs::remove_file(&unfinished);
    copy(from, &unfinished)?;
    leave_out(&unfinished)?;
    let coming = beside(&served, "restoring");
    let _ = fs::remove_dir_all(&coming);
    let held = match bytes {
        Some(bytes) => put_together(&unfinished, bytes, &served, &coming)?,
        None => Bytes::default(),
    };
    let kept = if has_data { Some(put_aside(folder, replaced, now)?) } else { None };
    if coming.exists() {
        fs::rename(&coming, &served).map_err(|error| BackupError::of(&served, error))?;
    }
    fs::rename(&unfinished, &data).map_err(|error| BackupError::of(&data, error))?;
    sync_folder_of(&data)?;
    Ok(Restored { holding: Holding { counts: check(&data)?, bytes: held }, kept })
}

/// Puts together what is to be the folder of the bytes; what is served until now need not be copied.
fn put_together(data: &Path, bytes: &Path, served: &Path, to: &Path) -> Result<Bytes, BackupError> {
    let mut copying = Copying::new(&Folder::at(bytes), Some(&Folder::at(served)), to);
    let held = bring(&NotedFiles::of(data)?, &mut copying, |_| Ok(()))?;
    copying.finish()?;
    Ok(held)
}

/// Restores a backup into a folder of its own, opens it as a server does, and compares what is in
/// it with the backup; the folder is removed. The bytes of files are compared where they lie, all of them: a copy would
/// need as much room once more. Returns what the backup holds, and what is not as it should be.
pub fn verify(from: &Path, scope: Scope) -> Result<Holding, BackupError> {
    let kept = check(from)?;
    let folder = Temporary(std::env::temp_dir().join(format!("sotto-verify-{}", uuid::Uuid::now_v7())));
    put_back(from, None, &folder.0, false, Timestamp(0))?;
    drop(EmbeddedStore::open(&folder.0)?);
    let copied = check(&folder.0.join(open::FILE))?;
    for ((table, kept), (_, copied)) in kept.iter().zip(copied) {
        // Nobody is signed in after a restore.
        let kept = if *table == "sessions" { 0 } else { *kept };
        if kept != copied {
            return Err(BackupError::Differs { table, kept, copied });
        }
    }
    let bytes = match scope {
        Scope::Everything => compare(from)?,
        Scope::Rows => NotedFiles::of(from)?.look(|_| Ok::<_, BackupError>(None))?,
    };
    Ok(Holding { counts: kept, bytes })
}

/// Compares all bytes that belong to a backup with what it says of them.
fn compare(backup: &Path) -> Result<Bytes, BackupError> {
    let folder = bytes_of(backup);
    let (noted, is_there, folder) = (NotedFiles::of(backup)?, is_folder(&folder), Folder::at(folder));
    noted.look(|file| Ok(if is_there { folder.compare(file) } else { Some(Fault::Missing) }))
}

/// A folder itself, and no link that leads to one.
fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|is| is.is_dir())
}

fn count_of(table: &str, counts: &Counts) -> u64 {
    counts.iter().find(|(name, _)| *name == table).map_or(0, |(_, rows)| *rows)
}

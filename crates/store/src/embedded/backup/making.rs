//! Making a backup.

use super::{
    BackupError, Bytes, Holding, NotedFiles, Scope, bring, check, copy,
    disk::{Unfinished, bytes_of, newest_beside, publish, publish_folder},
    leave_out,
};
use crate::{
    bytes::folder::{Copying, Folder},
    embedded::{columns::Col, files, open},
};
use model::id::FileId;
use rusqlite::Connection;
use std::{
    fs::{self, DirBuilder, File},
    os::unix::fs::DirBuilderExt,
    path::Path,
};

/// So often the data file is copied until nothing is erased meanwhile. After that its copy says of what was that it is.
const MOST_COPIES: usize = 3;

/// Copies the data in `folder` into a new file and a new folder beside it, as it is at one moment, while others read
/// and write; without the sessions, with which whoever reads the file could be anybody, and without uploads that are
/// not whole. Both are complete and on disk once the file has its name. Returns what they hold, and what is missing
/// because it is missing in the data. Of rows alone, it counts the bytes of their files, and does not look for them.
pub fn back_up(folder: &Path, to: &Path, scope: Scope) -> Result<Holding, BackupError> {
    let bytes_to = bytes_of(to);
    for taken in [to, &bytes_to] {
        if taken.exists() {
            return Err(BackupError::Exists(taken.to_owned()));
        }
    }
    let unfinished = Unfinished::of(to);
    let bytes = match scope {
        Scope::Everything => gather(folder, to, &unfinished)?,
        Scope::Rows => {
            copy(&folder.join(open::FILE), &unfinished.data)?;
            leave_out(&unfinished.data)?;
            NotedFiles::of(&unfinished.data)?.look(|_| Ok::<_, BackupError>(None))?
        }
    };
    let counts = check(&unfinished.data)?;
    // Also an empty one, where all bytes are missing: it is known then that there are no others.
    let has_bytes = scope == Scope::Everything && bytes.files > 0;
    if has_bytes {
        let make = DirBuilder::new().mode(0o700).recursive(true).create(&unfinished.bytes);
        make.map_err(|error| BackupError::of(&unfinished.bytes, error))?;
    }
    if has_bytes {
        publish_folder(&unfinished.bytes, &bytes_to)?;
    }
    publish(&unfinished.data, to, |from, to| fs::hard_link(from, to)).inspect_err(|_| {
        if has_bytes {
            let _ = fs::remove_dir_all(&bytes_to);
        }
    })?;
    Ok(Holding { counts, bytes })
}

/// Copies the data, and then the bytes that it speaks of, until none of these was erased meanwhile.
fn gather(folder: &Path, to: &Path, unfinished: &Unfinished) -> Result<Bytes, BackupError> {
    let data = folder.join(open::FILE);
    let served = NotedFiles::of(&data)?;
    let earlier = newest_beside(to).map(Folder::at);
    let from = Folder::at(Folder::within(folder));
    let mut copying = Copying::new(&from, earlier.as_ref(), &unfinished.bytes);
    let mut copies = 0;
    let (bytes, noted) = loop {
        copies += 1;
        copy(&data, &unfinished.data)?;
        leave_out(&unfinished.data)?;
        let noted = NotedFiles::of(&unfinished.data)?;
        let mut erased = Vec::new();
        let bytes = bring(&noted, &mut copying, |id| {
            if !served.has(id)? {
                erased.push(id);
            }
            Ok(())
        })?;
        match erased.is_empty() {
            true => break (bytes, noted),
            // Where much is written something always is.
            false if copies == MOST_COPIES => {
                erase(&unfinished.data, &erased)?;
                break (bring(&noted, &mut copying, |_| Ok(()))?, noted);
            }
            false => {}
        }
        fs::remove_file(&unfinished.data).map_err(|error| BackupError::of(&unfinished.data, error))?;
    };
    if copies > 1 {
        copying.retain(|id| noted.has(id).map_err(BackupError::from))?;
    }
    copying.finish()?;
    Ok(bytes)
}

/// Erases files in a copy, as they were erased where it comes from: their bytes are not in the backup.
fn erase(copy: &Path, ids: &[FileId]) -> Result<(), BackupError> {
    let erase = || {
        let mut copy = Connection::open(copy)?;
        copy.execute_batch("PRAGMA secure_delete = ON;")?;
        let tx = copy.transaction()?;
        for id in ids {
            files::erase(&tx, "id = ?", [Col(id)])?;
        }
        tx.commit()
    };
    erase().map_err(|error| BackupError::of(copy, error))?;
    File::open(copy).and_then(|file| file.sync_all()).map_err(|error| BackupError::of(copy, error))
}

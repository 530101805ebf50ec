//! Where things lie.

use crate::bytes::{BytesError, Piece, Result};
use model::id::FileId;
use std::{
    collections::BTreeSet,
    fs::{self, DirBuilder, File},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

/// Where the parts of one file lie: all in one folder.
#[derive(Clone, Debug)]
pub(super) struct Paths {
    pub(super) folder: PathBuf,
    name: String,
}

impl Paths {
    pub(super) fn of(root: &Path, id: FileId) -> Self {
        let [.., before, last] = id.0.into_bytes();
        let folder = first(root, last).join(hex(before));
        Self { folder, name: id.to_string() }
    }

    /// An upload that is not whole.
    pub(super) fn upload(&self) -> PathBuf {
        self.folder.join(format!("{}.part", self.name))
    }

    pub(super) fn piece(&self, piece: Piece) -> PathBuf {
        match piece {
            Piece::Whole => self.folder.join(&self.name),
            Piece::Thumbnail => self.folder.join(format!("{}.thumbnail", self.name)),
        }
    }

    /// What is to be put in the place of a piece.
    pub(super) fn next(&self, piece: Piece) -> PathBuf {
        match piece {
            Piece::Whole => self.folder.join(format!("{}.new", self.name)),
            Piece::Thumbnail => self.folder.join(format!("{}.thumbnail.new", self.name)),
        }
    }
}

fn first(root: &Path, last: u8) -> PathBuf {
    root.join(hex(last))
}

fn hex(byte: u8) -> String {
    format!("{byte:02x}")
}

/// Makes a folder, and waits until it is there for good.
pub(super) fn make(folder: &Path) -> Result<()> {
    DirBuilder::new().mode(0o700).recursive(true).create(folder)?;
    sync(folder.parent().unwrap_or(folder))
}

/// Waits until the names in a folder are on disk.
pub(super) fn sync(folder: &Path) -> Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    match File::open(folder)?.sync_all() {
        // Some network disks know no such thing.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        synced => Ok(synced?),
    }
}

/// The ids that end with this byte of files of which there is anything. What else lies there is nobody's business.
pub(super) fn list(root: &Path, last: u8) -> Result<Vec<FileId>> {
    let mut ids = BTreeSet::new();
    for folder in entries(&first(root, last))? {
        for entry in entries(&folder)? {
            let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let name = name.split('.').next().unwrap_or_default();
            let id = name.parse().ok().map(|id| (id, Paths::of(root, id)));
            let ours = id.filter(|(_, paths)| paths.name == name && paths.folder == folder);
            ids.extend(ours.map(|(id, _)| id));
        }
    }
    Ok(ids.into_iter().collect())
}

/// What lies in a folder; nothing, if there is no such one.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(vec![])
        }
        Err(error) => Err(BytesError::from(error)),
    }
}

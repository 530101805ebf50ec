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
        let [first, second] = folders(id);
        Self { folder: root.join(first).join(second), name: id.to_string() }
    }

    /// An upload that is not whole.
    pub(super) fn upload(&self) -> PathBuf {
        self.folder.join(format!("{}.part", self.name))
    }

    pub(super) fn piece(&self, piece: Piece) -> PathBuf {
        self.folder.join(called(&self.name, piece))
    }

    /// What is to be put in the place of a piece.
    pub(super) fn next(&self, piece: Piece) -> PathBuf {
        self.folder.join(format!("{}.new", called(&self.name, piece)))
    }
}

/// What a piece is called in its folder.
pub(super) fn name(id: FileId, piece: Piece) -> String {
    called(&id.to_string(), piece)
}

fn called(name: &str, piece: Piece) -> String {
    match piece {
        Piece::Whole => name.to_owned(),
        Piece::Thumbnail => format!("{name}.thumbnail"),
    }
}

/// The folders within each other that the parts of a file lie in, by name.
pub(super) fn folders(id: FileId) -> [String; 2] {
    let [.., before, last] = id.0.into_bytes();
    [hex(last), hex(before)]
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
    Ok(parts(root, last)?.into_iter().map(|(id, _)| id).collect::<BTreeSet<_>>().into_iter().collect())
}

/// Where the parts lie of the files whose ids end with this byte, and whose each is.
pub(super) fn parts(root: &Path, last: u8) -> Result<Vec<(FileId, PathBuf)>> {
    let mut parts = Vec::new();
    for folder in entries(&root.join(hex(last)))? {
        for entry in entries(&folder)? {
            let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let name = name.split('.').next().unwrap_or_default();
            let id = name.parse().ok().map(|id| (id, Paths::of(root, id)));
            let ours = id.filter(|(_, paths)| paths.name == name && paths.folder == folder);
            parts.extend(ours.map(|(id, _)| (id, entry)));
        }
    }
    Ok(parts)
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

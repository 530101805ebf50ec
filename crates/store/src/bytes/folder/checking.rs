//! Comparing what lies here with what a store has noted of it.

use super::paths;
use crate::bytes::{CHUNK, Fault, Noted, Piece};
use model::id::FileId;
use rustix::{
    fs::{Mode, OFlags},
    io::Errno,
};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

/// Whether as many bytes are here as there should be. `None`: they are.
pub(super) fn look(root: &Path, noted: &Noted) -> Option<Fault> {
    whole(root, noted).err().or_else(|| match open(root, noted.id, Piece::Thumbnail) {
        Ok(None) if noted.has_thumbnail => Some(Fault::NoThumbnail),
        Ok(_) => None,
        Err(error) => Some(Fault::Unreadable(error.to_string())),
    })
}

/// Whether the bytes are here, and are what they were, with all that belongs to them. `None`: they are.
pub(super) fn compare(root: &Path, noted: &Noted) -> Option<Fault> {
    bytes(root, noted).or_else(|| look(root, noted))
}

/// Whether the bytes of the file itself are what they were. `None`: they are.
pub(super) fn bytes(root: &Path, noted: &Noted) -> Option<Fault> {
    let digest = whole(root, noted).and_then(|mut file| {
        read(&mut file, |_| Ok(())).map_err(|error| Fault::Unreadable(error.to_string()))
    });
    match digest {
        Ok(digest) if digest == noted.sha256 => None,
        Ok(_) => Some(Fault::Changed),
        Err(fault) => Some(fault),
    }
}

/// The file itself, of the size that it should have.
pub(super) fn whole(root: &Path, noted: &Noted) -> Result<File, Fault> {
    let unreadable = |error: io::Error| Fault::Unreadable(error.to_string());
    let file = open(root, noted.id, Piece::Whole).map_err(unreadable)?.ok_or(Fault::Missing)?;
    match file.metadata().map_err(unreadable)?.len() {
        kept if kept == noted.size => Ok(file),
        kept => Err(Fault::Size { kept, noted: noted.size }),
    }
}

/// Reads all of it, gives each chunk to `take`, and returns the SHA-256.
pub(super) fn read(file: &mut File, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<[u8; 32]> {
    let (mut digest, mut chunk) = (Sha256::new(), vec![0; CHUNK]);
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(digest.finalize().into()),
            read => {
                digest.update(&chunk[..read]);
                take(&chunk[..read])?;
            }
        }
    }
}

/// Opens a piece. No link below the root is followed: somebody else may have put the folder together, and nothing but
/// what lies in it is a file of it. `None`: there is no such file.
pub(super) fn open(root: &Path, id: FileId, piece: Piece) -> io::Result<Option<File>> {
    let folder = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    // Whoever opens a pipe waits for somebody who writes into it.
    let file = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let open = || {
        let [first, second] = paths::folders(id);
        let root = rustix::fs::open(root, folder, Mode::empty())?;
        let first = rustix::fs::openat(&root, first, folder | OFlags::NOFOLLOW, Mode::empty())?;
        let second = rustix::fs::openat(&first, second, folder | OFlags::NOFOLLOW, Mode::empty())?;
        rustix::fs::openat(&second, paths::name(id, piece), file, Mode::empty())
    };
    match open() {
        Ok(file) => {
            let file = File::from(file);
            Ok(file.metadata()?.is_file().then_some(file))
        }
        Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::NXIO) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

//! One server at a time uses a folder: what one of them tells its sockets, another does not know.

use super::{OpenError, open};
use std::{
    fs::{File, OpenOptions, TryLockError},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// Held by the server that uses a folder, until it is dropped or the process ends, however it
/// does.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "closing it is what lets go")] File);

impl Lock {
    /// Takes the folder, which is made if it is missing. Errors: `InUse`, or it cannot be made.
    pub fn take(folder: &Path) -> Result<Self, OpenError> {
        open::prepare_folder(folder)?;
        let path = folder.join("server.lock");
        let failed = |error: std::io::Error| OpenError::Folder {
            folder: folder.to_owned(),
            reason: error.to_string(),
        };
        let mut options = OpenOptions::new();
        let file = options.mode(0o600).append(true).create(true).open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse { folder: folder.to_owned() }),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

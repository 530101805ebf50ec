//! A small disk of its own, in a mount namespace of its own: whatever happens to this process, no
//! mount is left behind.

use std::{
    fs::{self, File},
    io::Write,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::Command,
};

/// Set in the process that has entered its namespace; to `off` by whoever wants none.
const NAMESPACE: &str = "SOTTO_TORTURE_NAMESPACE";

/// Starts this program anew where it may mount things; returns where that cannot be, or has been
/// done already.
pub fn enter_namespace() {
    if std::env::var_os(NAMESPACE).is_some() {
        return;
    }
    let ways: [&[&str]; 2] = [&["--mount"], &["--map-root-user", "--mount"]];
    let works = |way: &&&[&str]| {
        let tried = Command::new("unshare").args(**way).args(["--", "true"]).output();
        tried.is_ok_and(|tried| tried.status.success())
    };
    let (Some(way), Ok(this)) = (ways.iter().find(works), std::env::current_exe()) else { return };
    // Returns only if it could not be done.
    let _ = Command::new("unshare")
        .args(*way)
        .arg("--")
        .arg(this)
        .args(std::env::args_os().skip(1))
        .env(NAMESPACE, "own")
        .exec();
}

/// A mounted one; gone with all that is on it when it is dropped.
pub struct Tmpfs {
    folder: PathBuf,
}

impl Tmpfs {
    /// Mounts one of so many MiB on a folder. Errors: why it cannot be.
    pub fn mount(folder: &Path, size: u64) -> Result<Self, String> {
        if std::env::var(NAMESPACE).as_deref() != Ok("own") {
            return Err("no mount namespace of one's own".into());
        }
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", &format!("size={size}m,mode=700"), "sotto-torture"]).arg(folder);
        let output = command.output().map_err(|error| error.to_string())?;
        match output.status.success() {
            true => Ok(Self { folder: folder.to_owned() }),
            false => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        }
    }

    /// Errors: why none can be mounted here.
    pub fn try_one(within: &Path) -> Result<(), String> {
        let folder = within.join("tmpfs");
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        Self::mount(&folder, 1).map(drop)
    }

    /// Leaves no room.
    pub fn fill(&self) {
        let Ok(mut ballast) = File::create(self.ballast()) else { return };
        // To the last byte: large pieces first.
        for size in [1 << 20, 1 << 12, 1] {
            let piece = vec![1; size];
            while ballast.write_all(&piece).is_ok() {}
        }
    }

    /// Gives the room back.
    pub fn free(&self) {
        let _ = fs::remove_file(self.ballast());
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.folder).status();
    }
}

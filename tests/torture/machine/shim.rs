//! Building `shim.c`, and giving it to a server.

use super::Control;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The built library.
#[derive(Clone, Debug)]
pub struct Shim(PathBuf);

impl Shim {
    /// Compiles it into `folder`, with the C compiler that Sotto's SQLite was compiled with.
    pub fn build(folder: &Path) -> Result<Self, String> {
        let library = folder.join("shim.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/torture/shim.c");
        let compiler = std::env::var_os("CC").unwrap_or("cc".into());
        let mut command = Command::new(compiler);
        command
            .args(["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o"])
            .arg(&library)
            .arg(source);
        let output = command.output().map_err(|error| format!("no C compiler: {error}"))?;
        if output.status.success() {
            Ok(Self(library))
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into())
        }
    }

    /// Has a command run on it, with its data in `data`; `disk` as in [`super::Power`].
    pub fn give_to(&self, command: &mut Command, data: &Path, control: &Control, disk: Option<&Path>) {
        command
            .env("LD_PRELOAD", &self.0)
            .env("SOTTO_SHIM_DATA", data)
            .env("SOTTO_SHIM_CONTROL", &control.path);
        if let Some(disk) = disk {
            command.env("SOTTO_SHIM_DISK", disk);
        }
    }
}

//! The three numbers that the shim looks at (`shim.c`).

use std::{
    fs::{File, OpenOptions},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

/// What a sync does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sync {
    /// What it says.
    #[default]
    Real = 0,
    /// Nothing.
    Pretended = 1,
    /// Nothing, of the files that people have sent.
    PretendedOfFiles = 2,
}

pub struct Control {
    pub path: PathBuf,
    file: File,
}

impl Control {
    /// All is as usual.
    pub fn new(path: &Path) -> Self {
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).open(path).expect("a file in a fresh folder");
        let control = Self { path: path.to_owned(), file };
        (0..3).for_each(|index| control.set(index, 0));
        control
    }

    pub fn set_clock_ahead(&self, seconds: i64) {
        self.set(0, seconds);
    }

    pub fn set_disk_full(&self, is_full: bool) {
        self.set(1, is_full.into());
    }

    pub fn set_sync(&self, sync: Sync) {
        self.set(2, sync as i64);
    }

    fn set(&self, index: u64, value: i64) {
        self.file.write_all_at(&value.to_ne_bytes(), index * 8).expect("a file that can be written");
    }
}

//! Cutting the power: of what was not synced, nothing, something or everything is left.

use crate::random::Random;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// What a disk writes as a whole or not at all.
const SECTOR: usize = 512;

/// The disk below a data folder: what the shim has recorded as synced.
pub struct Power {
    data: PathBuf,
    disk: PathBuf,
}

impl Power {
    /// `disk` begins with everything in `data` on it.
    pub fn of(data: &Path, disk: &Path) -> io::Result<Self> {
        let power = Self { data: data.to_owned(), disk: disk.to_owned() };
        fs::create_dir_all(power.contents())?;
        fs::create_dir_all(power.names())?;
        for entry in files_in(data)? {
            fs::copy(entry.path(), power.contents().join(entry.file_name()))?;
            fs::write(power.names().join(entry.file_name()), "")?;
        }
        Ok(power)
    }

    pub fn disk(&self) -> &Path {
        &self.disk
    }

    /// Leaves in the data folder what a disk may hold after the power went: all that was synced, and
    /// each sector of the rest with the probability `luck`. The server must be dead. Returns how many
    /// sectors were written and are forgotten, but for SQLite's index of the WAL, which no start reads.
    pub fn cut(&self, luck: f64, random: &mut Random) -> io::Result<u64> {
        let mut forgotten = 0;
        for entry in files_in(&self.data)? {
            let (path, name) = (entry.path(), entry.file_name());
            let (contents, named) = (self.contents().join(&name), self.names().join(&name));
            let written = fs::read(&path)?;
            // Without a sync of the folder a new file may have no name.
            let is_named = named.exists() || random.chance(luck);
            let synced = if is_named && contents.exists() { fs::read(&contents)? } else { Vec::new() };
            let left = if is_named { merge(synced, &written, luck, random) } else { synced };
            if !name.to_string_lossy().ends_with("-shm") {
                forgotten += differing(&left, &written);
            }
            if is_named {
                fs::write(&path, &left)?;
                fs::write(&contents, &left)?;
                fs::write(&named, "")?;
            } else {
                fs::remove_file(path)?;
                remove_if_there(&contents)?;
            }
        }
        Ok(forgotten)
    }

    fn contents(&self) -> PathBuf {
        self.disk.join("contents")
    }

    fn names(&self) -> PathBuf {
        self.disk.join("names")
    }
}

/// What lies in a data folder, but for the folder of files: nobody here sends any.
pub fn files_in(data: &Path) -> io::Result<Vec<fs::DirEntry>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(data)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            files.push(entry);
        }
    }
    Ok(files)
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn differing(left: &[u8], written: &[u8]) -> u64 {
    let sectors = written.chunks(SECTOR).enumerate();
    let lost = |(index, sector): &(usize, &[u8])| {
        left.get(index * SECTOR..index * SECTOR + sector.len()) != Some(sector)
    };
    sectors.filter(lost).count() as u64
}

/// What was synced, with some of the sectors that were written since.
fn merge(mut synced: Vec<u8>, written: &[u8], luck: f64, random: &mut Random) -> Vec<u8> {
    if written.len() < synced.len() && random.chance(luck) {
        synced.truncate(written.len());
    }
    for (index, sector) in written.chunks(SECTOR).enumerate() {
        let (start, end) = (index * SECTOR, index * SECTOR + sector.len());
        if synced.get(start..end) == Some(sector) || !random.chance(luck) {
            continue;
        }
        if synced.len() < end {
            synced.resize(end, 0);
        }
        synced[start..end].copy_from_slice(sector);
    }
    synced
}

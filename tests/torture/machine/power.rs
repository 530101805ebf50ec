//! Cutting the power: of what was not synced, nothing, something or everything is left.

use crate::random::Random;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// What a disk writes as a whole or not at all.
const SECTOR: usize = 512;

/// The disk below a data folder: what the shim has recorded as synced. What lies in folders below it is called by its
/// path, with [`BETWEEN`] in the place of what stands between the names.
pub struct Power {
    data: PathBuf,
    disk: PathBuf,
}

/// As in `shim.c`.
const BETWEEN: &str = "!";

impl Power {
    /// `disk` begins with everything in `data` on it.
    pub fn of(data: &Path, disk: &Path) -> io::Result<Self> {
        let power = Self { data: data.to_owned(), disk: disk.to_owned() };
        for folder in [power.contents(), power.names(), power.renames()] {
            fs::create_dir_all(folder)?;
        }
        for path in paths_in(data)? {
            let name = power.name(&path);
            if path.is_file() {
                fs::copy(&path, power.contents().join(&name))?;
            }
            fs::write(power.names().join(name), "")?;
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
        self.settle_renames(luck, random)?;
        let mut forgotten = 0;
        for path in paths_in(&self.data)? {
            // It may lie in a folder that is gone.
            if !path.exists() {
                continue;
            }
            let name = self.name(&path);
            let (contents, named) = (self.contents().join(&name), self.names().join(&name));
            // Without a sync of the folder above, what is new may have no name.
            let is_named = named.exists() || random.chance(luck);
            if path.is_dir() {
                match is_named {
                    true => fs::write(&named, "")?,
                    false => fs::remove_dir_all(&path)?,
                }
                continue;
            }
            let written = fs::read(&path)?;
            let synced = if is_named && contents.exists() { fs::read(&contents)? } else { Vec::new() };
            let left = if is_named { merge(synced, &written, luck, random) } else { synced };
            if !name.ends_with("-shm") {
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

    /// Without a sync of the folder a new name has taken the place of the old one, or has not.
    fn settle_renames(&self, luck: f64, random: &mut Random) -> io::Result<()> {
        for entry in fs::read_dir(self.renames())? {
            let record = entry?.path();
            let new = record.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            let old = fs::read_to_string(&record)?;
            let [old_names, new_names] = [&old, &new].map(|name| self.names().join(name));
            let [old_contents, new_contents] = [&old, &new].map(|name| self.contents().join(name));
            if random.chance(luck) {
                remove_if_there(&new_contents)?;
                rename_if_there(&old_contents, &new_contents)?;
                remove_if_there(&old_names)?;
                fs::write(new_names, "")?;
            } else {
                let [old_path, new_path] =
                    [&old, &new].map(|name| self.data.join(name.replace(BETWEEN, "/")));
                rename_if_there(&new_path, &old_path)?;
                if new_names.exists() && new_contents.exists() {
                    fs::copy(&new_contents, &new_path)?;
                }
            }
            fs::remove_file(record)?;
        }
        Ok(())
    }

    fn name(&self, path: &Path) -> String {
        let name = path.strip_prefix(&self.data).unwrap_or(path).to_string_lossy();
        name.replace('/', BETWEEN)
    }

    fn contents(&self) -> PathBuf {
        self.disk.join("contents")
    }

    fn names(&self) -> PathBuf {
        self.disk.join("names")
    }

    fn renames(&self) -> PathBuf {
        self.disk.join("renames")
    }
}

/// All files and folders in a folder, each folder before what is in it.
fn paths_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let below = if path.is_dir() { paths_in(&path)? } else { Vec::new() };
        paths.push(path);
        paths.extend(below);
    }
    Ok(paths)
}

/// The files in a data folder, but for those that people have sent: nobody has when it is copied.
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
    unless_missing(fs::remove_file(path))
}

fn rename_if_there(from: &Path, to: &Path) -> io::Result<()> {
    unless_missing(fs::rename(from, to))
}

fn unless_missing(done: io::Result<()>) -> io::Result<()> {
    match done {
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

//! `sotto backup` and `sotto restore`.

use crate::{
    cli::{CommandResult, data, print, table::table},
    kit::Config,
};
use std::path::Path;
use store::{
    embedded::{
        EmbeddedStore,
        backup::{self, Counts},
    },
    now,
};

pub const BACKUP_EXAMPLES: &str = "\
Examples:
  sotto backup sotto-monday.db
  sotto backup --data /srv/sotto /backups/$(date +%F).db

The file holds every message and everyone's password hash: keep it as safe as the data itself.";

pub const RESTORE_EXAMPLES: &str = "\
Examples:
  sotto restore sotto-monday.db --verify  is it whole, and would it do?
  sotto restore sotto-monday.db           into an empty data folder
  sotto restore sotto-monday.db --force   in the place of what is there

The server must be stopped. Afterwards everybody has to log in again.";

/// Makes a backup.
pub fn back_up(config: &Config, file: &Path) -> CommandResult {
    let folder = data::folder(config)?;
    if !EmbeddedStore::is_in(folder) {
        return Err(format!("there is no data in {}: name its folder with --data", folder.display()).into());
    }
    let counts = backup::back_up(folder, file)?;
    print(format!("{}\n\n{} holds all of it.", shown(&counts), file.display()))
}

/// Puts a backup in the place of the data.
pub fn restore(config: &Config, file: &Path, replace: bool) -> CommandResult {
    let folder = data::folder(config)?;
    let (counts, kept) = backup::restore(file, folder, replace, now())?;
    print(format!("{}\n\n{} is restored to {}.", shown(&counts), file.display(), folder.display()))?;
    match kept {
        Some(kept) => print(format!("What was there before is in {}.", kept.display())),
        None => Ok(()),
    }
}

/// Restores a backup somewhere else and compares.
pub fn verify(file: &Path) -> CommandResult {
    let counts = backup::verify(file)?;
    print(format!("{}\n\n{} is whole; restored, it is the same.", shown(&counts), file.display()))
}

fn shown(counts: &Counts) -> String {
    let rows: Vec<_> =
        counts.iter().map(|(table, rows)| [table.replace('_', " "), rows.to_string()]).collect();
    table(["WHAT", "HOW MANY"], &rows)
}

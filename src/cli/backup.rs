//! `sotto backup` and `sotto restore`.

use crate::{
    cli::{CommandResult, data, print, table::table},
    kit::Config,
};
use model::words::size;
use std::path::Path;
use store::{
    embedded::{
        EmbeddedStore,
        backup::{self, Bytes, Holding},
    },
    now,
};

pub const BACKUP_EXAMPLES: &str = "\
Examples:
  sotto backup sotto-monday.db
  sotto backup --data /srv/sotto /backups/$(date +%F).db

The files that people have sent are copied into a folder beside it, sotto-monday.db.files; of those that the
newest backup in the same folder has, only what is new takes up room. Move and remove the two together.

They hold every message and everyone's password hash: keep them as safe as the data itself.";

pub const RESTORE_EXAMPLES: &str = "\
Examples:
  sotto restore sotto-monday.db --verify  is it whole, and would it do?
  sotto restore sotto-monday.db           into an empty data folder
  sotto restore sotto-monday.db --force   in the place of what is there

The folder sotto-monday.db.files must lie beside it, if there is one. The server must be stopped. Afterwards
everybody has to log in again.";

/// Makes a backup. Errors also where it is made, but not all bytes were there to be copied: whoever makes backups
/// by a clock is to hear of it.
pub fn back_up(config: &Config, file: &Path) -> CommandResult {
    let folder = data::folder(config)?;
    if !EmbeddedStore::is_in(folder) {
        return Err(format!("there is no data in {}: name its folder with --data", folder.display()).into());
    }
    let holding = backup::back_up(folder, file)?;
    let (named, many) = named(file, &holding);
    let verb = if many { "hold" } else { "holds" };
    print(shown(&holding))?;
    if holding.bytes.faulty == 0 {
        return print(format!("\n{named} {verb} all of it."));
    }
    print(format!("\n{}\n\n{named} {verb} all the rest.", faults(&holding.bytes)))?;
    let (place, faulty) = (data::files(config), holding.bytes.faulty);
    Err(format!("files in {} that could not be copied: {faulty}; sotto doctor says more", place.display())
        .into())
}

/// Puts a backup in the place of the data.
pub fn restore(config: &Config, file: &Path, replace: bool) -> CommandResult {
    let folder = data::folder(config)?;
    let restored = backup::restore(file, folder, replace, now())?;
    let (named, many) = named(file, &restored.holding);
    let verb = if many { "are" } else { "is" };
    print(shown(&restored.holding))?;
    if restored.holding.bytes.faulty > 0 {
        print(format!(
            "\n{}\n\nMessages show these files, and nobody can open them.",
            faults(&restored.holding.bytes)
        ))?;
    }
    print(format!("\n{named} {verb} restored to {}.", folder.display()))?;
    match restored.kept {
        Some(kept) => print(format!("What was there before is in {}.", kept.display())),
        None => Ok(()),
    }
}

/// Restores a backup somewhere else and compares.
pub fn verify(file: &Path) -> CommandResult {
    let holding = backup::verify(file)?;
    let (named, many) = named(file, &holding);
    print(shown(&holding))?;
    if holding.bytes.faulty == 0 {
        let whole = if many {
            "are whole; restored, they are the same"
        } else {
            "is whole; restored, it is the same"
        };
        return print(format!("\n{named} {whole}."));
    }
    print(format!("\n{}\n\n{} is whole but for these.", faults(&holding.bytes), file.display()))?;
    Err(format!("missing or damaged files of {}: {}", file.display(), holding.bytes.faulty).into())
}

/// What a backup consists of, and whether that is more than one thing.
fn named(file: &Path, holding: &Holding) -> (String, bool) {
    let file_name = file.display();
    match holding.bytes.files {
        0 => (file_name.to_string(), false),
        _ => (format!("{file_name} and {}", backup::bytes_beside(file).display()), true),
    }
}

fn shown(holding: &Holding) -> String {
    let rows = holding.counts.iter().map(|(table, rows)| [table.replace('_', " "), rows.to_string()]);
    let bytes = ["size of files".to_owned(), size(holding.bytes.bytes)];
    let rows: Vec<_> = rows.chain((holding.bytes.files > 0).then_some(bytes)).collect();
    table(["WHAT", "HOW MANY"], &rows)
}

/// The files that are not as they should be, the first of them by name.
fn faults(bytes: &Bytes) -> String {
    let named = bytes.faults.iter().map(|(id, fault)| [id.to_string(), fault.to_string()]);
    let more = bytes.faulty.saturating_sub(bytes.faults.len() as u64);
    let more = (more > 0).then(|| [format!("and {more} more"), String::new()]);
    table(["FILE", "WHAT IS WRONG"], &named.chain(more).collect::<Vec<_>>())
}

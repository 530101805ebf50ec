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
        backup::{self, Bytes, Holding, Scope},
    },
    now,
};

pub const BACKUP_EXAMPLES: &str = "\
Examples:
  sotto backup sotto-monday.db
  sotto backup --data /srv/sotto /backups/$(date +%F).db

The files that people have sent are copied into a folder beside it, sotto-monday.db.files; of those that the
newest backup in the same folder has, only what is new takes up room. Move and remove the two together. Files
in a bucket (SOTTO_FILES) are not copied: have the bucket keep what is deleted for as long as you keep backups.

They hold every message and everyone's password hash: keep them as safe as the data itself.";

pub const RESTORE_EXAMPLES: &str = "\
Examples:
  sotto restore sotto-monday.db --verify  is it whole, and would it do?
  sotto restore sotto-monday.db           into an empty data folder
  sotto restore sotto-monday.db --force   in the place of what is there

The folder sotto-monday.db.files must lie beside it, if there is one; for files in a bucket (SOTTO_FILES) there
is none. The server must be stopped. Afterwards
everybody has to log in again.";

/// Makes a backup. Errors also where it is made, but not all bytes were there to be copied: whoever makes backups
/// by a clock is to hear of it.
pub fn back_up(config: &Config, file: &Path) -> CommandResult {
    let folder = data::folder(config)?;
    if !EmbeddedStore::is_in(folder) {
        return Err(format!("there is no data in {}: name its folder with --data", folder.display()).into());
    }
    let scope = if config.bucket.is_some() { Scope::Rows } else { Scope::Everything };
    let holding = backup::back_up(folder, file, scope)?;
    if let Some(elsewhere) = elsewhere(config, scope, &holding.bytes) {
        print(shown(&holding))?;
        return print(format!("\n{} holds all but the bytes of files. {elsewhere}", file.display()));
    }
    let (named, many) = named(file, &holding);
    let verb = if many { "hold" } else { "holds" };
    print(shown(&holding))?;
    if holding.bytes.faulty == 0 {
        return print(format!("\n{named} {verb} all of it."));
    }
    print(format!("\n{}\n\n{named} {verb} all the rest.", faults(&holding.bytes)))?;
    let (place, faulty) = (data::place(config), holding.bytes.faulty);
    Err(format!("files in {place} that could not be copied: {faulty}; sotto doctor says more").into())
}

/// Puts a backup in the place of the data.
pub fn restore(config: &Config, file: &Path, replace: bool) -> CommandResult {
    let folder = data::folder(config)?;
    let restored = backup::restore(file, folder, scope_of(config, file), replace, now())?;
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
pub fn verify(config: &Config, file: &Path) -> CommandResult {
    let scope = scope_of(config, file);
    let holding = backup::verify(file, scope)?;
    if let Some(elsewhere) = elsewhere(config, scope, &holding.bytes) {
        print(shown(&holding))?;
        return print(format!("\n{} is whole; restored, it is the same. {elsewhere}", file.display()));
    }
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

/// What there is of a backup: where files are in a bucket there is nothing beside it, unless it is from before.
fn scope_of(config: &Config, file: &Path) -> Scope {
    match config.bucket.is_some() && !backup::bytes_beside(file).exists() {
        true => Scope::Rows,
        false => Scope::Everything,
    }
}

/// Says where the files of a backup are that it does not hold, if there are any.
fn elsewhere(config: &Config, scope: Scope, bytes: &Bytes) -> Option<String> {
    let (place, folder) = (data::place(config), data::files(config));
    (scope == Scope::Rows && bytes.files > 0).then(|| {
        format!(
            "Those are in {place}, which must keep what is deleted there for as long as you keep backups, or still in {}, \
             where they were before there was a bucket: copy that yourself. sotto doctor says whether they are there.",
            folder.display()
        )
    })
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

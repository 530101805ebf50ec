//! The schema's versions. A step that has been released is never changed; a new one follows.

use super::OpenError;
use rusqlite::{Connection, TransactionBehavior};
use std::{collections::BTreeMap, path::Path};

/// Step n leads from version n to n + 1; `PRAGMA user_version` holds the number of steps taken.
const STEPS: &[&str] = &[
    include_str!("schema/001.sql"),
    include_str!("schema/002.sql"),
    include_str!("schema/003.sql"),
    include_str!("schema/004.sql"),
    include_str!("schema/005.sql"),
    include_str!("schema/006.sql"),
];

/// The file's mark as ours; `schema/001.sql` sets it.
const APPLICATION: i64 = 0x536f_7474;

/// Refuses a file that this program must not touch: a newer one's or another program's.
pub(super) fn refuse_foreign(connection: &Connection, file: &Path) -> Result<(), OpenError> {
    let read = |sql| connection.query_row(sql, [], |row| row.get(0)).map_err(|e| OpenError::of(file, e));
    let found: i64 = read("PRAGMA user_version")?;
    let application: i64 = read("PRAGMA application_id")?;
    let objects: i64 = read("SELECT count(*) FROM sqlite_schema")?;
    let (file, known) = (file.to_owned(), STEPS.len() as i64);
    if objects > 0 && application != APPLICATION {
        Err(OpenError::Damaged { file, reason: "it is another program's database".into() })
    } else if found > known {
        Err(OpenError::Newer { file, found, known })
    } else {
        Ok(())
    }
}

/// Something in a data file that is not as this program makes it: what, and what it is called.
pub(super) struct Foreign(pub(super) String);

/// Compares the schema, object by object, with the one that this program makes of the same version; what
/// a file of somebody else's brings besides (a trigger, a view, another table of a name of ours) would run
/// with every statement of ours. Nothing in the file is evaluated for it.
pub(super) fn compare(connection: &Connection) -> rusqlite::Result<Result<(), Foreign>> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let steps = usize::try_from(version).ok().filter(|steps| (1..=STEPS.len()).contains(steps));
    let Some(steps) = steps else {
        return Ok(Err(Foreign(format!(
            "its schema version is {version}, which no program of Sotto's has made"
        ))));
    };
    let ours = Connection::open_in_memory()?;
    STEPS[..steps].iter().try_for_each(|step| ours.execute_batch(step))?;
    let (ours, found) = (objects(&ours)?, objects(connection)?);
    for (object, sql) in &found {
        let (kind, name) = object;
        match ours.get(object) {
            None => return Ok(Err(Foreign(format!("the {kind} {name:?} in it is not Sotto's")))),
            Some(made) if made != sql => {
                return Ok(Err(Foreign(format!("the {kind} {name:?} in it is not as Sotto makes it"))));
            }
            Some(_) => {}
        }
    }
    let missing = ours.keys().find(|object| !found.contains_key(*object));
    Ok(missing.map_or(Ok(()), |(kind, name)| Err(Foreign(format!("the {kind} {name:?} is missing")))))
}

/// What a schema consists of: kind and name, with the text that made it. What SQLite keeps by itself, like
/// the statistics of its planner, is left out.
fn objects(connection: &Connection) -> rusqlite::Result<BTreeMap<(String, String), Option<String>>> {
    let mut read = connection.prepare("SELECT type, name, sql FROM sqlite_schema")?;
    let rows = read.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    let is_sqlites = |(kind, name): &(String, String)| {
        kind == "table" && matches!(name.as_str(), "sqlite_sequence" | "sqlite_stat1" | "sqlite_stat4")
    };
    rows.filter(|row| !row.as_ref().is_ok_and(|(object, _)| is_sqlites(object))).collect()
}

/// Takes the steps that are missing, all or none.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let taken: u32 = tx.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    for (version, step) in (1_u32..).zip(STEPS).skip(taken as usize) {
        tx.execute_batch(step)?;
        tx.pragma_update(None, "user_version", version)?;
    }
    tx.commit()
}

//! The schema's versions. A step that has been released is never changed; a new one follows.

use super::OpenError;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// Step n leads from version n to n + 1; `PRAGMA user_version` holds the number of steps taken.
const STEPS: &[&str] = &[
    include_str!("schema/001.sql"),
    include_str!("schema/002.sql"),
    include_str!("schema/003.sql"),
    include_str!("schema/004.sql"),
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

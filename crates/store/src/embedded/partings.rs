//! Whom a deletion concerns.

use super::columns::{Col, Number, get};
use crate::{Parting, Result, clock};
use model::{friendship::Friendship, id::UserId};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

/// Leaves one for each friendship of a user who is about to be deleted, and sweeps away old ones.
pub(super) fn leave(tx: &Connection, deleted: UserId) -> Result<()> {
    tx.prepare_cached("DELETE FROM partings WHERE id < ?1 OR user = ?2")?
        .execute(params![Parting::oldest_kept(clock::now()).as_bytes(), Col(&deleted)])?;
    let mut insert = tx.prepare_cached("INSERT INTO partings (id, user, conversation) VALUES (?, ?, ?)")?;
    for Friendship { pair, conversation, .. } in super::friendships::of(tx, deleted)? {
        let parting = Parting::new(pair.other(deleted), conversation);
        insert.execute(params![parting.id.as_bytes(), Col(&parting.user), Col(&parting.conversation)])?;
    }
    Ok(())
}

pub(super) fn newest(tx: &Connection) -> Result<Vec<Parting>> {
    let mut newest = tx.prepare_cached("SELECT * FROM partings ORDER BY id DESC LIMIT ?")?;
    let most = Number(Parting::MOST as u64);
    Ok(newest.query_map([most], parting)?.collect::<rusqlite::Result<_>>()?)
}

fn parting(row: &Row<'_>) -> rusqlite::Result<Parting> {
    Ok(Parting {
        id: Uuid::from_bytes(row.get("id")?),
        user: get(row, "user")?,
        conversation: get(row, "conversation")?,
    })
}

//! Whom a deletion concerns.

use super::columns::{Col, Number, get};
use crate::{Parting, Result, clock};
use model::{
    friendship::Friendship,
    id::{ConversationId, UserId},
    message::ConversationKind,
};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

/// Leaves one for each member of a group of a user who is about to be deleted and for each of their friendships, and
/// sweeps away old ones.
pub(super) fn leave(tx: &Connection, deleted: UserId) -> Result<()> {
    tx.prepare_cached("DELETE FROM partings WHERE id < ?1 OR user = ?2")?
        .execute(params![Parting::oldest_kept(clock::now()).as_bytes(), Col(&deleted)])?;
    let mut insert = tx.prepare_cached("INSERT INTO partings (id, user, conversation) VALUES (?, ?, ?)")?;
    let groups = in_groups(tx, deleted)?.into_iter().map(|(user, group)| Parting::new(user, Some(group)));
    let friends = super::friendships::of(tx, deleted)?.into_iter();
    // The friends last: of the newest alone it is certain that they are read.
    let friends =
        friends.map(|Friendship { pair, conversation, .. }| Parting::new(pair.other(deleted), conversation));
    for parting in groups.chain(friends) {
        insert.execute(params![parting.id.as_bytes(), Col(&parting.user), Col(&parting.conversation)])?;
    }
    Ok(())
}

/// With whom a user shares groups, and which, up to [`Parting::MOST_IN_GROUPS`].
fn in_groups(tx: &Connection, user: UserId) -> Result<Vec<(UserId, ConversationId)>> {
    let mut shared = tx.prepare_cached(
        "SELECT other.user, other.conversation
         FROM members AS own JOIN conversations ON id = own.conversation JOIN members AS other USING (conversation)
         WHERE own.user = ?1 AND other.user <> ?1 AND kind = ?2 LIMIT ?3",
    )?;
    let most = Number(Parting::MOST_IN_GROUPS as u64);
    let shared = shared.query_map(params![Col(&user), Col(&ConversationKind::Group), most], |row| {
        Ok((get(row, 0)?, get(row, 1)?))
    })?;
    Ok(shared.collect::<rusqlite::Result<_>>()?)
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

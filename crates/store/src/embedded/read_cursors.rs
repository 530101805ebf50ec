//! How far people have read.

use super::{
    EmbeddedStore,
    columns::{Col, Number, get},
    conversations, groups,
};
use crate::{ReadCursors, Result, StoreError};
use model::id::{ConversationId, UserId};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

#[async_trait::async_trait]
impl ReadCursors for EmbeddedStore {
    async fn advance_read_cursor(
        &self,
        user: UserId,
        conversation: ConversationId,
        seq: u64,
    ) -> Result<Option<u64>> {
        self.writer.run(move |tx| advance(tx, user, conversation, seq)).await
    }
}

/// The cursors of a conversation's members; whoever has read nothing is missing. Nobody's stands
/// before the moment in which they joined.
pub(super) fn all(tx: &Connection, conversation: ConversationId) -> Result<BTreeMap<UserId, u64>> {
    let mut cursors = tx.prepare_cached(
        "SELECT user, max(since, coalesce(seq, 0)) AS cursor
         FROM members LEFT JOIN read_cursors USING (conversation, user)
         WHERE conversation = ? AND cursor > 0",
    )?;
    let cursors = cursors
        .query_map(params![Col(&conversation)], |row| Ok((get(row, 0)?, row.get::<_, Number>(1)?.0)))?;
    Ok(cursors.collect::<rusqlite::Result<_>>()?)
}

fn advance(tx: &Connection, user: UserId, conversation: ConversationId, seq: u64) -> Result<Option<u64>> {
    if !conversations::is_member(tx, conversation, user)? {
        return Err(StoreError::NotFound);
    }
    let seq = seq.min(conversations::head(tx, conversation)?);
    if seq <= groups::since(tx, conversation, user)? {
        return Ok(None);
    }
    let moved = tx
        .prepare_cached(
            "INSERT INTO read_cursors (conversation, user, seq) VALUES (?, ?, ?)
             ON CONFLICT (conversation, user) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > seq",
        )?
        .execute(params![Col(&conversation), Col(&user), Number(seq)])?;
    Ok((moved == 1).then_some(seq))
}

//! What pairs of people are to each other.

use super::{
    EmbeddedStore,
    columns::{Col, Number, get},
    conversations,
};
use crate::{Friendships, Result};
use model::{
    friendship::{Blocks, Friendship, Pair, State},
    id::{ConversationId, RequestId, UserId},
    message::{Conversation, ConversationKind},
};
use rusqlite::{Connection, OptionalExtension, Row, params};

#[async_trait::async_trait]
impl Friendships for EmbeddedStore {
    async fn friendship(&self, pair: Pair) -> Result<Option<Friendship>> {
        self.readers.run(move |tx| find(tx, pair)).await
    }

    async fn friendship_by_request(&self, id: RequestId) -> Result<Option<Friendship>> {
        self.readers.run(move |tx| by_request(tx, id)).await
    }

    async fn friendships_of(&self, user: UserId) -> Result<Vec<Friendship>> {
        self.readers.run(move |tx| of(tx, user)).await
    }

    async fn commit_friendship(&self, next: &Friendship) -> Result<bool> {
        let next = next.clone();
        match next.state {
            // Their conversation ends, if they had one.
            State::Ended => self.writer.erase(move |tx| commit(tx, &next)).await,
            State::Requested | State::Contacts | State::Rejected | State::Withdrawn => {
                self.writer.run(move |tx| commit(tx, &next)).await
            }
        }
    }
}

fn find(tx: &Connection, pair: Pair) -> Result<Option<Friendship>> {
    let mut found = tx.prepare_cached("SELECT * FROM friendships WHERE user_min = ? AND user_max = ?")?;
    Ok(found.query_row(params![Col(&pair.min), Col(&pair.max)], record).optional()?)
}

fn by_request(tx: &Connection, id: RequestId) -> Result<Option<Friendship>> {
    let mut found = tx.prepare_cached("SELECT * FROM friendships WHERE request_id = ?")?;
    Ok(found.query_row(params![Col(&id)], record).optional()?)
}

/// All records of a user, newest change first.
pub(super) fn of(tx: &Connection, user: UserId) -> Result<Vec<Friendship>> {
    let mut found = tx.prepare_cached(
        "SELECT * FROM friendships WHERE user_min = ?1
         UNION ALL SELECT * FROM friendships WHERE user_max = ?1
         ORDER BY changed_at DESC, request_id DESC",
    )?;
    Ok(found.query_map(params![Col(&user)], record)?.collect::<rusqlite::Result<_>>()?)
}

fn commit(tx: &Connection, next: &Friendship) -> Result<bool> {
    let stored = find(tx, next.pair)?;
    let stored_rev = stored.as_ref().map_or(0, |stored| stored.rev);
    if stored_rev.checked_add(1) != Some(next.rev) {
        return Ok(false);
    }
    let old = stored.and_then(|stored| stored.conversation).filter(|old| next.conversation != Some(*old));
    if let Some(id) = next.conversation
        && !conversations::is_member(tx, id, next.pair.min)?
    {
        let members = vec![next.pair.min, next.pair.max];
        conversations::insert(tx, &Conversation::new(id, ConversationKind::Direct, members))?;
    }
    write(tx, next)?;
    // Last: the row that refers to it no longer does.
    if let Some(id) = old {
        conversations::delete(tx, id)?;
    }
    Ok(true)
}

fn write(tx: &Connection, next: &Friendship) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO friendships
           (user_min, user_max, state, requested_by, request_id, conversation, changed_at, rev,
            blocked_by_min, blocked_by_max)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (user_min, user_max) DO UPDATE SET
           (state, requested_by, request_id, conversation, changed_at, rev, blocked_by_min, blocked_by_max) =
           (excluded.state, excluded.requested_by, excluded.request_id, excluded.conversation,
            excluded.changed_at, excluded.rev, excluded.blocked_by_min, excluded.blocked_by_max)",
    )?
    .execute(params![
        Col(&next.pair.min),
        Col(&next.pair.max),
        Col(&next.state),
        Col(&next.requested_by),
        Col(&next.request_id),
        Col(&next.conversation),
        Col(&next.changed_at),
        Number(next.rev),
        Col(&next.blocks.by_min),
        Col(&next.blocks.by_max),
    ])?;
    Ok(())
}

/// Whether one of those whose conversation it is blocks the other.
pub(super) fn is_closed(tx: &Connection, conversation: ConversationId) -> Result<bool> {
    let mut closed = tx.prepare_cached(
        "SELECT 1 FROM friendships
         WHERE conversation = ? AND (blocked_by_min IS NOT NULL OR blocked_by_max IS NOT NULL)",
    )?;
    Ok(closed.exists(params![Col(&conversation)])?)
}

fn record(row: &Row<'_>) -> rusqlite::Result<Friendship> {
    Ok(Friendship {
        pair: Pair { min: get(row, "user_min")?, max: get(row, "user_max")? },
        state: get(row, "state")?,
        requested_by: get(row, "requested_by")?,
        request_id: get(row, "request_id")?,
        conversation: get(row, "conversation")?,
        changed_at: get(row, "changed_at")?,
        blocks: Blocks { by_min: get(row, "blocked_by_min")?, by_max: get(row, "blocked_by_max")? },
        rev: row.get::<_, Number>("rev")?.0,
    })
}

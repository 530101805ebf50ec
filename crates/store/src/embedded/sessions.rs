//! Log-ins that are remembered.

use super::{
    EmbeddedStore,
    columns::{Col, Number, get},
};
use crate::{Result, SessionRecord, Sessions};
use model::{id::UserId, time::Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

#[async_trait::async_trait]
impl Sessions for EmbeddedStore {
    async fn create_session(&self, session: SessionRecord) -> Result<bool> {
        self.writer.run(move |tx| insert(tx, &session)).await
    }

    async fn save_session(&self, session: SessionRecord, now: Timestamp) -> Result<bool> {
        self.writer.run(move |tx| update(tx, &session, now)).await
    }

    async fn session(&self, id: i128, now: Timestamp) -> Result<Option<SessionRecord>> {
        self.readers.run(move |tx| find(tx, id, now)).await
    }

    async fn delete_session(&self, id: i128) -> Result<()> {
        self.writer.run(move |tx| delete(tx, id)).await
    }

    async fn delete_sessions_of(&self, user: UserId, keep: Option<i128>) -> Result<u64> {
        self.writer.run(move |tx| delete_of(tx, user, keep)).await
    }

    async fn sessions_of(&self, user: UserId, now: Timestamp) -> Result<Vec<SessionRecord>> {
        self.readers.run(move |tx| of(tx, user, now)).await
    }

    async fn live_sessions(&self, ids: &[i128], now: Timestamp) -> Result<Vec<i128>> {
        let ids = ids.to_vec();
        self.readers.run(move |tx| live(tx, ids, now)).await
    }

    async fn sessions_ended(&self) -> Result<u64> {
        self.readers.run(ended).await
    }

    async fn delete_expired_sessions(&self, now: Timestamp) -> Result<u64> {
        self.writer.run(move |tx| delete_expired(tx, now)).await
    }
}

fn insert(tx: &Connection, session: &SessionRecord) -> Result<bool> {
    let inserted = tx
        .prepare_cached(
            "INSERT INTO sessions (id, user, data, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![key(session.id), Col(&session.user), session.data, Col(&session.expires_at)])?;
    Ok(inserted == 1)
}

fn update(tx: &Connection, session: &SessionRecord, now: Timestamp) -> Result<bool> {
    let updated = tx
        .prepare_cached(
            "UPDATE sessions SET user = ?2, data = ?3, expires_at = ?4 WHERE id = ?1 AND expires_at > ?5",
        )?
        .execute(params![
            key(session.id),
            Col(&session.user),
            session.data,
            Col(&session.expires_at),
            Col(&now)
        ])?;
    Ok(updated == 1)
}

fn find(tx: &Connection, id: i128, now: Timestamp) -> Result<Option<SessionRecord>> {
    let mut found = tx.prepare_cached("SELECT * FROM sessions WHERE id = ? AND expires_at > ?")?;
    Ok(found.query_row(params![key(id), Col(&now)], record).optional()?)
}

fn delete(tx: &Connection, id: i128) -> Result<()> {
    let deleted: Option<Option<UserId>> = tx
        .prepare_cached("DELETE FROM sessions WHERE id = ? RETURNING user")?
        .query_row([key(id)], |row| get(row, 0))
        .optional()?;
    if deleted.flatten().is_some() {
        count_ending(tx)?;
    }
    Ok(())
}

/// Deletes the sessions of a user, and says that it did.
pub(super) fn delete_of(tx: &Connection, user: UserId, keep: Option<i128>) -> Result<u64> {
    let deleted = tx
        .prepare_cached("DELETE FROM sessions WHERE user = ? AND id IS NOT ?")?
        .execute(params![Col(&user), keep.map(key)])?;
    count_ending(tx)?;
    Ok(deleted as u64)
}

fn count_ending(tx: &Connection) -> Result<()> {
    tx.prepare_cached("UPDATE session_endings SET count = count + 1")?.execute([])?;
    Ok(())
}

fn ended(tx: &Connection) -> Result<u64> {
    let mut ended = tx.prepare_cached("SELECT count FROM session_endings")?;
    Ok(ended.query_row([], |row| row.get::<_, Number>(0))?.0)
}

fn of(tx: &Connection, user: UserId, now: Timestamp) -> Result<Vec<SessionRecord>> {
    let mut found = tx.prepare_cached(
        "SELECT * FROM sessions WHERE user = ? AND expires_at > ? ORDER BY expires_at DESC, id",
    )?;
    Ok(found.query_map(params![Col(&user), Col(&now)], record)?.collect::<rusqlite::Result<_>>()?)
}

fn live(tx: &Connection, mut ids: Vec<i128>, now: Timestamp) -> Result<Vec<i128>> {
    let mut live = tx.prepare_cached("SELECT 1 FROM sessions WHERE id = ? AND expires_at > ?")?;
    let mut failed = None;
    ids.retain(|id| {
        live.exists(params![key(*id), Col(&now)]).unwrap_or_else(|error| {
            failed = Some(error);
            false
        })
    });
    failed.map_or(Ok(ids), |error| Err(error.into()))
}

fn delete_expired(tx: &Connection, now: Timestamp) -> Result<u64> {
    let deleted =
        tx.prepare_cached("DELETE FROM sessions WHERE expires_at <= ?")?.execute(params![Col(&now)])?;
    Ok(deleted as u64)
}

fn key(id: i128) -> [u8; 16] {
    id.to_be_bytes()
}

fn record(row: &Row<'_>) -> rusqlite::Result<SessionRecord> {
    Ok(SessionRecord {
        id: i128::from_be_bytes(row.get("id")?),
        user: get(row, "user")?,
        data: row.get("data")?,
        expires_at: get(row, "expires_at")?,
    })
}

//! Log-ins that are remembered.

use super::EmbeddedStore;
use crate::{
    id::UserId,
    store::{Result, SessionRecord, Sessions},
    time::Timestamp,
};
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

    async fn delete_expired_sessions(&self, now: Timestamp) -> Result<u64> {
        self.writer.run(move |tx| delete_expired(tx, now)).await
    }
}

fn insert(tx: &Connection, session: &SessionRecord) -> Result<bool> {
    let inserted = tx
        .prepare_cached(
            "INSERT INTO sessions (id, user, data, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![key(session.id), session.user, session.data, session.expires_at])?;
    Ok(inserted == 1)
}

fn update(tx: &Connection, session: &SessionRecord, now: Timestamp) -> Result<bool> {
    let updated = tx
        .prepare_cached(
            "UPDATE sessions SET user = ?2, data = ?3, expires_at = ?4 WHERE id = ?1 AND expires_at > ?5",
        )?
        .execute(params![key(session.id), session.user, session.data, session.expires_at, now])?;
    Ok(updated == 1)
}

fn find(tx: &Connection, id: i128, now: Timestamp) -> Result<Option<SessionRecord>> {
    let mut found = tx.prepare_cached("SELECT * FROM sessions WHERE id = ? AND expires_at > ?")?;
    Ok(found.query_row(params![key(id), now], record).optional()?)
}

fn delete(tx: &Connection, id: i128) -> Result<()> {
    tx.prepare_cached("DELETE FROM sessions WHERE id = ?")?.execute([key(id)])?;
    Ok(())
}

fn delete_of(tx: &Connection, user: UserId, keep: Option<i128>) -> Result<u64> {
    let deleted = tx
        .prepare_cached("DELETE FROM sessions WHERE user = ? AND id IS NOT ?")?
        .execute(params![user, keep.map(key)])?;
    Ok(deleted as u64)
}

fn delete_expired(tx: &Connection, now: Timestamp) -> Result<u64> {
    let deleted = tx.prepare_cached("DELETE FROM sessions WHERE expires_at <= ?")?.execute([now])?;
    Ok(deleted as u64)
}

fn key(id: i128) -> [u8; 16] {
    id.to_be_bytes()
}

fn record(row: &Row<'_>) -> rusqlite::Result<SessionRecord> {
    Ok(SessionRecord {
        id: i128::from_be_bytes(row.get("id")?),
        user: row.get("user")?,
        data: row.get("data")?,
        expires_at: row.get("expires_at")?,
    })
}

//! Who is asked into groups.

use super::{
    EmbeddedStore,
    columns::{Col, get},
};
use crate::{GroupInvitations, Result, StoreError};
use model::{
    group_invitation::{Invite, MAX_INVITATIONS, MAX_INVITED},
    id::{ConversationId, UserId},
    time::Timestamp,
};
use rusqlite::{Connection, OptionalExtension, Row, params};

#[async_trait::async_trait]
impl GroupInvitations for EmbeddedStore {
    async fn invite(&self, new: &Invite) -> Result<bool> {
        let new = new.clone();
        self.writer.run(move |tx| insert(tx, &new)).await
    }

    async fn invite_of(&self, group: ConversationId, user: UserId) -> Result<Option<Invite>> {
        self.readers.run(move |tx| find(tx, group, user)).await
    }

    async fn invites_for(&self, user: UserId) -> Result<Vec<Invite>> {
        let sql = "SELECT * FROM group_invitations WHERE user = ? ORDER BY sent_at DESC, conversation";
        self.readers.run(move |tx| select(tx, sql, Col(&user))).await
    }

    async fn invites_into(&self, group: ConversationId) -> Result<Vec<Invite>> {
        let sql = "SELECT * FROM group_invitations WHERE conversation = ? ORDER BY sent_at DESC, user";
        self.readers.run(move |tx| select(tx, sql, Col(&group))).await
    }

    async fn decline_invite(&self, group: ConversationId, user: UserId, at: Timestamp) -> Result<bool> {
        self.writer.run(move |tx| decline(tx, group, user, at)).await
    }

    async fn end_invite(&self, group: ConversationId, user: UserId) -> Result<bool> {
        self.writer.run(move |tx| end(tx, group, user)).await
    }
}

fn insert(tx: &Connection, new: &Invite) -> Result<bool> {
    tx.prepare_cached("DELETE FROM group_invitations WHERE expires_at <= ?")?.execute([Col(&new.sent_at)])?;
    if let Some(stored) = find(tx, new.group, new.user)? {
        if !stored.gives_way(new) {
            return Ok(false);
        }
        end(tx, new.group, new.user)?;
    }
    let count = |sql: &str, of: &dyn rusqlite::ToSql| -> Result<usize> {
        let count: u32 = tx.prepare_cached(sql)?.query_row([of], |row| row.get(0))?;
        Ok(count as usize)
    };
    let invited = count("SELECT count(*) FROM group_invitations WHERE conversation = ?", &Col(&new.group))?;
    let waiting = "SELECT count(*) FROM group_invitations WHERE user = ? AND declined_at IS NULL";
    let of_theirs = count(waiting, &Col(&new.user))?;
    if invited >= MAX_INVITED || of_theirs >= MAX_INVITATIONS {
        return Err(StoreError::TooManyInvitations);
    }
    tx.prepare_cached(
        "INSERT INTO group_invitations (conversation, user, sent_by, sent_at, expires_at, declined_at)
         VALUES (?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        Col(&new.group),
        Col(&new.user),
        Col(&new.by),
        Col(&new.sent_at),
        Col(&new.expires_at),
        Col(&new.declined_at),
    ])?;
    Ok(true)
}

fn find(tx: &Connection, group: ConversationId, user: UserId) -> Result<Option<Invite>> {
    let mut found =
        tx.prepare_cached("SELECT * FROM group_invitations WHERE conversation = ? AND user = ?")?;
    Ok(found.query_row(params![Col(&group), Col(&user)], record).optional()?)
}

fn select(tx: &Connection, sql: &str, of: impl rusqlite::ToSql) -> Result<Vec<Invite>> {
    Ok(tx.prepare_cached(sql)?.query_map([of], record)?.collect::<rusqlite::Result<_>>()?)
}

fn decline(tx: &Connection, group: ConversationId, user: UserId, at: Timestamp) -> Result<bool> {
    let mut decline = tx.prepare_cached(
        "UPDATE group_invitations SET declined_at = ?3
         WHERE conversation = ?1 AND user = ?2 AND declined_at IS NULL AND expires_at > ?3",
    )?;
    Ok(decline.execute(params![Col(&group), Col(&user), Col(&at)])? == 1)
}

/// Takes one back, or notes by that that they have joined.
pub(super) fn end(tx: &Connection, group: ConversationId, user: UserId) -> Result<bool> {
    let mut end = tx.prepare_cached("DELETE FROM group_invitations WHERE conversation = ? AND user = ?")?;
    Ok(end.execute(params![Col(&group), Col(&user)])? == 1)
}

/// Those that a member who leaves has sent.
pub(super) fn end_sent(tx: &Connection, group: ConversationId, by: UserId) -> Result<()> {
    tx.prepare_cached("DELETE FROM group_invitations WHERE conversation = ? AND sent_by = ?")?
        .execute(params![Col(&group), Col(&by)])?;
    Ok(())
}

/// Those from and to a user who is about to be deleted.
pub(super) fn delete_of(tx: &Connection, user: UserId) -> Result<()> {
    tx.prepare_cached("DELETE FROM group_invitations WHERE user = ?1 OR sent_by = ?1")?
        .execute([Col(&user)])?;
    Ok(())
}

fn record(row: &Row<'_>) -> rusqlite::Result<Invite> {
    Ok(Invite {
        group: get(row, "conversation")?,
        user: get(row, "user")?,
        by: get(row, "sent_by")?,
        sent_at: get(row, "sent_at")?,
        expires_at: get(row, "expires_at")?,
        declined_at: get(row, "declined_at")?,
    })
}

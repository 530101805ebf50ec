//! Who may sign up where not everybody may, and links into groups.

use super::{
    EmbeddedStore,
    columns::{Col, Number, get},
    groups, users,
};
use crate::{Invitations, Membership, NewAccount, Result, StoreError};
use model::{
    id::{ConversationId, UserId},
    invitation::{Invitation, InvitationToken},
    message::Message,
    time::Timestamp,
    user::User,
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::sync::Arc;

#[async_trait::async_trait]
impl Invitations for EmbeddedStore {
    async fn create_invitation(&self, invitation: Invitation) -> Result<()> {
        self.writer.run(move |tx| insert(tx, &invitation)).await
    }

    async fn invitation(&self, token: InvitationToken, now: Timestamp) -> Result<Option<Invitation>> {
        self.readers.run(move |tx| find(tx, token, now)).await
    }

    async fn invitations(
        &self,
        made_by: Option<UserId>,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Invitation>> {
        self.readers.run(move |tx| newest(tx, made_by, now, limit)).await
    }

    async fn invite_links(
        &self,
        group: ConversationId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Invitation>> {
        self.readers.run(move |tx| links(tx, group, now, limit)).await
    }

    async fn revoke_invite_link(&self, token: InvitationToken, group: ConversationId) -> Result<bool> {
        self.writer.run(move |tx| delete_link(tx, token, group)).await
    }

    async fn join_by_link(&self, token: InvitationToken, change: Membership) -> Result<Option<Arc<Message>>> {
        self.writer.run(move |tx| join(tx, token, &change)).await
    }

    async fn revoke_invitation(&self, token: InvitationToken, made_by: Option<UserId>) -> Result<bool> {
        self.writer.run(move |tx| delete(tx, token, made_by)).await
    }

    async fn create_invited_user(&self, new: NewAccount, token: InvitationToken) -> Result<User> {
        self.writer
            .run(move |tx| use_up(tx, token, new.created_at).and_then(|()| users::insert(tx, new)))
            .await
    }
}

fn insert(tx: &Connection, invitation: &Invitation) -> Result<()> {
    tx.prepare_cached("DELETE FROM invitations WHERE expires_at <= ?")?
        .execute([Col(&invitation.created_at)])?;
    tx.prepare_cached(
        "INSERT INTO invitations (token, made_by, conversation, uses, used, created_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        Col(&invitation.token),
        Col(&invitation.made_by),
        Col(&invitation.group),
        invitation.uses,
        invitation.used,
        Col(&invitation.created_at),
        Col(&invitation.expires_at),
    ])?;
    Ok(())
}

fn find(tx: &Connection, token: InvitationToken, now: Timestamp) -> Result<Option<Invitation>> {
    let mut found = tx.prepare_cached("SELECT * FROM invitations WHERE token = ?")?;
    let found = found.query_row([Col(&token)], invitation).optional()?;
    Ok(found.filter(|invitation| invitation.is_good(now)))
}

fn newest(tx: &Connection, made_by: Option<UserId>, now: Timestamp, limit: usize) -> Result<Vec<Invitation>> {
    let mut found = tx.prepare_cached(
        "SELECT * FROM invitations
         WHERE conversation IS NULL AND (?1 IS NULL OR made_by = ?1) AND expires_at > ?2 AND used < uses
         ORDER BY created_at DESC, token LIMIT ?3",
    )?;
    let found = found.query_map(params![Col(&made_by), Col(&now), Number(limit as u64)], invitation)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn links(tx: &Connection, group: ConversationId, now: Timestamp, limit: usize) -> Result<Vec<Invitation>> {
    let mut found = tx.prepare_cached(
        "SELECT * FROM invitations WHERE conversation = ? AND expires_at > ? AND used < uses
         ORDER BY created_at DESC, token LIMIT ?",
    )?;
    let found = found.query_map(params![Col(&group), Col(&now), Number(limit as u64)], invitation)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn delete_link(tx: &Connection, token: InvitationToken, group: ConversationId) -> Result<bool> {
    let mut delete = tx.prepare_cached("DELETE FROM invitations WHERE token = ? AND conversation = ?")?;
    Ok(delete.execute(params![Col(&token), Col(&group)])? == 1)
}

/// Whatever is refused here is undone as a whole.
fn join(tx: &Connection, token: InvitationToken, change: &Membership) -> Result<Option<Arc<Message>>> {
    let link = find(tx, token, change.at)?.filter(|link| link.group == Some(change.conversation));
    link.ok_or(StoreError::NotInvited)?;
    let said = groups::add(tx, change)?;
    if said.is_some() {
        use_up(tx, token, change.at)?;
    }
    Ok(said)
}

fn delete(tx: &Connection, token: InvitationToken, made_by: Option<UserId>) -> Result<bool> {
    let mut delete =
        tx.prepare_cached("DELETE FROM invitations WHERE token = ?1 AND (?2 IS NULL OR made_by = ?2)")?;
    Ok(delete.execute(params![Col(&token), Col(&made_by)])? == 1)
}

/// Deletes those that a user has made.
pub(super) fn delete_of(tx: &Connection, user: UserId) -> Result<()> {
    tx.prepare_cached("DELETE FROM invitations WHERE made_by = ?")?.execute([Col(&user)])?;
    Ok(())
}

/// Deletes the links into a group that a member who leaves it has made.
pub(super) fn delete_links(tx: &Connection, group: ConversationId, made_by: UserId) -> Result<()> {
    tx.prepare_cached("DELETE FROM invitations WHERE conversation = ? AND made_by = ?")?
        .execute(params![Col(&group), Col(&made_by)])?;
    Ok(())
}

fn use_up(tx: &Connection, token: InvitationToken, now: Timestamp) -> Result<()> {
    let used = tx
        .prepare_cached(
            "UPDATE invitations SET used = used + 1 WHERE token = ? AND expires_at > ? AND used < uses",
        )?
        .execute(params![Col(&token), Col(&now)])?;
    if used == 1 { Ok(()) } else { Err(StoreError::NotInvited) }
}

fn invitation(row: &Row<'_>) -> rusqlite::Result<Invitation> {
    Ok(Invitation {
        token: get(row, "token")?,
        made_by: get(row, "made_by")?,
        group: get(row, "conversation")?,
        uses: row.get("uses")?,
        used: row.get("used")?,
        created_at: get(row, "created_at")?,
        expires_at: get(row, "expires_at")?,
    })
}

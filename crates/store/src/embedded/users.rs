//! Accounts, and the search over their names.

use super::{
    EmbeddedStore,
    columns::{Col, Number, get},
    conversations, files, group_invitations, groups, invitations, partings, sessions,
};
use crate::{Account, NewAccount, Parting, PasswordHash, Result, StoreError, Users};
use model::{
    id::{ConversationId, UserId},
    message::ConversationKind,
    search::SearchTerm,
    time::Timestamp,
    user::{DisplayName, User, Username},
};
use rusqlite::{Connection, OptionalExtension, Row, params};

#[async_trait::async_trait]
impl Users for EmbeddedStore {
    async fn create_user(&self, new: NewAccount) -> Result<User> {
        self.writer.run(move |tx| insert(tx, new)).await
    }

    async fn account(&self, id: UserId) -> Result<Option<Account>> {
        self.readers.run(move |tx| by_id(tx, id)).await
    }

    async fn account_by_name(&self, username: &Username) -> Result<Option<Account>> {
        let folded = username.folded();
        self.readers.run(move |tx| by_name(tx, &folded)).await
    }

    async fn users(&self, ids: &[UserId]) -> Result<Vec<Account>> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        self.readers.run(move |tx| ids.into_iter().filter_map(|id| by_id(tx, id).transpose()).collect()).await
    }

    async fn search_users(&self, term: &SearchTerm, but: UserId, limit: usize) -> Result<Vec<User>> {
        let term = term.folded().to_owned();
        self.readers.run(move |tx| search(tx, &term, but, limit)).await
    }

    async fn set_last_seen(&self, id: UserId, at: Timestamp) -> Result<()> {
        self.writer.run(move |tx| raise_last_seen(tx, id, at)).await
    }

    async fn users_page(&self, after: Option<&Username>, limit: usize) -> Result<Vec<Account>> {
        // Every name sorts after the empty text.
        let after = after.map(Username::folded).unwrap_or_default();
        self.readers.run(move |tx| page(tx, &after, limit)).await
    }

    async fn set_display_name(&self, id: UserId, name: Option<DisplayName>) -> Result<bool> {
        self.writer.run(move |tx| call(tx, id, name.as_ref())).await
    }

    async fn set_password(&self, id: UserId, hash: PasswordHash, keep: Option<i128>) -> Result<Option<u64>> {
        self.writer.run(move |tx| replace_hash(tx, id, &hash, keep)).await
    }

    async fn set_disabled(&self, id: UserId, at: Option<Timestamp>) -> Result<Option<u64>> {
        self.writer.run(move |tx| disable(tx, id, at)).await
    }

    async fn delete_user(&self, id: UserId) -> Result<bool> {
        self.writer.erase(move |tx| delete(tx, id)).await
    }

    async fn partings(&self) -> Result<Vec<Parting>> {
        self.readers.run(partings::newest).await
    }
}

pub(super) fn insert(tx: &Connection, new: NewAccount) -> Result<User> {
    let folded = new.username.folded();
    if by_name(tx, &folded)?.is_some() {
        return Err(StoreError::UsernameTaken);
    }
    tx.prepare_cached(
        "INSERT INTO users (id, username, username_folded, password_hash, created_at) VALUES (?, ?, ?, ?, ?)",
    )?
    .execute(params![
        Col(&new.id),
        new.username.as_str(),
        folded,
        new.password_hash.0,
        Col(&new.created_at)
    ])?;
    let mut suffix = tx.prepare_cached("INSERT INTO username_suffixes (suffix, user) VALUES (?, ?)")?;
    for (start, _) in folded.char_indices().skip(1) {
        suffix.execute(params![&folded[start..], Col(&new.id)])?;
    }
    Ok(User { id: new.id, username: new.username, display_name: None })
}

fn by_id(tx: &Connection, id: UserId) -> Result<Option<Account>> {
    let mut found = tx.prepare_cached("SELECT * FROM users WHERE id = ?")?;
    Ok(found.query_row(params![Col(&id)], account).optional()?)
}

fn by_name(tx: &Connection, folded: &str) -> Result<Option<Account>> {
    let mut found = tx.prepare_cached("SELECT * FROM users WHERE username_folded = ?")?;
    Ok(found.query_row([folded], account).optional()?)
}

/// Two ranges: names that begin with the term, which are few and come in order, and only if
/// they are not enough, names in which it begins later.
fn search(tx: &Connection, term: &str, but: UserId, limit: usize) -> Result<Vec<User>> {
    // No text that begins with the term sorts after the term with the last of all characters,
    // which no name contains.
    let end = format!("{term}{}", char::MAX);
    let mut found = tx
        .prepare_cached(
            "SELECT * FROM users WHERE username_folded >= ?1 AND username_folded < ?2 AND id <> ?3
             ORDER BY username_folded LIMIT ?4",
        )?
        .query_map(params![term, end, Col(&but), Number(limit as u64)], user)?
        .collect::<rusqlite::Result<Vec<User>>>()?;
    if found.len() < limit {
        let missing = Number((limit - found.len()) as u64);
        let mut later = tx.prepare_cached(
            "SELECT * FROM users
             WHERE id IN (SELECT user FROM username_suffixes WHERE suffix >= ?1 AND suffix < ?2)
               AND NOT (username_folded >= ?1 AND username_folded < ?2) AND id <> ?3
             ORDER BY username_folded LIMIT ?4",
        )?;
        for user in later.query_map(params![term, end, Col(&but), missing], user)? {
            found.push(user?);
        }
    }
    Ok(found)
}

fn raise_last_seen(tx: &Connection, id: UserId, at: Timestamp) -> Result<()> {
    tx.prepare_cached(
        "UPDATE users SET last_seen = ?2 WHERE id = ?1 AND (last_seen IS NULL OR last_seen < ?2)",
    )?
    .execute(params![Col(&id), Col(&at)])?;
    Ok(())
}

fn page(tx: &Connection, after: &str, limit: usize) -> Result<Vec<Account>> {
    let mut found =
        tx.prepare_cached("SELECT * FROM users WHERE username_folded > ? ORDER BY username_folded LIMIT ?")?;
    Ok(found.query_map(params![after, Number(limit as u64)], account)?.collect::<rusqlite::Result<_>>()?)
}

fn call(tx: &Connection, id: UserId, name: Option<&DisplayName>) -> Result<bool> {
    let mut call = tx.prepare_cached("UPDATE users SET display_name = ?2 WHERE id = ?1")?;
    Ok(call.execute(params![Col(&id), name.map(DisplayName::as_str)])? == 1)
}

fn replace_hash(tx: &Connection, id: UserId, hash: &PasswordHash, keep: Option<i128>) -> Result<Option<u64>> {
    let mut replace = tx.prepare_cached("UPDATE users SET password_hash = ?2 WHERE id = ?1")?;
    let replaced = replace.execute(params![Col(&id), hash.0])? == 1;
    replaced.then(|| sessions::delete_of(tx, id, keep)).transpose()
}

fn disable(tx: &Connection, id: UserId, at: Option<Timestamp>) -> Result<Option<u64>> {
    let mut disable = tx.prepare_cached("UPDATE users SET disabled_at = ?2 WHERE id = ?1")?;
    let found = disable.execute(params![Col(&id), Col(&at)])? == 1;
    let end = || if at.is_some() { sessions::delete_of(tx, id, None) } else { Ok(0) };
    found.then(end).transpose()
}

/// What refers goes before what it refers to.
fn delete(tx: &Connection, id: UserId) -> Result<bool> {
    sessions::delete_of(tx, id, None)?;
    let mut direct = tx.prepare_cached(
        "SELECT id FROM conversations JOIN members ON conversation = id WHERE user = ? AND kind = ?",
    )?;
    let direct = direct
        .query_map(params![Col(&id), Col(&ConversationKind::Direct)], |row| get(row, 0))?
        .collect::<rusqlite::Result<Vec<ConversationId>>>()?;
    partings::leave(tx, id)?;
    tx.prepare_cached("DELETE FROM friendships WHERE user_min = ?1 OR user_max = ?1")?
        .execute(params![Col(&id)])?;
    for conversation in direct {
        conversations::delete(tx, conversation)?;
    }
    groups::leave_all(tx, id)?;
    invitations::delete_of(tx, id)?;
    group_invitations::delete_of(tx, id)?;
    files::erase_unsent(tx, id)?;
    tx.prepare_cached("DELETE FROM username_suffixes WHERE user = ?")?.execute(params![Col(&id)])?;
    Ok(tx.prepare_cached("DELETE FROM users WHERE id = ?")?.execute(params![Col(&id)])? == 1)
}

fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        user: user(row)?,
        password_hash: PasswordHash(row.get("password_hash")?),
        created_at: get(row, "created_at")?,
        last_seen: get(row, "last_seen")?,
        disabled_at: get(row, "disabled_at")?,
    })
}

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User { id: get(row, "id")?, username: get(row, "username")?, display_name: get(row, "display_name")? })
}

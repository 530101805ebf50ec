//! Conversations and how a list shows them.

use super::{
    EmbeddedStore,
    columns::{Col, Json, Number, get},
    files, friendships, groups, messages, preferences, read_cursors,
};
use crate::{Conversations, GroupChange, Membership, Result, StoreError};
use model::{
    group::{GroupName, Role, Roles},
    id::{ConversationId, UserId},
    message::{Conversation, ConversationKind, Message, Summary},
};
use rusqlite::{Connection, OptionalExtension, params};
use std::{collections::BTreeMap, sync::Arc};

#[async_trait::async_trait]
impl Conversations for EmbeddedStore {
    async fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>> {
        self.readers.run(move |tx| find(tx, id)).await
    }

    async fn summaries(&self, viewer: UserId) -> Result<Vec<Summary>> {
        self.readers.run(move |tx| summarize_all(tx, viewer)).await
    }

    async fn summary(&self, id: ConversationId, viewer: UserId) -> Result<Option<Summary>> {
        self.readers.run(move |tx| summarize(tx, id, viewer)).await
    }

    async fn create_group(
        &self,
        first: Membership,
        name: Option<GroupName>,
        others: Vec<UserId>,
    ) -> Result<Arc<Message>> {
        self.writer.run(move |tx| groups::create(tx, &first, name.as_ref(), &others)).await
    }

    async fn add_member(&self, change: Membership) -> Result<Option<Arc<Message>>> {
        self.writer.run(move |tx| groups::add(tx, &change)).await
    }

    async fn change_group(&self, change: Membership, what: GroupChange) -> Result<Option<Arc<Message>>> {
        self.writer.run(move |tx| groups::change(tx, &change, &what)).await
    }

    async fn remove_member(&self, change: Membership) -> Result<Option<Arc<Message>>> {
        self.writer.erase(move |tx| groups::remove(tx, &change)).await
    }

    async fn count_groups(&self, user: UserId) -> Result<u64> {
        self.readers.run(move |tx| groups::count(tx, user)).await
    }

    async fn joined(&self, group: ConversationId) -> Result<BTreeMap<UserId, u64>> {
        self.readers.run(move |tx| groups::joined(tx, group)).await
    }

    async fn erase_group(&self, by: Membership) -> Result<()> {
        self.writer.erase(move |tx| groups::erase_all(tx, by.conversation)).await
    }
}

/// Stores a new conversation with its members.
pub(super) fn insert(tx: &Connection, new: &Conversation) -> Result<()> {
    tx.prepare_cached("INSERT INTO conversations (id, kind, name) VALUES (?, ?, ?)")?.execute(params![
        Col(&new.id),
        Col(&new.kind),
        new.name
    ])?;
    let mut member = tx.prepare_cached("INSERT INTO members (conversation, user) VALUES (?, ?)")?;
    for user in &new.members {
        member.execute(params![Col(&new.id), Col(user)])?;
    }
    Ok(())
}

/// Deletes a conversation with all that is in it.
pub(super) fn delete(tx: &Connection, id: ConversationId) -> Result<()> {
    files::erase_in(tx, id)?;
    for sql in [
        "DELETE FROM read_cursors WHERE conversation = ?",
        "DELETE FROM mentioned WHERE conversation = ?",
        "DELETE FROM group_invitations WHERE conversation = ?",
        "DELETE FROM invitations WHERE conversation = ?",
        "DELETE FROM messages WHERE conversation = ?",
        "DELETE FROM members WHERE conversation = ?",
        "DELETE FROM conversations WHERE id = ?",
    ] {
        tx.prepare_cached(sql)?.execute(params![Col(&id)])?;
    }
    Ok(())
}

/// The version of the newest change, 0 if there was none. Errors: `NotFound`.
pub(super) fn head(tx: &Connection, id: ConversationId) -> Result<u64> {
    let mut head = tx.prepare_cached(
        "SELECT coalesce((SELECT max(version) FROM messages WHERE conversation = ?1), 0)
         FROM members WHERE conversation = ?1 LIMIT 1",
    )?;
    let head: Option<Number> = head.query_row(params![Col(&id)], |row| row.get(0)).optional()?;
    Ok(head.ok_or(StoreError::NotFound)?.0)
}

/// Whether `user` belongs to it; nobody belongs to one that does not exist.
pub(super) fn is_member(tx: &Connection, id: ConversationId, user: UserId) -> Result<bool> {
    let mut member = tx.prepare_cached("SELECT 1 FROM members WHERE conversation = ? AND user = ?")?;
    Ok(member.exists(params![Col(&id), Col(&user)])?)
}

pub(super) fn find(tx: &Connection, id: ConversationId) -> Result<Option<Conversation>> {
    let mut found = tx.prepare_cached("SELECT kind, name, settings FROM conversations WHERE id = ?")?;
    let found =
        found.query_row(params![Col(&id)], |row| Ok((get(row, 0)?, row.get(1)?, row.get::<_, Json>(2)?.0)));
    let Some((kind, name, settings)) = found.optional()? else { return Ok(None) };
    let mut members =
        tx.prepare_cached("SELECT user, role FROM members WHERE conversation = ? ORDER BY since, user")?;
    let members = members.query_map(params![Col(&id)], |row| Ok((get(row, 0)?, get(row, 1)?)))?;
    let given = members.collect::<rusqlite::Result<Vec<(UserId, Role)>>>()?;
    let members: Vec<_> = given.iter().map(|(user, _)| *user).collect();
    let mut roles = Roles::default();
    if kind == ConversationKind::Group {
        given.into_iter().for_each(|(user, role)| roles.give(user, role));
        roles = roles.settled(&members);
    }
    let closed = kind == ConversationKind::Direct && friendships::is_closed(tx, id)?;
    Ok((!members.is_empty()).then_some(Conversation { id, kind, members, name, roles, settings, closed }))
}

fn summarize_all(tx: &Connection, viewer: UserId) -> Result<Vec<Summary>> {
    let mut ids = tx.prepare_cached("SELECT conversation FROM members WHERE user = ?")?;
    let ids =
        ids.query_map(params![Col(&viewer)], |row| get(row, 0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    ids.into_iter().filter_map(|id| summarize(tx, id, viewer).transpose()).collect()
}

/// A handful of look-ups by index, however long the conversation is.
fn summarize(tx: &Connection, id: ConversationId, viewer: UserId) -> Result<Option<Summary>> {
    let Some(conversation) = find(tx, id)?.filter(|found| found.members.contains(&viewer)) else {
        return Ok(None);
    };
    let read = read_cursors::all(tx, id)?;
    let cursor = read.get(&viewer).copied().unwrap_or(0);
    let from = if conversation.hides_history() { groups::since(tx, id, viewer)? } else { 0 };
    let last_message = messages::newest(tx, id)?;
    let prefs = preferences::find(tx, id, viewer)?.unwrap_or_default();
    Ok(Some(Summary {
        conversation,
        pins: messages::pinned(tx, id, from)?,
        mentions: messages::mentions(tx, id, viewer, cursor)?,
        head: head(tx, id)?,
        unread: messages::count_unread(tx, id, viewer, cursor)?,
        prefs: prefs.settled(last_message.as_deref()),
        last_message,
        read,
    }))
}

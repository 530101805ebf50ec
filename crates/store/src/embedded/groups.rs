//! Who belongs to a group.

use super::{
    columns::{Col, Json, Number, get},
    conversations, group_invitations, invitations, messages,
};
use crate::{GroupChange, Membership, Result, StoreError, clock};
use model::{
    content::System,
    group::{GroupName, Role},
    id::{ConversationId, MessageId, UserId},
    message::{Conversation, ConversationKind, MAX_MEMBERS, MAX_PAGE, Message, PageRequest},
    time::Timestamp,
};
use rusqlite::{Connection, params};
use std::{collections::BTreeMap, sync::Arc};

/// Makes a group.
pub(super) fn create(
    tx: &Connection,
    first: &Membership,
    name: Option<&GroupName>,
    others: &[UserId],
) -> Result<Arc<Message>> {
    if others.len() >= MAX_MEMBERS {
        return Err(StoreError::Full);
    }
    let mut group = Conversation::new(first.conversation, ConversationKind::Group, vec![]);
    group.name = name.map(|name| name.as_str().to_owned());
    conversations::insert(tx, &group)?;
    for member in others.iter().chain([&first.member]) {
        has_account(tx, *member)?;
    }
    let said = enter(tx, first, System::Created, 1)?;
    let mut member = tx.prepare_cached(ENTER)?;
    for other in others {
        member.execute(params![Col(&first.conversation), Col(other), Number(1)])?;
    }
    tx.prepare_cached("UPDATE members SET role = ? WHERE conversation = ? AND user = ?")?
        .execute(params![Col(&Role::Owner), Col(&first.conversation), Col(&first.member)])?;
    Ok(said)
}

/// How many a user is in.
pub(super) fn count(tx: &Connection, user: UserId) -> Result<u64> {
    let mut count = tx.prepare_cached(
        "SELECT count(*) FROM members JOIN conversations ON id = conversation WHERE user = ? AND kind = ?",
    )?;
    let count =
        count.query_row(params![Col(&user), Col(&ConversationKind::Group)], |row| row.get::<_, Number>(0))?;
    Ok(count.0)
}

pub(super) fn joined(tx: &Connection, group: ConversationId) -> Result<BTreeMap<UserId, u64>> {
    if find(tx, group)?.is_none() {
        return Ok(BTreeMap::new());
    }
    let mut joined = tx.prepare_cached("SELECT user, since FROM members WHERE conversation = ?")?;
    let joined =
        joined.query_map(params![Col(&group)], |row| Ok((get(row, 0)?, row.get::<_, Number>(1)?.0)))?;
    Ok(joined.collect::<rusqlite::Result<_>>()?)
}

/// Since which seq a member belongs to it.
pub(super) fn since(tx: &Connection, group: ConversationId, member: UserId) -> Result<u64> {
    let mut since = tx.prepare_cached("SELECT since FROM members WHERE conversation = ? AND user = ?")?;
    Ok(since.query_row(params![Col(&group), Col(&member)], |row| row.get::<_, Number>(0))?.0)
}

/// Erases a group, if it is there.
pub(super) fn erase_all(tx: &Connection, id: ConversationId) -> Result<()> {
    find(tx, id)?.map_or(Ok(()), |_| conversations::delete(tx, id))
}

const ENTER: &str = "INSERT INTO members (conversation, user, since) VALUES (?, ?, ?)";

/// Errors: `NotFound`.
pub(super) fn has_account(tx: &Connection, user: UserId) -> Result<()> {
    let mut account = tx.prepare_cached("SELECT 1 FROM users WHERE id = ?")?;
    account.exists([Col(&user)])?.then_some(()).ok_or(StoreError::NotFound)
}

/// `None`: they are a member already.
pub(super) fn add(tx: &Connection, change: &Membership) -> Result<Option<Arc<Message>>> {
    let group = find(tx, change.conversation)?.filter(|group| change.may_add(&group.members));
    let members = group.ok_or(StoreError::NotFound)?.members;
    if members.contains(&change.member) {
        return Ok(None);
    }
    if members.len() >= MAX_MEMBERS {
        return Err(StoreError::Full);
    }
    has_account(tx, change.member)?;
    group_invitations::end(tx, change.conversation, change.member)?;
    let version = messages::next_version(tx, change.conversation)?;
    enter(tx, change, System::Joined(change.member), version).map(Some)
}

/// `None`: it is so already.
pub(super) fn change(tx: &Connection, by: &Membership, what: &GroupChange) -> Result<Option<Arc<Message>>> {
    let group = find(tx, by.conversation)?;
    let is_theirs = |group: &Conversation| [by.by, by.member].iter().all(|user| group.members.contains(user));
    let mut group = group.filter(is_theirs).ok_or(StoreError::NotFound)?;
    let Some(said) = what.put(&mut group, by.member) else { return Ok(None) };
    tx.prepare_cached("UPDATE conversations SET (name, settings) = (?, ?) WHERE id = ?")?
        .execute(params![group.name, Json::of(&group.settings)?, Col(&group.id)])?;
    let mut role = tx.prepare_cached("UPDATE members SET role = ? WHERE conversation = ? AND user = ?")?;
    for member in &group.members {
        let now = group.roles.of(*member);
        role.execute(params![Col(&now), Col(&group.id), Col(member)])?;
    }
    let said = by.said(said, messages::next_version(tx, by.conversation)?);
    messages::insert(tx, &said)?;
    Ok(Some(Arc::new(said)))
}

/// `None`: they are no member.
pub(super) fn remove(tx: &Connection, change: &Membership) -> Result<Option<Arc<Message>>> {
    let members = members(tx, change)?;
    if !members.contains(&change.member) {
        return Ok(None);
    }
    let said = change.said(System::Left(change.member), messages::next_version(tx, change.conversation)?);
    if members.len() == 1 {
        conversations::delete(tx, change.conversation)?;
        return Ok(Some(Arc::new(said)));
    }
    messages::insert(tx, &said)?;
    group_invitations::end_sent(tx, change.conversation, change.member)?;
    invitations::delete_links(tx, change.conversation, change.member)?;
    for sql in [
        "DELETE FROM read_cursors WHERE conversation = ? AND user = ?",
        "DELETE FROM members WHERE conversation = ? AND user = ?",
    ] {
        tx.prepare_cached(sql)?.execute(params![Col(&change.conversation), Col(&change.member)])?;
    }
    Ok(Some(Arc::new(said)))
}

/// Takes somebody whose account goes out of all groups, with their words and reactions.
pub(super) fn leave_all(tx: &Connection, user: UserId) -> Result<()> {
    let at = clock::now();
    let mut theirs = tx.prepare_cached("SELECT conversation FROM members WHERE user = ?")?;
    let theirs =
        theirs.query_map(params![Col(&user)], |row| get(row, 0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    for conversation in theirs {
        erase(tx, conversation, user, at)?;
        let message = MessageId::new();
        remove(tx, &Membership { conversation, member: user, by: user, message, at })?;
    }
    Ok(())
}

/// Erases what somebody said in a group.
fn erase(tx: &Connection, conversation: ConversationId, user: UserId, at: Timestamp) -> Result<()> {
    let mut after = 0;
    loop {
        let request = PageRequest { after: Some(after), limit: Some(MAX_PAGE), ..PageRequest::default() };
        let page = messages::page(tx, conversation, request)?;
        for message in page.messages {
            after = message.seq;
            if let Some(rest) = message.without(user, at) {
                messages::commit(tx, rest)?;
            }
        }
        if !page.has_more {
            return Ok(());
        }
    }
}

fn enter(tx: &Connection, change: &Membership, what: System, version: u64) -> Result<Arc<Message>> {
    let said = change.said(what, version);
    tx.prepare_cached(ENTER)?.execute(params![
        Col(&change.conversation),
        Col(&change.member),
        Number(version)
    ])?;
    messages::insert(tx, &said)?;
    Ok(Arc::new(said))
}

/// The members of the group. Errors: `NotFound`, also where the one who acts is none of them.
fn members(tx: &Connection, change: &Membership) -> Result<Vec<UserId>> {
    let group = find(tx, change.conversation)?.filter(|group| group.members.contains(&change.by));
    Ok(group.ok_or(StoreError::NotFound)?.members)
}

fn find(tx: &Connection, id: ConversationId) -> Result<Option<Conversation>> {
    Ok(conversations::find(tx, id)?.filter(|found| found.kind == ConversationKind::Group))
}

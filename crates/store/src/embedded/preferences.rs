//! What a member alone keeps of a conversation.

use super::{
    EmbeddedStore,
    columns::{Col, Json, Number},
    conversations, messages,
};
use crate::{Preferences, Result, StoreError};
use model::{
    id::{ConversationId, UserId},
    prefs::{MAX_PINNED, Prefs, PrefsChange},
    time::Timestamp,
};
use rusqlite::{Connection, OptionalExtension, params};

#[async_trait::async_trait]
impl Preferences for EmbeddedStore {
    async fn set_prefs(
        &self,
        user: UserId,
        conversation: ConversationId,
        change: PrefsChange,
        at: Timestamp,
    ) -> Result<Option<Prefs>> {
        self.writer.run(move |tx| set(tx, user, conversation, change, at)).await
    }
}

/// What a member keeps of it; `None`: they are none.
pub(super) fn find(tx: &Connection, conversation: ConversationId, user: UserId) -> Result<Option<Prefs>> {
    let mut found = tx.prepare_cached("SELECT prefs FROM members WHERE conversation = ? AND user = ?")?;
    let found = found.query_row(params![Col(&conversation), Col(&user)], |row| row.get::<_, Json<Prefs>>(0));
    Ok(found.optional()?.map(|Json(prefs)| prefs))
}

fn set(
    tx: &Connection,
    user: UserId,
    conversation: ConversationId,
    change: PrefsChange,
    at: Timestamp,
) -> Result<Option<Prefs>> {
    let newest = messages::newest(tx, conversation)?;
    let before = find(tx, conversation, user)?.ok_or(StoreError::NotFound)?.settled(newest.as_deref());
    let Some(next) = change.after(before, conversations::head(tx, conversation)?, at) else {
        return Ok(None);
    };
    if next.pinned && !before.pinned && pinned(tx, user)? >= MAX_PINNED as u64 {
        return Err(StoreError::Full);
    }
    tx.prepare_cached("UPDATE members SET prefs = ? WHERE conversation = ? AND user = ?")?
        .execute(params![Json::of(&next)?, Col(&conversation), Col(&user)])?;
    Ok(Some(next))
}

fn pinned(tx: &Connection, user: UserId) -> Result<u64> {
    let mut count =
        tx.prepare_cached("SELECT count(*) FROM members WHERE user = ? AND prefs ->> '$.pinned'")?;
    Ok(count.query_row(params![Col(&user)], |row| row.get::<_, Number>(0))?.0)
}

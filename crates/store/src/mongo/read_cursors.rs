//! How far people have read.

use super::{
    Db, MongoStore, conversations,
    documents::{CursorDocument, Stored, number},
    error::{Failure, READ, answered},
    messages,
    tries::Tries,
};
use crate::{ReadCursors, Result, StoreError};
use futures::TryStreamExt;
use model::id::{ConversationId, UserId};
use mongodb::bson::doc;
use std::collections::BTreeMap;

#[async_trait::async_trait]
impl ReadCursors for MongoStore {
    async fn advance_read_cursor(
        &self,
        user: UserId,
        conversation: ConversationId,
        seq: u64,
    ) -> Result<Option<u64>> {
        self.write(self.lanes.run(conversation, advance(self.db.clone(), user, conversation, seq))).await
    }
}

/// The cursors of a conversation's members; whoever has read nothing is missing.
pub(super) async fn of(
    db: &Db,
    conversation: ConversationId,
) -> std::result::Result<BTreeMap<UserId, u64>, Failure> {
    let find = db.read_cursors.find(doc! { "conversation": conversation.bson() }).max_time(READ);
    let found: Vec<CursorDocument> = answered(async { find.await?.try_collect().await }).await?;
    found.into_iter().map(CursorDocument::position).collect()
}

async fn advance(db: Db, user: UserId, conversation: ConversationId, seq: u64) -> Result<Option<u64>> {
    let (known, head) = futures::try_join!(
        conversations::find(&db, conversation, db.durable.clone()),
        messages::head(&db, conversation)
    )?;
    let known = known.filter(|known| known.conversation.members.contains(&user));
    let joined = known.ok_or(StoreError::NotFound)?.since.get(&user).copied().unwrap_or(0);
    let seq = seq.min(head);
    if seq <= joined {
        return Ok(None);
    }
    let cursor = doc! { "conversation": conversation.bson(), "user": user.bson() };
    let mut tries = Tries::new();
    loop {
        let raising = db.read_cursors.update_one(cursor.clone(), doc! { "$max": { "seq": number(seq) } });
        let failure = match answered(raising.upsert(true)).await {
            Ok(outcome) if outcome.modified_count == 1 || outcome.upserted_id.is_some() => {
                return Ok(Some(seq));
            }
            Ok(_) if tries.doubtful => {
                // Stood there already, or an attempt of this call has moved it.
                let stands = answered(db.read_cursors.find_one(cursor).max_time(READ)).await?;
                return Ok(stands.filter(|stored| stored.seq == number(seq)).map(|_| seq));
            }
            Ok(_) => return Ok(None),
            // Two first moves at the same moment may both try to insert.
            Err(failure) => failure,
        };
        tries.after(failure).await?;
    }
}

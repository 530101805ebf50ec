//! Conversations and how a list shows them. A direct one is there as long as a friendship names
//! it, and needs no document of its own.

use super::{
    Db, MongoStore,
    documents::state_word,
    error::{Failure, READ, answered},
    friendships, messages, read_cursors,
};
use crate::{
    chat::model::{Conversation, ConversationKind, Summary},
    contacts::model::{Friendship, State},
    id::{ConversationId, UserId},
    store::{Conversations, Result},
};
use futures::{StreamExt, TryStreamExt, stream};
use mongodb::bson::doc;
use std::collections::BTreeMap;

/// How many summaries are put together at the same time.
const AT_ONCE: usize = 8;

#[async_trait::async_trait]
impl Conversations for MongoStore {
    async fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>> {
        self.read(find(&self.db, id)).await
    }

    async fn summaries(&self, viewer: UserId) -> Result<Vec<Summary>> {
        self.read(summarize_all(&self.db, viewer)).await
    }

    async fn summary(&self, id: ConversationId, viewer: UserId) -> Result<Option<Summary>> {
        self.read(summarize(&self.db, id, viewer)).await
    }
}

/// The conversation with its members.
pub(super) async fn find(db: &Db, id: ConversationId) -> std::result::Result<Option<Conversation>, Failure> {
    let found = answered(db.friendships.find_one(doc! { "conversation": id }).max_time(READ)).await?;
    let record = found.map(|document| document.record()).transpose()?;
    Ok(record.as_ref().and_then(direct))
}

/// Whether `user` belongs to it; nobody belongs to one that does not exist.
pub(super) async fn is_member(
    db: &Db,
    id: ConversationId,
    user: UserId,
) -> std::result::Result<bool, Failure> {
    Ok(find(db, id).await?.is_some_and(|found| found.members.contains(&user)))
}

async fn summarize_all(db: &Db, viewer: UserId) -> std::result::Result<Vec<Summary>, Failure> {
    let contacts = doc! { "users": viewer, "state": state_word(State::Contacts) };
    let all: Vec<_> = friendships::select(db, contacts).await?.iter().filter_map(direct).collect();
    let ids: Vec<_> = all.iter().map(|conversation| conversation.id).collect();
    let mut read = read_cursors::of_all(db, &ids).await?;
    let summaries = all.into_iter().map(|conversation| {
        let read = read.remove(&conversation.id).unwrap_or_default();
        complete(db.clone(), conversation, viewer, read)
    });
    stream::iter(summaries.collect::<Vec<_>>()).buffer_unordered(AT_ONCE).try_collect().await
}

async fn summarize(
    db: &Db,
    id: ConversationId,
    viewer: UserId,
) -> std::result::Result<Option<Summary>, Failure> {
    let Some(conversation) = find(db, id).await?.filter(|found| found.members.contains(&viewer)) else {
        return Ok(None);
    };
    let read = read_cursors::of_all(db, &[id]).await?.remove(&id).unwrap_or_default();
    complete(db.clone(), conversation, viewer, read).await.map(Some)
}

/// A handful of look-ups by index, however long the conversation is. The head comes first: what
/// is stored meanwhile lies beyond it, and a device asks for that. Unread messages are counted up
/// to the newest one that is shown.
async fn complete(
    db: Db,
    conversation: Conversation,
    viewer: UserId,
    read: BTreeMap<UserId, u64>,
) -> std::result::Result<Summary, Failure> {
    let id = conversation.id;
    let head = messages::head(&db, id).await?;
    let last_message = messages::newest(&db, id).await?;
    let cursor = read.get(&viewer).copied().unwrap_or(0);
    let unread = match &last_message {
        Some(newest) if newest.seq > cursor => {
            messages::count_unread(&db, id, viewer, cursor, newest.seq).await?
        }
        Some(_) | None => 0,
    };
    Ok(Summary { conversation, head, read, unread, last_message })
}

fn direct(record: &Friendship) -> Option<Conversation> {
    let members = vec![record.pair.min, record.pair.max];
    Some(Conversation { id: record.conversation?, kind: ConversationKind::Direct, members })
}

//! Messages, numbered within their conversation.
//!
//! A message takes the number after the head, and the unique index over the numbers makes a second
//! writer fail, who then tries the next one. So a number is only ever taken by somebody who has
//! seen the one before it: none is missing, and none is visible before those below it.

use super::{
    Db, MongoStore, conversations,
    documents::{MessageDocument, number, one_more},
    error::{Failure, READ, answered},
    tries::Tries,
};
use crate::{
    chat::model::{MAX_UNREAD, Message, MessageKind, Page, PageRequest},
    id::{ConversationId, MessageId, UserId},
    store::{Appended, Changes, Messages, NewMessage, Result, StoreError},
};
use futures::TryStreamExt;
use mongodb::{
    bson::{Document, doc},
    options::{Hint, ReadConcern},
};
use std::sync::Arc;

#[async_trait::async_trait]
impl Messages for MongoStore {
    async fn append_message(&self, new: NewMessage) -> Result<Appended> {
        let conversation = new.conversation;
        self.write(self.lanes.run(conversation, append(self.db.clone(), new))).await
    }

    async fn page(&self, conversation: ConversationId, request: PageRequest) -> Result<Page> {
        self.read(page(&self.db, conversation, request)).await
    }

    async fn changes(&self, conversation: ConversationId, after: u64, limit: usize) -> Result<Changes> {
        self.read(changes(&self.db, conversation, after, limit)).await
    }
}

async fn append(db: Db, new: NewMessage) -> Result<Appended> {
    let mut tries = Tries::new();
    loop {
        match insert(&db, &new).await {
            Ok(Some(message)) => return Ok(Appended { message, is_new: true }),
            Ok(None) if !tries.doubtful => return Err(StoreError::NotFound),
            Err(Failure::Unknown(why)) => {
                tries.after(Failure::Unknown(why)).await?;
                continue;
            }
            Ok(None) | Err(Failure::Duplicate) => {}
            Err(failure @ Failure::Refused(_)) => return Err(failure.into()),
        }
        // The number is taken, or the id.
        match stored(&db, &new, &mut tries).await? {
            Some(message) if message.sender == new.sender => {
                // After a doubtful attempt it is probably this call's own, and nobody was told.
                return Ok(Appended { message, is_new: tries.doubtful });
            }
            Some(_) => return Err(StoreError::IdTaken),
            None => tries.after(Failure::Duplicate).await?,
        }
    }
}

/// Stores the message under the number after the head. `None`: there is no such conversation.
async fn insert(db: &Db, new: &NewMessage) -> std::result::Result<Option<Arc<Message>>, Failure> {
    let (conversation, head) =
        futures::try_join!(conversations::find(db, new.conversation), local_head(db, new.conversation))?;
    if conversation.is_none() {
        return Ok(None);
    }
    let version = head + 1;
    let message = Message {
        id: new.id,
        conversation_id: new.conversation,
        seq: version,
        version,
        sender: new.sender,
        kind: MessageKind::Text,
        body: new.body.clone().into(),
        reply_to: new.reply_to,
        created_at: new.created_at,
        edited_at: None,
        deleted_at: None,
    };
    answered(db.messages.insert_one(MessageDocument::from(&message))).await?;
    Ok(Some(Arc::new(message)))
}

/// The message with the id of `new` in its conversation, once a majority has it.
async fn stored(db: &Db, new: &NewMessage, tries: &mut Tries) -> Result<Option<Arc<Message>>> {
    loop {
        let durable = by_id(db, new.conversation, new.id, db.durable.clone()).await?;
        if durable.is_some() || by_id(db, new.conversation, new.id, ReadConcern::local()).await?.is_none() {
            return Ok(durable);
        }
        tries.look_again().await?;
    }
}

async fn by_id(
    db: &Db,
    conversation: ConversationId,
    id: MessageId,
    as_of: ReadConcern,
) -> std::result::Result<Option<Arc<Message>>, Failure> {
    let find = db.messages.find_one(doc! { "conversation": conversation, "id": id });
    let found = answered(find.read_concern(as_of).max_time(READ)).await?;
    found.map(MessageDocument::message).transpose()
}

/// One document more than the page holds tells whether there are more.
async fn page(
    db: &Db,
    conversation: ConversationId,
    request: PageRequest,
) -> std::result::Result<Page, Failure> {
    let (size, limit) = (request.size(), one_more(request.size()));
    let (seq, order) = match (request.before, request.after) {
        (None, Some(after)) => (doc! { "$gt": number(after) }, 1),
        (before, _) => (doc! { "$lt": number(before.unwrap_or(u64::MAX)) }, -1),
    };
    let filter = doc! { "conversation": conversation, "seq": seq };
    let mut messages = select(db, filter, doc! { "seq": order }, limit).await?;
    let has_more = messages.len() > size;
    messages.truncate(size);
    messages.sort_unstable_by_key(|message| message.seq);
    Ok(Page { messages, has_more })
}

async fn changes(
    db: &Db,
    conversation: ConversationId,
    after: u64,
    limit: usize,
) -> std::result::Result<Changes, Failure> {
    let filter = doc! { "conversation": conversation, "version": { "$gt": number(after) } };
    let mut messages = select(db, filter, doc! { "version": 1 }, one_more(limit)).await?;
    let complete = messages.len() <= limit;
    messages.truncate(limit);
    Ok(Changes { messages, complete })
}

/// The version of the newest change, 0 if there was none.
pub(super) async fn head(db: &Db, conversation: ConversationId) -> std::result::Result<u64, Failure> {
    head_of(db, conversation, db.durable.clone()).await
}

/// The same, with changes that no majority has yet: they are taken numbers all the same.
async fn local_head(db: &Db, conversation: ConversationId) -> std::result::Result<u64, Failure> {
    head_of(db, conversation, ReadConcern::local()).await
}

async fn head_of(
    db: &Db,
    conversation: ConversationId,
    as_of: ReadConcern,
) -> std::result::Result<u64, Failure> {
    let versions = db.messages.clone_with_type::<Document>();
    let find = versions
        .find_one(doc! { "conversation": conversation })
        .sort(doc! { "version": -1 })
        .projection(doc! { "version": 1, "_id": 0 })
        .read_concern(as_of)
        .max_time(READ);
    let head = answered(find).await?.and_then(|newest| newest.get_i64("version").ok());
    Ok(head.map_or(0, |version| version.unsigned_abs()))
}

/// The last message of the history.
pub(super) async fn newest(
    db: &Db,
    conversation: ConversationId,
) -> std::result::Result<Option<Arc<Message>>, Failure> {
    Ok(select(db, doc! { "conversation": conversation }, doc! { "seq": -1 }, 1).await?.pop())
}

/// Other people's messages after `cursor` and up to `newest`, counted up to [`MAX_UNREAD`].
pub(super) async fn count_unread(
    db: &Db,
    conversation: ConversationId,
    viewer: UserId,
    cursor: u64,
    newest: u64,
) -> std::result::Result<u64, Failure> {
    let unread = doc! {
        "conversation": conversation,
        "seq": { "$gt": number(cursor), "$lte": number(newest) },
        "sender": { "$ne": viewer },
        "deleted_at": null,
    };
    let seqs = db.messages.clone_with_type::<Document>();
    let find = seqs.find(unread).projection(doc! { "seq": 1, "_id": 0 });
    let by_seq = Hint::Keys(doc! { "conversation": 1, "seq": 1, "sender": 1 });
    let find = find.limit(number(MAX_UNREAD)).hint(by_seq).max_time(READ);
    let found: Vec<Document> = answered(async { find.await?.try_collect().await }).await?;
    Ok(found.len() as u64)
}

async fn select(
    db: &Db,
    filter: Document,
    order: Document,
    limit: i64,
) -> std::result::Result<Vec<Arc<Message>>, Failure> {
    let find = db.messages.find(filter).sort(order).limit(limit).max_time(READ);
    let found: Vec<MessageDocument> = answered(async { find.await?.try_collect().await }).await?;
    found.into_iter().map(MessageDocument::message).collect()
}

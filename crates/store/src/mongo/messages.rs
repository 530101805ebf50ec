//! Messages, numbered within their conversation.
//!
//! A message takes the number after the head, and the unique index over the numbers makes a second
//! writer fail, who then tries the next one. So a number is only ever taken by somebody who has
//! seen the one before it: none is missing, and none is visible before those below it. A message
//! that changes takes another number and keeps the one it had ([`KEPT`] of them), or a slow
//! writer could take that, below a head that others have seen.

use super::{
    Db, MongoStore, conversations,
    documents::{MessageDocument, Stored, number, one_more},
    error::{Failure, READ, answered, damaged},
    sent_files,
    tries::Tries,
};
use crate::{Appended, Changes, Messages, NewMessage, Result, StoreError, messages::Halving};
use futures::TryStreamExt;
use model::{
    change::MAX_PINS,
    content::Flat,
    id::{ConversationId, MessageId, UserId},
    media::MediaKind,
    mention::Mentions,
    message::{MAX_UNREAD, Message, Page, PageRequest},
    time::Timestamp,
};
use mongodb::{
    Collection,
    bson::{Document, Uuid, doc, serialize_to_document},
    options::{Hint, ReadConcern},
};
use serde::{Deserialize, de::DeserializeOwned};
use std::{ops::Range, sync::Arc};

/// How many of its numbers a message keeps. A writer gives up within seconds, in which one message
/// does not change so often.
const KEPT: i64 = 256;
/// What a message may lose when it changes.
const OPTIONAL: [&str; 9] = [
    "attachments",
    "reply_to",
    "edited_at",
    "deleted_at",
    "reactions",
    "pinned_by",
    "pinned_at",
    "mentions",
    "holds",
];
/// What a change leaves alone.
const FIXED: [&str; 2] = ["taken", "conversation"];

#[async_trait::async_trait]
impl Messages for MongoStore {
    async fn append_message(&self, new: NewMessage) -> Result<Appended> {
        let conversation = new.conversation;
        self.write(self.lanes.run(conversation, append(self.db.clone(), new))).await
    }

    async fn message(&self, conversation: ConversationId, id: MessageId) -> Result<Option<Arc<Message>>> {
        self.read(by_id(&self.db, conversation, id, self.db.durable.clone())).await
    }

    async fn commit_message(&self, next: Message) -> Result<Option<Arc<Message>>> {
        let conversation = next.conversation_id;
        self.write(self.lanes.run(conversation, commit(self.db.clone(), next))).await
    }

    async fn pins(&self, conversation: ConversationId) -> Result<Vec<Arc<Message>>> {
        self.read(pins(&self.db, conversation)).await
    }

    async fn media(
        &self,
        conversation: ConversationId,
        kind: MediaKind,
        seqs: Range<u64>,
        limit: usize,
    ) -> Result<Vec<Arc<Message>>> {
        self.read(media(&self.db, conversation, kind, seqs, limit)).await
    }

    async fn page(&self, conversation: ConversationId, request: PageRequest) -> Result<Page> {
        self.read(page(&self.db, conversation, request)).await
    }

    async fn changes(&self, conversation: ConversationId, after: u64, limit: usize) -> Result<Changes> {
        self.read(changes(&self.db, conversation, after, limit)).await
    }

    async fn first_since(&self, conversation: ConversationId, moment: Timestamp) -> Result<Option<u64>> {
        self.read(first_since(&self.db, conversation, moment)).await
    }
}

async fn append(db: Db, new: NewMessage) -> Result<Appended> {
    if new.attachments.is_empty() {
        return store(&db, &new).await;
    }
    // One that is stored has its files, whatever this call names.
    if let Some(message) = stored(&db, new.conversation, new.id, &mut Tries::new()).await? {
        let again = message.sender == new.sender;
        return again.then_some(Appended { message, is_new: false }).ok_or(StoreError::IdTaken);
    }
    sent_files::claim(&db, &new).await?;
    let outcome = store(&db, &new).await;
    match &outcome {
        Ok(appended) => sent_files::settle_sent(&db, &appended.message).await,
        Err(StoreError::NotFound | StoreError::IdTaken) => sent_files::give_back(&db, &new).await,
        // Whether it is stored, nobody knows yet: its files stay in doubt.
        Err(_) => {}
    }
    outcome
}

async fn store(db: &Db, new: &NewMessage) -> Result<Appended> {
    let mut tries = Tries::new();
    loop {
        match insert(db, new).await {
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
        match stored(db, new.conversation, new.id, &mut tries).await? {
            Some(message) if message.sender == new.sender => {
                // After a doubtful attempt it is probably this call's own, and nobody was told.
                return Ok(Appended { message, is_new: tries.doubtful });
            }
            Some(_) => return Err(StoreError::IdTaken),
            None => tries.after(Failure::Duplicate).await?,
        }
    }
}

/// Stores the message under the number after the head. `None`: there is no such conversation, or
/// the sender does not belong to it.
async fn insert(db: &Db, new: &NewMessage) -> std::result::Result<Option<Arc<Message>>, Failure> {
    // The head first: who joins or leaves after it takes the number that this one wants.
    let head = local_head(db, new.conversation).await?;
    if !conversations::is_member_now(db, new.conversation, new.sender).await? {
        return Ok(None);
    }
    let message = new.clone().at(head + 1);
    answered(db.messages.insert_one(MessageDocument::from(&message))).await?;
    Ok(Some(Arc::new(message)))
}

pub(super) async fn commit(db: Db, next: Message) -> Result<Option<Arc<Message>>> {
    // A reaction takes no files away.
    let Flat { edited_at, deleted_at, .. } = next.content.flat();
    let drops = edited_at.or(deleted_at).is_some() && sent_files::mark_dropped(&db, &next).await?;
    let committed = put(&db, next).await?;
    if drops && let Some(message) = &committed {
        sent_files::erase_dropped(&db, message).await;
    }
    Ok(committed)
}

async fn put(db: &Db, next: Message) -> Result<Option<Arc<Message>>> {
    let mut tries = Tries::new();
    loop {
        match replace(db, &next).await {
            Ok(Some(message)) => return Ok(Some(message)),
            Ok(None) => {
                // Whoever was faster can be read once a majority has it; the caller will look.
                let stored = by_id(db, next.conversation_id, next.id, db.durable.clone()).await?;
                match stored {
                    Some(stored) if stored.version == next.version => tries.look_again().await?,
                    Some(stored) => {
                        let as_decided = Message { version: stored.version, ..next };
                        return Ok((tries.doubtful && *stored == as_decided).then_some(stored));
                    }
                    None => return Ok(None),
                }
            }
            Err(failure) => tries.after(failure).await?,
        }
    }
}

/// Puts a message in the place of its state before, under the number after the head. `None`: the
/// stored one has another version, or is gone.
async fn replace(db: &Db, next: &Message) -> std::result::Result<Option<Arc<Message>>, Failure> {
    let version = local_head(db, next.conversation_id).await? + 1;
    let before = doc! {
        "conversation": next.conversation_id.bson(), "id": next.id.bson(), "version": number(next.version),
    };
    let next = Message { version, ..next.clone() };
    let mut state = serialize_to_document(&MessageDocument::from(&next)).map_err(damaged)?;
    FIXED.iter().for_each(|field| drop(state.remove(field)));
    let mut change = doc! { "$push": { "taken": { "$each": [number(version)], "$slice": -KEPT } } };
    let lost: Document = OPTIONAL
        .iter()
        .filter(|field| !state.contains_key(**field))
        .map(|field| ((*field).to_owned(), "".into()))
        .collect();
    if !lost.is_empty() {
        change.insert("$unset", lost);
    }
    change.insert("$set", state);
    let changed = answered(db.messages.update_one(before, change)).await?;
    Ok((changed.matched_count == 1).then(|| Arc::new(next)))
}

/// The message with this id, once a majority has it.
pub(super) async fn stored(
    db: &Db,
    conversation: ConversationId,
    id: MessageId,
    tries: &mut Tries,
) -> Result<Option<Arc<Message>>> {
    loop {
        let durable = by_id(db, conversation, id, db.durable.clone()).await?;
        if durable.is_some() || by_id(db, conversation, id, ReadConcern::local()).await?.is_none() {
            return Ok(durable);
        }
        tries.look_again().await?;
    }
}

pub(super) async fn by_id(
    db: &Db,
    conversation: ConversationId,
    id: MessageId,
    as_of: ReadConcern,
) -> std::result::Result<Option<Arc<Message>>, Failure> {
    let find = db.messages.find_one(doc! { "conversation": conversation.bson(), "id": id.bson() });
    let found = answered(find.read_concern(as_of).max_time(READ)).await?;
    found.map(MessageDocument::message).transpose()
}

/// One document more than the page holds tells whether there are more.
pub(super) async fn page(
    db: &Db,
    conversation: ConversationId,
    request: PageRequest,
) -> std::result::Result<Page, Failure> {
    let (size, limit) = (request.size(), one_more(request.size()));
    let (seq, order) = match (request.before, request.after) {
        (None, Some(after)) => (doc! { "$gt": number(after) }, 1),
        (before, _) => (doc! { "$lt": number(before.unwrap_or(u64::MAX)) }, -1),
    };
    let filter = doc! { "conversation": conversation.bson(), "seq": seq };
    let mut messages = select(db, filter, doc! { "seq": order }, limit).await?;
    let has_more = messages.len() > size;
    messages.truncate(size);
    messages.sort_unstable_by_key(|message| message.seq);
    Ok(Page { messages, has_more })
}

/// The pinned messages in the order in which they were pinned.
async fn pins(db: &Db, conversation: ConversationId) -> std::result::Result<Vec<Arc<Message>>, Failure> {
    let found = pinned(&db.messages, conversation, None).await?;
    found.into_iter().map(MessageDocument::message).collect()
}

/// Which messages are pinned, of those from a seq on, in the order in which they were: a summary wants no more of them.
pub(super) async fn pin_ids(
    db: &Db,
    conversation: ConversationId,
    from: u64,
) -> std::result::Result<Vec<MessageId>, Failure> {
    let names = doc! { "_id": 0, "id": 1, "seq": 1 };
    let found: Vec<PinDocument> = pinned(&db.messages.clone_with_type(), conversation, Some(names)).await?;
    Ok(found.into_iter().filter(|pin| pin.seq >= number(from)).map(|pin| Stored::of(pin.id)).collect())
}

/// What a summary wants to know of a pinned message.
#[derive(Deserialize)]
struct PinDocument {
    id: Uuid,
    seq: i64,
}

async fn pinned<T: DeserializeOwned + Send + Sync>(
    messages: &Collection<T>,
    conversation: ConversationId,
    fields: Option<Document>,
) -> std::result::Result<Vec<T>, Failure> {
    let filter = doc! { "conversation": conversation.bson(), "pinned_at": { "$exists": true } };
    let by_pin = Hint::Keys(doc! { "conversation": 1, "pinned_at": 1 });
    let find = messages.find(filter).sort(doc! { "pinned_at": -1 }).limit(MAX_PINS as i64);
    let find = find.hint(by_pin).max_time(READ);
    let find = match fields {
        Some(fields) => find.projection(fields),
        None => find,
    };
    let mut found: Vec<T> = answered(async { find.await?.try_collect().await }).await?;
    found.reverse();
    Ok(found)
}

/// Those that have something of a kind, the newest first.
async fn media(
    db: &Db,
    conversation: ConversationId,
    kind: MediaKind,
    seqs: Range<u64>,
    limit: usize,
) -> std::result::Result<Vec<Arc<Message>>, Failure> {
    let filter = doc! {
        "conversation": conversation.bson(),
        "holds": kind.word(),
        "seq": { "$gte": number(seqs.start), "$lt": number(seqs.end) },
    };
    let by_kind = Hint::Keys(doc! { "conversation": 1, "holds": 1, "seq": 1 });
    let find = db.messages.find(filter).sort(doc! { "seq": -1 }).limit(number(limit as u64));
    let find = find.hint(by_kind).max_time(READ);
    let found: Vec<MessageDocument> = answered(async { find.await?.try_collect().await }).await?;
    found.into_iter().map(MessageDocument::message).collect()
}

async fn first_since(
    db: &Db,
    conversation: ConversationId,
    moment: Timestamp,
) -> std::result::Result<Option<u64>, Failure> {
    let last = newest(db, conversation).await?.map_or(0, |message| message.seq);
    let mut halving = Halving::new(moment, last);
    loop {
        let from = match halving.next() {
            Ok(from) => from,
            Err(found) => return Ok(found),
        };
        let filter = doc! { "conversation": conversation.bson(), "seq": { "$gte": number(from) } };
        let seen = select(db, filter, doc! { "seq": 1 }, 1).await?.pop();
        halving.saw(from, seen.map(|message| (message.seq, message.created_at)));
    }
}

async fn changes(
    db: &Db,
    conversation: ConversationId,
    after: u64,
    limit: usize,
) -> std::result::Result<Changes, Failure> {
    let filter = doc! { "conversation": conversation.bson(), "version": { "$gt": number(after) } };
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
pub(super) async fn local_head(db: &Db, conversation: ConversationId) -> std::result::Result<u64, Failure> {
    head_of(db, conversation, ReadConcern::local()).await
}

async fn head_of(
    db: &Db,
    conversation: ConversationId,
    as_of: ReadConcern,
) -> std::result::Result<u64, Failure> {
    let versions = db.messages.clone_with_type::<Document>();
    let find = versions
        .find_one(doc! { "conversation": conversation.bson() })
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
    Ok(select(db, doc! { "conversation": conversation.bson() }, doc! { "seq": -1 }, 1).await?.pop())
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
        "conversation": conversation.bson(),
        "seq": { "$gt": number(cursor), "$lte": number(newest) },
        "sender": { "$ne": viewer.bson() },
        "deleted_at": null,
    };
    let seqs = db.messages.clone_with_type::<Document>();
    let find = seqs.find(unread).projection(doc! { "seq": 1, "_id": 0 });
    let by_seq = Hint::Keys(doc! { "conversation": 1, "seq": 1, "sender": 1 });
    let find = find.limit(number(MAX_UNREAD)).hint(by_seq).max_time(READ);
    let found: Vec<Document> = answered(async { find.await?.try_collect().await }).await?;
    Ok(found.len() as u64)
}

/// The seqs of the first [`MAX_UNREAD`] messages of others after `cursor` and up to `newest` that mean the viewer.
pub(super) async fn mentions(
    db: &Db,
    conversation: ConversationId,
    viewer: UserId,
    cursor: u64,
    newest: u64,
) -> std::result::Result<Vec<u64>, Failure> {
    let meaning = doc! {
        "conversation": conversation.bson(),
        "mentions": { "$in": Mentions::meaning(viewer).map(Stored::bson).to_vec() },
        "seq": { "$gt": number(cursor), "$lte": number(newest) },
        "sender": { "$ne": viewer.bson() },
    };
    let seqs = db.messages.clone_with_type::<Document>();
    let find = seqs.find(meaning).sort(doc! { "seq": 1 }).projection(doc! { "seq": 1, "_id": 0 });
    let by_mention = Hint::Keys(doc! { "conversation": 1, "mentions": 1, "seq": 1 });
    let find = find.limit(number(MAX_UNREAD)).hint(by_mention).max_time(READ);
    let found: Vec<Document> = answered(async { find.await?.try_collect().await }).await?;
    let seqs = found.iter().filter_map(|message| message.get_i64("seq").ok());
    Ok(seqs.map(i64::unsigned_abs).collect())
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

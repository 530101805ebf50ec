//! Messages, numbered within their conversation.

use super::{
    EmbeddedStore,
    columns::{Col, Json, Mentioned, Number, Reactions, get},
    conversations, files,
};
use crate::{Appended, Changes, Messages, NewMessage, Result, StoreError, messages::Halving};
use model::{
    change::MAX_PINS,
    content::{Content, Flat},
    id::{ConversationId, MessageId, UserId},
    media::{MediaKind, kinds},
    mention::Mentions,
    message::{MAX_UNREAD, Message, Page, PageRequest, Pinned},
    time::Timestamp,
};
use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use std::{ops::Range, sync::Arc};

#[async_trait::async_trait]
impl Messages for EmbeddedStore {
    async fn append_message(&self, new: NewMessage) -> Result<Appended> {
        self.writer.run(move |tx| append(tx, new)).await
    }

    async fn message(&self, conversation: ConversationId, id: MessageId) -> Result<Option<Arc<Message>>> {
        self.readers.run(move |tx| by_id(tx, conversation, id)).await
    }

    async fn commit_message(&self, next: Message) -> Result<Option<Arc<Message>>> {
        // A reaction takes no words and no files away.
        let Flat { edited_at, deleted_at, .. } = next.content.flat();
        match edited_at.or(deleted_at) {
            Some(_) => self.writer.erase(move |tx| commit(tx, next)).await,
            None => self.writer.run(move |tx| commit(tx, next)).await,
        }
    }

    async fn pins(&self, conversation: ConversationId) -> Result<Vec<Arc<Message>>> {
        self.readers.run(move |tx| pins(tx, conversation)).await
    }

    async fn media(
        &self,
        conversation: ConversationId,
        kind: MediaKind,
        seqs: Range<u64>,
        limit: usize,
    ) -> Result<Vec<Arc<Message>>> {
        self.readers.run(move |tx| media(tx, conversation, kind, seqs, limit)).await
    }

    async fn page(&self, conversation: ConversationId, request: PageRequest) -> Result<Page> {
        self.readers.run(move |tx| page(tx, conversation, request)).await
    }

    async fn changes(&self, conversation: ConversationId, after: u64, limit: usize) -> Result<Changes> {
        self.readers.run(move |tx| changes(tx, conversation, after, limit)).await
    }

    async fn first_since(&self, conversation: ConversationId, moment: Timestamp) -> Result<Option<u64>> {
        self.readers.run(move |tx| first_since(tx, conversation, moment)).await
    }
}

fn append(tx: &Connection, new: NewMessage) -> Result<Appended> {
    if let Some(stored) = by_id(tx, new.conversation, new.id)? {
        let again = stored.sender == new.sender;
        return again.then_some(Appended { message: stored, is_new: false }).ok_or(StoreError::IdTaken);
    }
    if !conversations::is_member(tx, new.conversation, new.sender)? {
        return Err(StoreError::NotFound);
    }
    let version = next_version(tx, new.conversation)?;
    let message = new.at(version);
    files::send(tx, &message)?;
    insert(tx, &message)?;
    Ok(Appended { message: Arc::new(message), is_new: true })
}

/// Nobody else writes until this transaction has ended, so nobody else takes this version.
pub(super) fn next_version(tx: &Connection, conversation: ConversationId) -> Result<u64> {
    Ok(conversations::head(tx, conversation)? + 1)
}

pub(super) fn insert(tx: &Connection, new: &Message) -> Result<()> {
    let Flat { kind, subject, body, attachments, .. } = new.content.flat();
    tx.prepare_cached(
        "INSERT INTO messages
           (conversation, version, seq, id, sender, kind, subject, body, attachments, reply_to, created_at,
            reactions, mentions, holds)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        Col(&new.conversation_id),
        Number(new.version),
        Number(new.seq),
        Col(&new.id),
        Col(&new.sender),
        Col(&kind),
        Col(&subject),
        body,
        Json::of(&attachments)?,
        Col(&new.reply_to),
        Col(&new.created_at),
        Reactions::of(&new.reactions)?,
        Mentioned::of(&new.mentions)?,
        holds(&new.content),
    ])?;
    note_mentions(tx, new, &new.mentions.stored())
}

/// Notes whom a message means, so that it is found by whoever looks for that.
fn note_mentions(tx: &Connection, message: &Message, users: &[UserId]) -> Result<()> {
    if users.is_empty() {
        return Ok(());
    }
    let mut note = tx.prepare_cached("INSERT INTO mentioned (conversation, user, seq) VALUES (?, ?, ?)")?;
    for user in users {
        note.execute(params![Col(&message.conversation_id), Col(user), Number(message.seq)])?;
    }
    Ok(())
}

fn forget_mentions(tx: &Connection, message: &Message, users: &[UserId]) -> Result<()> {
    if users.is_empty() {
        return Ok(());
    }
    let sql = "DELETE FROM mentioned WHERE conversation = ? AND user = ? AND seq = ?";
    let mut forget = tx.prepare_cached(sql)?;
    for user in users {
        forget.execute(params![Col(&message.conversation_id), Col(user), Number(message.seq)])?;
    }
    Ok(())
}

/// The seqs of the first [`MAX_UNREAD`] messages of others after `cursor` that mean the viewer.
pub(super) fn mentions(
    tx: &Connection,
    conversation: ConversationId,
    viewer: UserId,
    cursor: u64,
) -> Result<Vec<u64>> {
    let [viewer, everybody] = Mentions::meaning(viewer);
    let mut seqs = tx.prepare_cached(
        "SELECT DISTINCT seq FROM mentioned
         WHERE conversation = ?1 AND user IN (?2, ?3) AND seq > ?4 AND NOT EXISTS (
           SELECT 1 FROM messages
           WHERE messages.conversation = ?1 AND messages.seq = mentioned.seq AND sender = ?2)
         ORDER BY seq LIMIT ?5",
    )?;
    let of = params![Col(&conversation), Col(&viewer), Col(&everybody), Number(cursor), Number(MAX_UNREAD)];
    let seqs = seqs.query_map(of, |row| Ok(row.get::<_, Number>(0)?.0))?;
    Ok(seqs.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn commit(tx: &Connection, mut next: Message) -> Result<Option<Arc<Message>>> {
    let stored = by_id(tx, next.conversation_id, next.id)?;
    let Some(stored) = stored.filter(|stored| stored.version == next.version) else { return Ok(None) };
    if stored.mentions != next.mentions {
        forget_mentions(tx, &stored, &stored.mentions.stored())?;
        note_mentions(tx, &stored, &next.mentions.stored())?;
    }
    files::erase_dropped(tx, &stored, &next)?;
    next.version = next_version(tx, next.conversation_id)?;
    let Flat { body, attachments, edited_at, deleted_at, .. } = next.content.flat();
    tx.prepare_cached(
        "UPDATE messages
         SET (version, body, attachments, reply_to, edited_at, deleted_at, reactions, mentions, pinned_at, pinned_by,
              holds)
           = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         WHERE conversation = ? AND id = ?",
    )?
    .execute(params![
        Number(next.version),
        body,
        Json::of(&attachments)?,
        Col(&next.reply_to),
        Col(&edited_at),
        Col(&deleted_at),
        Reactions::of(&next.reactions)?,
        Mentioned::of(&next.mentions)?,
        Col(&next.pinned.map(|pinned| pinned.at)),
        Col(&next.pinned.map(|pinned| pinned.by)),
        holds(&next.content),
        Col(&next.conversation_id),
        Col(&next.id),
    ])?;
    Ok(Some(Arc::new(next)))
}

/// One row more than the page holds tells whether there are more.
pub(super) fn page(tx: &Connection, conversation: ConversationId, request: PageRequest) -> Result<Page> {
    let (size, rows) = (request.size(), Number::one_more(request.size()));
    let mut messages = match (request.before, request.after) {
        (None, Some(after)) => select(
            tx,
            "SELECT * FROM messages WHERE conversation = ? AND seq > ? ORDER BY seq LIMIT ?",
            params![Col(&conversation), Number(after), rows],
        )?,
        (before, _) => select(
            tx,
            "SELECT * FROM messages WHERE conversation = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
            params![Col(&conversation), Number(before.unwrap_or(u64::MAX)), rows],
        )?,
    };
    let has_more = messages.len() > size;
    messages.truncate(size);
    messages.sort_unstable_by_key(|message| message.seq);
    Ok(Page { messages, has_more })
}

fn pins(tx: &Connection, conversation: ConversationId) -> Result<Vec<Arc<Message>>> {
    let sql = "SELECT * FROM messages WHERE conversation = ? AND pinned_at IS NOT NULL
               ORDER BY pinned_at DESC, seq DESC LIMIT ?";
    let mut pins = select(tx, sql, params![Col(&conversation), Number(MAX_PINS as u64)])?;
    pins.reverse();
    Ok(pins)
}

/// The same by their ids, those alone that stand at `from` or later.
pub(super) fn pinned(tx: &Connection, conversation: ConversationId, from: u64) -> Result<Vec<MessageId>> {
    let mut pins = tx.prepare_cached(
        "SELECT id FROM messages WHERE conversation = ? AND pinned_at IS NOT NULL AND seq >= ?
         ORDER BY pinned_at DESC, seq DESC LIMIT ?",
    )?;
    let of = params![Col(&conversation), Number(from), Number(MAX_PINS as u64)];
    let mut pins = pins.query_map(of, |row| get(row, 0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    pins.reverse();
    Ok(pins)
}

/// The index over the messages that have something of a kind, and the bit that says so of a row.
fn index_of(kind: MediaKind) -> (&'static str, u8) {
    match kind {
        MediaKind::Media => ("messages_with_media", 1),
        MediaKind::Files => ("messages_with_files", 2),
        MediaKind::Links => ("messages_with_links", 4),
    }
}

/// What a message holds besides words, as a row says it.
fn holds(content: &Content) -> u8 {
    kinds(content).into_iter().map(|kind| index_of(kind).1).sum()
}

fn media(
    tx: &Connection,
    conversation: ConversationId,
    kind: MediaKind,
    seqs: Range<u64>,
    limit: usize,
) -> Result<Vec<Arc<Message>>> {
    let (index, bit) = index_of(kind);
    // Named, so that it is an error and not a scan where the index cannot be used.
    let sql = format!(
        "SELECT * FROM messages INDEXED BY {index}
         WHERE conversation = ? AND holds & {bit} AND seq >= ? AND seq < ? ORDER BY seq DESC LIMIT ?"
    );
    let of = params![Col(&conversation), Number(seqs.start), Number(seqs.end), Number(limit as u64)];
    select(tx, &sql, of)
}

fn first_since(tx: &Connection, conversation: ConversationId, moment: Timestamp) -> Result<Option<u64>> {
    let last = newest(tx, conversation)?.map_or(0, |message| message.seq);
    let mut look = tx.prepare_cached(
        "SELECT seq, created_at FROM messages WHERE conversation = ? AND seq >= ? ORDER BY seq LIMIT 1",
    )?;
    let mut halving = Halving::new(moment, last);
    loop {
        let from = match halving.next() {
            Ok(from) => from,
            Err(found) => return Ok(found),
        };
        let seen = look.query_row(params![Col(&conversation), Number(from)], |row| {
            Ok((row.get::<_, Number>("seq")?.0, get(row, "created_at")?))
        });
        halving.saw(from, seen.optional()?);
    }
}

fn changes(tx: &Connection, conversation: ConversationId, after: u64, limit: usize) -> Result<Changes> {
    let mut messages = select(
        tx,
        "SELECT * FROM messages WHERE conversation = ? AND version > ? ORDER BY version LIMIT ?",
        params![Col(&conversation), Number(after), Number::one_more(limit)],
    )?;
    let complete = messages.len() <= limit;
    messages.truncate(limit);
    Ok(Changes { messages, complete })
}

fn by_id(tx: &Connection, conversation: ConversationId, id: MessageId) -> Result<Option<Arc<Message>>> {
    let mut found = tx.prepare_cached("SELECT * FROM messages WHERE conversation = ? AND id = ?")?;
    Ok(found.query_row(params![Col(&conversation), Col(&id)], message).optional()?)
}

/// The last message of the history.
pub(super) fn newest(tx: &Connection, conversation: ConversationId) -> Result<Option<Arc<Message>>> {
    let sql = "SELECT * FROM messages WHERE conversation = ? ORDER BY seq DESC LIMIT 1";
    Ok(select(tx, sql, params![Col(&conversation)])?.pop())
}

/// Other people's messages after `cursor`, counted up to [`MAX_UNREAD`].
pub(super) fn count_unread(
    tx: &Connection,
    conversation: ConversationId,
    viewer: UserId,
    cursor: u64,
) -> Result<u64> {
    let mut count = tx.prepare_cached(
        "SELECT count(*) FROM (
           SELECT 1 FROM messages
           WHERE conversation = ? AND seq > ? AND sender <> ? AND deleted_at IS NULL LIMIT ?)",
    )?;
    let unread = params![Col(&conversation), Number(cursor), Col(&viewer), Number(MAX_UNREAD)];
    Ok(count.query_row(unread, |row| row.get::<_, Number>(0))?.0)
}

fn select(tx: &Connection, sql: &str, params: impl Params) -> Result<Vec<Arc<Message>>> {
    Ok(tx.prepare_cached(sql)?.query_map(params, message)?.collect::<rusqlite::Result<_>>()?)
}

fn message(row: &Row<'_>) -> rusqlite::Result<Arc<Message>> {
    let content = Flat {
        kind: get(row, "kind")?,
        subject: get(row, "subject")?,
        body: row.get("body")?,
        attachments: row.get::<_, Json<Vec<_>>>("attachments")?.0,
        edited_at: get(row, "edited_at")?,
        deleted_at: get(row, "deleted_at")?,
    };
    let (by, at) = (get::<Option<_>>(row, "pinned_by")?, get::<Option<_>>(row, "pinned_at")?);
    Ok(Arc::new(Message {
        id: get(row, "id")?,
        conversation_id: get(row, "conversation")?,
        seq: row.get::<_, Number>("seq")?.0,
        version: row.get::<_, Number>("version")?.0,
        sender: get(row, "sender")?,
        content: content.into(),
        reply_to: get(row, "reply_to")?,
        created_at: get(row, "created_at")?,
        reactions: row.get::<_, Reactions>("reactions")?.0,
        pinned: by.zip(at).map(|(by, at)| Pinned { by, at }),
        mentions: Mentions::of_stored(row.get::<_, Mentioned>("mentions")?.0),
    }))
}

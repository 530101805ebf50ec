//! Files: what is known of each, from the beginning of its upload until its bytes are erased.

use super::{
    EmbeddedStore,
    columns::{Col, Number, get},
    groups,
};
use crate::{FileFacts, FileLimits, FileState, Files, NewFile, Result, StoreError, StoredFile, bytes::Noted};
use model::{
    id::{ConversationId, FileId, UserId},
    message::Message,
    time::Timestamp,
};
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

#[async_trait::async_trait]
impl Files for EmbeddedStore {
    async fn create_file(&self, new: NewFile, limits: FileLimits) -> Result<()> {
        self.writer.run(move |tx| insert(tx, &new, limits)).await
    }

    async fn file(&self, id: FileId) -> Result<Option<StoredFile>> {
        self.readers.run(move |tx| find(tx, id)).await
    }

    async fn files(&self, ids: &[FileId]) -> Result<Vec<StoredFile>> {
        let ids = each_once(ids);
        self.readers.run(move |tx| ids.into_iter().filter_map(|id| find(tx, id).transpose()).collect()).await
    }

    async fn bytes_used(&self, owner: UserId) -> Result<u64> {
        self.readers.run(move |tx| Ok(count(tx, owner)?.bytes)).await
    }

    async fn advance_upload(&self, id: FileId, from: u64, to: u64, expires_at: Timestamp) -> Result<bool> {
        self.writer.run(move |tx| advance(tx, id, from, to, expires_at)).await
    }

    async fn end_upload(&self, id: FileId, received: u64) -> Result<bool> {
        self.writer.run(move |tx| end(tx, id, received)).await
    }

    async fn finish_upload(&self, id: FileId, facts: FileFacts) -> Result<Option<StoredFile>> {
        self.writer.run(move |tx| finish(tx, id, &facts)).await
    }

    async fn discard_file(&self, id: FileId, owner: UserId) -> Result<bool> {
        let unsent = "id = ? AND owner = ? AND state IN ('uploading', 'ready')";
        self.writer.erase(move |tx| Ok(erase(tx, unsent, params![Col(&id), Col(&owner)])? == 1)).await
    }

    async fn files_to_erase(&self, now: Timestamp, limit: usize) -> Result<Vec<FileId>> {
        // Asked often, and mostly in vain: then nothing is written.
        if self.readers.run(move |tx| have_expired(tx, now)).await? {
            self.writer.erase(move |tx| expire(tx, now, limit)).await?;
        }
        self.readers.run(move |tx| erased(tx, limit)).await
    }

    async fn forget_file(&self, id: FileId) -> Result<bool> {
        self.writer.run(move |tx| forget(tx, id)).await
    }

    async fn known_files(&self, ids: &[FileId]) -> Result<Vec<FileId>> {
        let ids = each_once(ids);
        self.readers.run(move |tx| known(tx, ids)).await
    }

    async fn unsent_files(
        &self,
        owner: UserId,
        after: Option<FileId>,
        limit: usize,
    ) -> Result<Vec<StoredFile>> {
        self.readers.run(move |tx| Ok(unsent(tx, owner, after, limit)?)).await
    }

    async fn noted_files(&self, after: Option<FileId>, limit: usize) -> Result<Vec<Noted>> {
        self.readers.run(move |tx| Ok(noted(tx, after, limit)?)).await
    }
}

/// So that an answer has each only once, too.
fn each_once(ids: &[FileId]) -> Vec<FileId> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn insert(tx: &Connection, new: &NewFile, limits: FileLimits) -> Result<()> {
    groups::has_account(tx, new.owner)?;
    let Count { bytes, uploads } = count(tx, new.owner)?;
    if uploads >= limits.uploads {
        return Err(StoreError::TooManyUploads);
    }
    if bytes.saturating_add(new.size) > limits.quota {
        return Err(StoreError::QuotaExceeded);
    }
    tx.prepare_cached(
        "INSERT INTO files (id, owner, state, name, kind, size, received, created_at, expires_at)
         VALUES (?, ?, 'uploading', ?, ?, ?, 0, ?, ?)",
    )?
    .execute(params![
        Col(&new.id),
        Col(&new.owner),
        Col(&new.name),
        Col(&new.kind),
        Number(new.size),
        Col(&new.created_at),
        Col(&new.expires_at),
    ])?;
    Ok(())
}

/// What one person has.
struct Count {
    bytes: u64,
    uploads: u64,
}

fn count(tx: &Connection, owner: UserId) -> Result<Count> {
    let mut count = tx.prepare_cached(
        "SELECT coalesce(sum(size), 0), count(*) FILTER (WHERE state = 'uploading') FROM files WHERE owner = ?",
    )?;
    let number = |row: &Row<'_>, column: usize| row.get::<_, Number>(column).map(|number| number.0);
    let count =
        count.query_row([Col(&owner)], |row| Ok(Count { bytes: number(row, 0)?, uploads: number(row, 1)? }));
    Ok(count?)
}

fn find(tx: &Connection, id: FileId) -> Result<Option<StoredFile>> {
    let mut found = tx.prepare_cached("SELECT * FROM files WHERE id = ? AND state <> 'erased'")?;
    Ok(found.query_row([Col(&id)], record).optional()?)
}

fn advance(tx: &Connection, id: FileId, from: u64, to: u64, expires_at: Timestamp) -> Result<bool> {
    let mut advance = tx.prepare_cached(
        "UPDATE files SET (received, expires_at) = (?3, ?4)
         WHERE id = ?1 AND state = 'uploading' AND received = ?2 AND ?3 BETWEEN received AND size",
    )?;
    Ok(advance.execute(params![Col(&id), Number(from), Number(to), Col(&expires_at)])? == 1)
}

fn end(tx: &Connection, id: FileId, received: u64) -> Result<bool> {
    let mut end = tx.prepare_cached(
        "UPDATE files SET size = received WHERE id = ? AND state = 'uploading' AND received = ?",
    )?;
    Ok(end.execute(params![Col(&id), Number(received)])? == 1)
}

/// `None`: there is nothing to finish, and nothing that was finished before.
fn finish(tx: &Connection, id: FileId, facts: &FileFacts) -> Result<Option<StoredFile>> {
    tx.prepare_cached(
        "UPDATE files
         SET (state, size, received, kind, sha256, width, height, duration, placeholder, expires_at)
           = ('ready', ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         WHERE id = ?1 AND state = 'uploading' AND received = size",
    )?
    .execute(params![
        Col(&id),
        Number(facts.size),
        Col(&facts.kind),
        facts.sha256,
        facts.width,
        facts.height,
        facts.duration.map(Number),
        Col(&facts.placeholder),
        Col(&facts.expires_at),
    ])?;
    Ok(find(tx, id)?.filter(|file| file.state != FileState::Uploading))
}

/// Sends the files of a new message with it. Errors: `NotFound`, one of them cannot be sent.
pub(super) fn send(tx: &Connection, new: &Message) -> Result<()> {
    for attachment in new.content.attachments() {
        let mut send = tx.prepare_cached(
            "UPDATE files SET (state, expires_at, conversation, message) = ('sent', NULL, ?, ?)
             WHERE id = ? AND owner = ? AND state = 'ready'",
        )?;
        let of = params![Col(&new.conversation_id), Col(&new.id), Col(&attachment.file), Col(&new.sender)];
        if send.execute(of)? == 0 {
            return Err(StoreError::NotFound);
        }
    }
    Ok(())
}

/// Erases what a message has no longer.
pub(super) fn erase_dropped(tx: &Connection, stored: &Message, next: &Message) -> Result<()> {
    let kept = next.content.attachments();
    for attachment in stored.content.attachments() {
        if kept.iter().all(|kept| kept.file != attachment.file) {
            erase(tx, "id = ?", [Col(&attachment.file)])?;
        }
    }
    Ok(())
}

/// Erases all that was sent in a conversation, whoever did.
pub(super) fn erase_in(tx: &Connection, conversation: ConversationId) -> Result<()> {
    erase(tx, "conversation = ?", [Col(&conversation)])?;
    Ok(())
}

/// Erases what a user has not sent whose account goes. What they have sent in groups that they had left before stays
/// with its messages.
pub(super) fn erase_unsent(tx: &Connection, owner: UserId) -> Result<()> {
    erase(tx, "owner = ? AND state IN ('uploading', 'ready')", [Col(&owner)])?;
    Ok(())
}

/// Erases the files that match; what stays is the note that their bytes are to be. Returns how many. Nothing else ever
/// expires at 0, so that is where [`erased`] finds them.
pub(super) fn erase(tx: &Connection, which: &str, params: impl Params) -> rusqlite::Result<usize> {
    let erase = format!(
        "UPDATE files
         SET (state, expires_at, name, kind, sha256, width, height, duration, placeholder, conversation, message)
           = ('erased', 0, '', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL)
         WHERE {which}"
    );
    tx.prepare_cached(&erase)?.execute(params)
}

fn have_expired(tx: &Connection, now: Timestamp) -> Result<bool> {
    Ok(tx.prepare_cached("SELECT 1 FROM files WHERE expires_at BETWEEN 1 AND ?")?.exists([Col(&now)])?)
}

fn expire(tx: &Connection, now: Timestamp, limit: usize) -> Result<()> {
    let expired = "id IN (SELECT id FROM files WHERE expires_at BETWEEN 1 AND ? ORDER BY expires_at LIMIT ?)";
    erase(tx, expired, params![Col(&now), Number(limit as u64)])?;
    Ok(())
}

fn erased(tx: &Connection, limit: usize) -> Result<Vec<FileId>> {
    let mut erased = tx.prepare_cached("SELECT id FROM files WHERE expires_at = 0 ORDER BY id LIMIT ?")?;
    let erased = erased.query_map([Number(limit as u64)], |row| get(row, 0))?;
    Ok(erased.collect::<rusqlite::Result<_>>()?)
}

fn forget(tx: &Connection, id: FileId) -> Result<bool> {
    let mut forget = tx.prepare_cached("DELETE FROM files WHERE id = ? AND state = 'erased'")?;
    Ok(forget.execute([Col(&id)])? == 1)
}

fn known(tx: &Connection, ids: Vec<FileId>) -> Result<Vec<FileId>> {
    let mut known = Vec::new();
    for id in ids {
        if is_known(tx, id)? {
            known.push(id);
        }
    }
    Ok(known)
}

/// Whether there is anything of this file.
pub(super) fn is_known(tx: &Connection, id: FileId) -> rusqlite::Result<bool> {
    tx.prepare_cached("SELECT 1 FROM files WHERE id = ?")?.exists([Col(&id)])
}

/// The next files of a user after this one that are in no message.
fn unsent(
    tx: &Connection,
    owner: UserId,
    after: Option<FileId>,
    limit: usize,
) -> rusqlite::Result<Vec<StoredFile>> {
    let mut unsent = tx.prepare_cached(
        "SELECT * FROM files WHERE owner = ? AND state IN ('uploading', 'ready') AND id > ? ORDER BY id LIMIT ?",
    )?;
    unsent.query_map(params![Col(&owner), beyond(&after), Number(limit as u64)], record)?.collect()
}

/// What every id is greater than that comes after this one.
fn beyond(after: &Option<FileId>) -> &[u8] {
    after.as_ref().map_or(&[], |after| after.0.as_bytes())
}

/// The next files after this one whose bytes are to be there.
pub(super) fn noted(tx: &Connection, after: Option<FileId>, limit: usize) -> rusqlite::Result<Vec<Noted>> {
    let mut noted = tx.prepare_cached(
        "SELECT id, size, sha256, placeholder IS NOT NULL AS has_thumbnail FROM files
         WHERE id > ? AND state IN ('ready', 'sent') ORDER BY id LIMIT ?",
    )?;
    let noted = noted.query_map(params![beyond(&after), Number(limit as u64)], |row| {
        Ok(Noted {
            id: get(row, "id")?,
            size: row.get::<_, Number>("size")?.0,
            // One that is missing is that of no file.
            sha256: row.get::<_, Option<_>>("sha256")?.unwrap_or_default(),
            has_thumbnail: row.get("has_thumbnail")?,
        })
    })?;
    noted.collect()
}

/// Whether the bytes of this file are to be there.
pub(super) fn is_noted(tx: &Connection, id: FileId) -> rusqlite::Result<bool> {
    tx.prepare_cached("SELECT 1 FROM files WHERE id = ? AND state IN ('ready', 'sent')")?.exists([Col(&id)])
}

fn record(row: &Row<'_>) -> rusqlite::Result<StoredFile> {
    let number = |column: &str| row.get::<_, Number>(column).map(|number| number.0);
    Ok(StoredFile {
        id: get(row, "id")?,
        owner: get(row, "owner")?,
        name: get(row, "name")?,
        size: number("size")?,
        kind: get(row, "kind")?,
        created_at: get(row, "created_at")?,
        expires_at: get(row, "expires_at")?,
        received: number("received")?,
        sha256: row.get("sha256")?,
        width: row.get("width")?,
        height: row.get("height")?,
        duration: row.get::<_, Option<Number>>("duration")?.map(|duration| duration.0),
        placeholder: get(row, "placeholder")?,
        state: state(row)?,
    })
}

fn state(row: &Row<'_>) -> rusqlite::Result<FileState> {
    let place = get::<Option<_>>(row, "conversation")?.zip(get::<Option<_>>(row, "message")?);
    let sent = place.map(|(conversation, message)| FileState::Sent { conversation, message });
    let is_ready = row.get_ref("state")?.as_str()? == "ready";
    Ok(sent.unwrap_or(if is_ready { FileState::Ready } else { FileState::Uploading }))
}

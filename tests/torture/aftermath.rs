//! What is left when a scenario is over: the history, the store, the server's log.

use crate::{
    judge::{About, Belongs, Entry, Fault, Kept, KeptFile, Promise, Talk, What},
    run::Talks,
};
use futures::TryStreamExt;
use model::{id::FileId, message::Message};
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fmt::Write,
    fs::{self, File},
    io::{BufRead, BufReader},
    path::Path,
};
use store::{
    Conversations, FileState, Files, Messages, Store, StoreError,
    bytes::{Bytes, BytesError, Piece, folder::Folder},
    embedded::EmbeddedStore,
    now,
};
use uuid::Uuid;

/// What the history holds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub written: usize,
    pub acknowledged: usize,
    /// Changes of messages that were begun, and those that were acknowledged.
    pub changes: usize,
    pub changed: usize,
    /// Requests about groups that were done, and those that were declined.
    pub done: usize,
    pub declined: usize,
    pub refused: usize,
    pub again: usize,
    pub unavailable: usize,
    pub connections: usize,
    /// Files of which the server said that it has them, and messages with one that were acknowledged.
    pub uploaded: usize,
    pub enclosed: usize,
    /// Messages that the server stored, by its clock, long before or after they were made.
    pub out_of_time: usize,
}

/// All lines, in their order.
pub fn history(file: &Path) -> Vec<Entry> {
    let lines = BufReader::new(File::open(file).expect("a history")).lines();
    lines.map(|line| serde_json::from_str(&line.expect("a line")).expect("an entry")).collect()
}

/// How much of what there is.
pub fn count(history: &[Entry]) -> Tally {
    let mut tally = Tally::default();
    let mut with_files = HashSet::new();
    for Entry { what, .. } in history {
        match what {
            What::Begun { id, file, .. } => {
                tally.written += 1;
                with_files.extend(file.map(|_| *id));
            }
            What::Acked { id, .. } => {
                tally.acknowledged += 1;
                tally.enclosed += usize::from(with_files.contains(id));
            }
            What::Uploaded { .. } => tally.uploaded += 1,
            What::Changing { .. } => tally.changes += 1,
            What::Changed { .. } => tally.changed += 1,
            What::Done { .. } => tally.done += 1,
            What::Declined { .. } => tally.declined += 1,
            What::Refused { .. } => tally.refused += 1,
            What::Again { .. } => tally.again += 1,
            What::Unavailable => tally.unavailable += 1,
            What::Connected => tally.connections += 1,
            What::Ended { messages, .. } => {
                tally.out_of_time += messages.iter().filter(|message| is_out_of_time(message)).count();
            }
            _ => {}
        }
    }
    tally
}

/// A message's id holds the time at which it was made (UUIDv7), by a clock that does not jump.
fn is_out_of_time(message: &Message) -> bool {
    let made = message.id.0.get_timestamp().map_or(0, |made| made.to_unix().0 as i64);
    (message.created_at.0 / 1000 - made).abs() > 3600
}

/// What the server's log says of defects.
pub fn panics(log: &Path) -> Vec<Fault> {
    let log = fs::read_to_string(log).unwrap_or_default();
    let panics = log.lines().filter(|line| line.contains("panicked"));
    panics.map(|line| Promise::Healing.broken(format!("the server's log: {line}"))).collect()
}

/// What the store holds, read as the next start would. Errors: it cannot be, or it is damaged.
pub async fn kept(folder: &Path, talks: &Talks) -> Result<Kept, String> {
    let store = EmbeddedStore::open(folder).map_err(|error| error.to_string())?;
    let mut kept = Kept::default();
    for (talk, viewer) in talks {
        let failed = |error: StoreError| format!("{talk} cannot be read: {error}");
        let summary =
            store.summary(*talk, *viewer).await.map_err(failed)?.ok_or(format!("{talk} is gone"))?;
        let messages = store.changes(*talk, 0, usize::MAX).await.map_err(failed)?.messages;
        let joined = store.joined(*talk).await.map_err(failed)?;
        let about = About::of(&summary.conversation);
        kept.talks.insert(*talk, Talk { about, joined, head: summary.head, messages, read: summary.read });
    }
    kept.files = files(&store, folder).await?;
    store.close().await;
    let file = Connection::open(EmbeddedStore::file_in(folder)).map_err(|error| error.to_string())?;
    let sound: rusqlite::Result<String> = file.query_row("PRAGMA integrity_check", [], |row| row.get(0));
    match sound.as_deref() {
        Ok("ok") => Ok(kept),
        other => Err(format!("the data file is damaged: {other:?}")),
    }
}

/// What there is of files, once what was erased is swept away as the next start does it.
async fn files(store: &EmbeddedStore, folder: &Path) -> Result<BTreeMap<FileId, KeptFile>, String> {
    let unknown = |error: StoreError| format!("what is known of files cannot be read: {error}");
    let unread = |error: BytesError| format!("the bytes of files cannot be read: {error}");
    let bytes = Folder::open(folder.join("files")).map_err(unread)?;
    loop {
        let gone = store.files_to_erase(now(), 100).await.map_err(unknown)?;
        for id in &gone {
            bytes.erase(*id).await.map_err(unread)?;
            store.forget_file(*id).await.map_err(unknown)?;
        }
        if gone.is_empty() {
            break;
        }
    }
    let mut ids = known(folder).map_err(|error| error.to_string())?;
    for last in 0..=u8::MAX {
        ids.extend(bytes.list(last).await.map_err(unread)?);
    }
    let mut kept = BTreeMap::new();
    for id in ids {
        let belongs = match store.file(id).await.map_err(unknown)?.map(|file| file.state) {
            None => Belongs::Nowhere,
            Some(FileState::Uploading) => Belongs::Upload,
            Some(FileState::Ready) => Belongs::Owner,
            Some(FileState::Sent { conversation, message }) => Belongs::Message(conversation, message),
        };
        kept.insert(id, KeptFile { belongs, sha256: digest(&bytes, id).await.map_err(unread)? });
    }
    Ok(kept)
}

/// The files that the store knows of, erased ones among them: it lists them to nobody.
fn known(folder: &Path) -> rusqlite::Result<BTreeSet<FileId>> {
    let file = Connection::open(EmbeddedStore::file_in(folder))?;
    let mut rows = file.prepare("SELECT id FROM files")?;
    let ids = rows.query_map([], |row| Ok(FileId(Uuid::from_bytes(row.get(0)?))))?;
    ids.collect()
}

/// What the bytes of a file add up to, in hexadecimal digits. `None`: there are none, or not all.
async fn digest(bytes: &Folder, id: FileId) -> Result<Option<String>, BytesError> {
    let mut digest = Sha256::new();
    let mut reading = match bytes.read(id, Piece::Whole, 0..u64::MAX).await {
        Err(BytesError::NotFound) => return Ok(None),
        reading => reading?,
    };
    while let Some(chunk) = reading.try_next().await? {
        digest.update(&chunk);
    }
    let mut text = String::new();
    for byte in digest.finalize() {
        // Nothing fails in writing to a text.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(Some(text))
}

//! What is left when a scenario is over: the history, the store, the server's log.

use crate::{
    judge::{About, Entry, Fault, Kept, Promise, Talk, What},
    run::Talks,
};
use model::message::Message;
use rusqlite::Connection;
use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::Path,
};
use store::{Conversations, Messages, Store, StoreError, embedded::EmbeddedStore};

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
    for Entry { what, .. } in history {
        match what {
            What::Begun { .. } => tally.written += 1,
            What::Acked { .. } => tally.acknowledged += 1,
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
        kept.0.insert(*talk, Talk { about, joined, head: summary.head, messages, read: summary.read });
    }
    store.close().await;
    let file = Connection::open(EmbeddedStore::file_in(folder)).map_err(|error| error.to_string())?;
    let sound: rusqlite::Result<String> = file.query_row("PRAGMA integrity_check", [], |row| row.get(0));
    match sound.as_deref() {
        Ok("ok") => Ok(kept),
        other => Err(format!("the data file is damaged: {other:?}")),
    }
}

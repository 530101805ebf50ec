//! A conversation's messages in chunks, of which a browser lays out and paints only those in sight
//! (docs/decisions/0017-messages-in-chunks.md). Pure, so that it is tested without a page.

use crate::chat::view::items::{Bubble, Item, Progress, Words};
use model::id::MessageId;
use std::sync::Arc;

/// At most so many messages stand in a chunk.
pub const CHUNK: u64 = 16;

/// One thing in a conversation, with its messages in chunks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A day begins, with this message.
    Day(String, MessageId),
    /// What follows was not read when the conversation was opened.
    Unread,
    /// Messages with nothing between them.
    Chunk(Arc<Chunk>),
}

impl Part {
    /// The messages, if it is some.
    pub fn chunk(&self) -> Option<&Arc<Chunk>> {
        match self {
            Self::Chunk(chunk) => Some(chunk),
            Self::Day(..) | Self::Unread => None,
        }
    }
}

/// Messages with nothing between them.
#[derive(Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Names it, so that a message stays in its element whatever comes before or after it.
    pub key: ChunkKey,
    /// At least one.
    pub bubbles: Vec<Bubble>,
}

/// Which seqs, in units of [`CHUNK`]; and which of the chunks of these, where a new day or the unread
/// divider lies between.
pub type ChunkKey = (u64, usize);

/// Which seqs those have that were refused, and all that were written after them.
const REFUSED: u64 = u64::MAX;

/// Puts the messages among `items` in chunks. One on its way goes where it will probably be stored; one
/// that was refused stands still after all others.
/// A chunk that is as it was `before` is shared with it, so that nobody compares the two again.
pub fn chunks(items: Vec<Item>, before: &[Part]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut open: Option<Chunk> = None;
    let (mut next_seq, mut last) = (1, None::<ChunkKey>);
    // In the order of their keys.
    let before: Vec<_> = before.iter().filter_map(Part::chunk).collect();
    let close = |parts: &mut Vec<Part>, open: Option<Chunk>| {
        parts.extend(open.map(|made| Part::Chunk(share(made, &before))));
    };
    for item in items {
        match item {
            Item::Day(label, first) => {
                close(&mut parts, open.take());
                parts.push(Part::Day(label, first));
            }
            Item::Unread => {
                close(&mut parts, open.take());
                parts.push(Part::Unread);
            }
            Item::Bubble(bubble) => {
                let is_refused = matches!(bubble.progress, Some(Progress::Failed(_)));
                let block = match &bubble.words {
                    Words::Waiting(..) if is_refused || last.is_some_and(|last| last.0 == REFUSED) => REFUSED,
                    Words::Waiting(..) => next_seq / CHUNK,
                    Words::Stored(message) => {
                        next_seq = message.seq;
                        next_seq / CHUNK
                    }
                };
                next_seq += 1;
                match &mut open {
                    Some(chunk) if chunk.key.0 == block => chunk.bubbles.push(bubble),
                    _ => {
                        let run = last.filter(|(last, _)| *last == block);
                        let key = (block, run.map_or(0, |(_, run)| run + 1));
                        last = Some(key);
                        close(&mut parts, open.replace(Chunk { key, bubbles: vec![bubble] }));
                    }
                }
            }
        }
    }
    close(&mut parts, open);
    parts
}

fn share(made: Chunk, before: &[&Arc<Chunk>]) -> Arc<Chunk> {
    match before.binary_search_by_key(&made.key, |chunk| chunk.key) {
        Ok(held) if **before[held] == made => before[held].clone(),
        _ => Arc::new(made),
    }
}

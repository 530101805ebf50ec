//! Messages in chunks.

use super::grouping::{at, outgoing, shown, talk};
use model::{
    error::{AppError, ErrorCode},
    id::MessageId,
    message::Message,
    thread::Outgoing,
};
use sotto::chat::view::chunks::{CHUNK, Chunk, ChunkKey, Part, chunks};
use std::sync::Arc;

fn parts(messages: &[Message], outbox: &[Outgoing], unread_after: Option<u64>) -> Vec<Part> {
    chunks(shown(messages, outbox, unread_after), &[])
}

fn all(parts: &[Part]) -> Vec<&Arc<Chunk>> {
    parts.iter().filter_map(|part| if let Part::Chunk(chunk) = part { Some(chunk) } else { None }).collect()
}

fn chunk(parts: &[Part], key: ChunkKey) -> Option<&Arc<Chunk>> {
    parts.iter().filter_map(Part::chunk).find(|chunk| chunk.key == key)
}

fn ids(parts: &[Part]) -> Vec<MessageId> {
    all(parts).iter().flat_map(|chunk| &chunk.bubbles).map(|bubble| bubble.id).collect()
}

fn many(count: u64) -> Vec<Message> {
    talk(&vec![(1, 0); count as usize])
}

#[test]
fn every_message_is_in_a_chunk_and_none_is_too_long() {
    let messages = many(3 * CHUNK + 7);
    let parts = parts(&messages, &[], None);
    assert_eq!(ids(&parts), messages.iter().map(|message| message.id).collect::<Vec<_>>());
    let lengths = all(&parts).iter().map(|chunk| chunk.bubbles.len() as u64).collect::<Vec<_>>();
    assert_eq!(lengths, [CHUNK - 1, CHUNK, CHUNK, 8]);
}

#[test]
fn older_messages_leave_the_chunks_of_newer_ones_as_they_are() {
    let messages = many(3 * CHUNK);
    let newest = parts(&messages[CHUNK as usize + 5..], &[], None);
    let more = chunks(shown(&messages, &[], None), &newest);
    let same = |key| {
        let (before, after) = (chunk(&newest, key).expect("a chunk"), chunk(&more, key).expect("a chunk"));
        (before.bubbles.len(), Arc::ptr_eq(before, after))
    };
    assert_eq!(same((2, 0)), (CHUNK as usize, true));
    // It had begun in the middle.
    assert_eq!(same((1, 0)), (CHUNK as usize - 6, false));
}

#[test]
fn a_new_message_leaves_all_chunks_but_the_last_as_they_are() {
    let messages = many(3 * CHUNK);
    let before = parts(&messages[..messages.len() - 1], &[], None);
    let after = chunks(shown(&messages, &[], None), &before);
    let shared = all(&before).iter().zip(all(&after)).filter(|(one, other)| Arc::ptr_eq(one, other)).count();
    assert_eq!((shared, all(&after).len()), (2, 4));
}

#[test]
fn a_message_on_its_way_is_where_it_will_be_stored() {
    let messages = many(CHUNK + 2);
    let (stored, sent) = messages.split_at(CHUNK as usize);
    let outbox: Vec<_> =
        sent.iter().map(|sent| outgoing(sent.id.0.as_u128(), sent.created_at, None)).collect();
    let before = parts(stored, &outbox, None);
    let after = parts(&messages, &[], None);
    let keys = |parts: &[Part]| all(parts).iter().map(|chunk| chunk.key).collect::<Vec<_>>();
    assert_eq!(keys(&before), keys(&after));
    assert_eq!(ids(&before), ids(&after));
}

#[test]
fn a_refused_message_stays_in_its_chunk_whatever_comes_before_it() {
    let refused = AppError::new(ErrorCode::Unknown, "No.");
    let outbox = [
        outgoing(901, at("2026-11-23T11:00:00Z"), Some(refused)),
        outgoing(902, at("2026-11-23T11:00:00Z"), None),
    ];
    let last = |count| {
        let parts = parts(&many(count), &outbox, None);
        let mut keys: Vec<_> = all(&parts).iter().map(|chunk| chunk.key).collect();
        let ids: Vec<_> =
            all(&parts).last().expect("a chunk").bubbles.iter().map(|bubble| bubble.id).collect();
        let last = keys.last().copied();
        keys.dedup();
        assert_eq!(keys.len(), all(&parts).len(), "each key once");
        (last, ids)
    };
    let is = last(CHUNK - 2);
    assert_eq!(is.1, outbox.each_ref().map(|message| message.id));
    assert_eq!(is, last(CHUNK + 2));
}

#[test]
fn days_and_the_divider_lie_between_chunks_whose_keys_differ() {
    let mut messages = talk(&[(2, 0), (2, 0), (2, 0), (2, 0)]);
    // A clock that was put back.
    messages[1].created_at = at("2026-11-22T09:00:00Z");
    let parts = parts(&messages, &[], Some(3));
    let drawn: Vec<_> = parts
        .iter()
        .map(|part| match part {
            Part::Day(label, _) => label.clone(),
            Part::Unread => "|".to_owned(),
            Part::Chunk(chunk) => format!("{:?}", chunk.key),
        })
        .collect();
    let expected = ["Today", "(0, 0)", "Yesterday", "(0, 1)", "Today", "(0, 2)", "|", "(0, 3)"];
    assert_eq!(drawn, expected);
}

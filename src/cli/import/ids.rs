//! Ids that are the same in every run: made from the ids of the rows.

use model::{
    friendship::Pair,
    id::{ConversationId, FileId, MessageId, RequestId, UserId},
    time::Timestamp,
};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// The user of a row in `users`.
pub fn user(row: &str) -> UserId {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest("user", row.as_bytes())[..16]);
    UserId(Builder::from_custom_bytes(bytes).into_uuid())
}

/// The request of a row in `friend_requests`.
pub fn request(row: &str, sent_at: Timestamp) -> RequestId {
    RequestId(at(sent_at, digest("request", row.as_bytes())))
}

/// The request that two contacts must have begun with, where no row tells of it.
pub fn request_of(pair: Pair, since: Timestamp) -> RequestId {
    RequestId(at(since, digest("request of", &members(pair))))
}

/// The conversation of two contacts.
pub fn conversation(pair: Pair, since: Timestamp) -> ConversationId {
    ConversationId(at(since, digest("conversation", &members(pair))))
}

/// The message of a row in `messages`, or the `part` of it, from 0 on, where one has no room for all.
pub fn message(row: &str, part: usize, sent_at: Timestamp) -> MessageId {
    MessageId(at(
        sent_at,
        match part {
            0 => digest("message", row.as_bytes()),
            part => digest("part of a message", format!("{part} {row}").as_bytes()),
        },
    ))
}

/// The picture in a row in `messages`.
pub fn file(row: &str, sent_at: Timestamp) -> FileId {
    FileId(at(sent_at, digest("file", row.as_bytes())))
}

/// A UUIDv7, for ids from which a time is read.
fn at(moment: Timestamp, digest: [u8; 32]) -> Uuid {
    let mut random = [0; 10];
    random.copy_from_slice(&digest[..10]);
    Builder::from_unix_timestamp_millis(moment.0.max(0).unsigned_abs(), &random).into_uuid()
}

fn members(pair: Pair) -> Vec<u8> {
    [pair.min.0.into_bytes(), pair.max.0.into_bytes()].concat()
}

fn digest(kind: &str, of: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update("sotto import-chatroom\0")
        .chain_update(kind)
        .chain_update([0])
        .chain_update(of)
        .finalize()
        .into()
}

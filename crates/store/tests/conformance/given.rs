//! What a test begins with.

use super::Shared;
use model::{
    file::{FileName, MediaType},
    friendship::{Friendship, Move, Pair},
    id::{ConversationId, FileId, MessageId, UserId},
    mention::Mentions,
    message::MessageBody,
    time::Timestamp,
    user::{User, Username},
};
use std::future::Future;
use store::{
    Appended, FileFacts, FileLimits, NewAccount, NewFile, NewMessage, PasswordHash, Result, Store, StoredFile,
};

/// The moment at which tests take place: far ahead, because a database that sweeps away what has
/// expired goes by the real clock.
pub const NOW: Timestamp = Timestamp(4_102_444_800_000);

pub fn account(name: &str) -> NewAccount {
    NewAccount {
        id: UserId::new(),
        username: Username::parse(name).expect("a valid name"),
        password_hash: PasswordHash(format!("hash of {name}")),
        created_at: NOW,
    }
}

pub async fn user(store: &dyn Store, name: &str) -> User {
    store.create_user(account(name)).await.expect("a free name")
}

pub async fn users<const N: usize>(store: &dyn Store, names: [&str; N]) -> [UserId; N] {
    let mut ids = Vec::new();
    for name in names {
        ids.push(user(store, name).await.id);
    }
    ids.try_into().expect("as many as names")
}

/// Reads, decides and writes, as the server does, until nobody else was faster. `None`: there was
/// nothing to change, or it was not allowed.
pub async fn make_move(
    store: &dyn Store,
    pair: Pair,
    actor: UserId,
    action: Move,
    at: Timestamp,
) -> Option<Friendship> {
    loop {
        let before = store.friendship(pair).await.expect("an answer");
        let next = Friendship::after(before.as_ref(), pair, actor, action, at).ok().flatten()?;
        if store.commit_friendship(&next).await.expect("an answer") {
            return Some(next);
        }
    }
}

/// Makes two users contacts; returns their conversation.
pub async fn contacts(store: &dyn Store, a: UserId, b: UserId) -> ConversationId {
    let pair = Pair::of(a, b).expect("two people");
    make_move(store, pair, a, Move::Request, NOW).await.expect("a request");
    let accepted = make_move(store, pair, b, Move::Accept, NOW).await.expect("an acceptance");
    accepted.conversation.expect("a conversation")
}

/// Anna, Ben and their conversation.
pub async fn conversation(store: &dyn Store) -> (ConversationId, UserId, UserId) {
    let [anna, ben] = users(store, ["anna", "ben"]).await;
    (contacts(store, anna, ben).await, anna, ben)
}

pub fn message(conversation: ConversationId, sender: UserId, text: &str) -> NewMessage {
    NewMessage {
        id: MessageId::new(),
        conversation,
        sender,
        body: MessageBody::parse(text).expect("a valid text"),
        attachments: vec![],
        reply_to: None,
        mentions: Mentions::default(),
        created_at: NOW,
    }
}

pub async fn sent(store: &dyn Store, conversation: ConversationId, sender: UserId, text: &str) -> Appended {
    store.append_message(message(conversation, sender, text)).await.expect("a stored message")
}

/// When files expire that were not sent.
pub const EXPIRY: Timestamp = Timestamp(NOW.0 + 3_600_000);
/// More than a test needs.
pub const ROOM: FileLimits = FileLimits { quota: 1 << 30, uploads: 1000 };

pub fn new_file(owner: UserId, size: u64) -> NewFile {
    let (name, kind) = (FileName::of("duck.png"), MediaType::of("image/png"));
    NewFile { id: FileId::new(), owner, name, size, kind, created_at: NOW, expires_at: EXPIRY }
}

pub fn facts(size: u64) -> FileFacts {
    FileFacts {
        size,
        kind: MediaType::of("image/png"),
        sha256: [7; 32],
        width: None,
        height: None,
        duration: None,
        placeholder: None,
        expires_at: EXPIRY,
    }
}

/// A file of seven bytes that can be sent.
pub async fn file(store: &dyn Store, owner: UserId) -> StoredFile {
    let new = new_file(owner, 7);
    store.create_file(new.clone(), ROOM).await.expect("room");
    assert_eq!(store.advance_upload(new.id, 0, 7, EXPIRY).await, Ok(true));
    store.finish_upload(new.id, facts(7)).await.expect("an answer").expect("a file")
}

/// A message with files and without words.
pub fn with_files(conversation: ConversationId, sender: UserId, files: &[&StoredFile]) -> NewMessage {
    let body = MessageBody::beside_files("").expect("nothing");
    let attachments = files.iter().map(|file| file.attachment(None)).collect();
    NewMessage { body, attachments, ..message(conversation, sender, "words") }
}

/// Sends several messages, numbered from 1.
pub async fn many_sent(store: &dyn Store, conversation: ConversationId, sender: UserId, count: u64) {
    let all = (1..=count).map(|n| store.append_message(message(conversation, sender, &n.to_string())));
    // In order: the futures of one `join_all` are polled, and so queued, one after the other.
    for stored in futures::future::join_all(all).await {
        stored.expect("a stored message");
    }
}

/// Runs `task` for every number below `count`, all at the same moment.
pub async fn at_once<T, F>(store: &Shared, count: usize, task: impl Fn(Shared, usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let tasks: Vec<_> = (0..count).map(|n| tokio::spawn(task(store.clone(), n))).collect();
    let outcomes = futures::future::join_all(tasks).await;
    outcomes.into_iter().map(|outcome| outcome.expect("a task that does not panic")).collect()
}

/// How many of them succeeded.
pub fn successes<T>(outcomes: &[Result<T>]) -> usize {
    outcomes.iter().filter(|outcome| outcome.is_ok()).count()
}

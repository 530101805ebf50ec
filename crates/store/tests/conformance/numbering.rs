//! Version n + 1 is never visible before n, and none is missing.

use super::{Backend, given};
use model::{id::ConversationId, message::Message};
use std::sync::Arc;
use store::Store;

const WRITERS: usize = 32;
const EACH: usize = 8;
const ALL: u64 = (WRITERS * EACH) as u64;

pub async fn conversations_are_numbered_on_their_own(place: impl Backend) {
    let store = place.open().await;
    let (one, anna, _) = given::conversation(&*store).await;
    let [cleo] = given::users(&*store, ["cleo"]).await;
    let other = given::contacts(&*store, anna, cleo).await;
    for number in 1..=3 {
        for conversation in [one, other] {
            let stored = given::sent(&*store, conversation, anna, "text").await.message;
            assert_eq!((stored.seq, stored.version), (number, number));
        }
    }
}

pub async fn thirty_two_writers_leave_no_gap(place: impl Backend) {
    let store = place.open().await;
    let (conversation, anna, ben) = given::conversation(&*store).await;
    let written = given::at_once(&store, WRITERS, |store, n| async move {
        let mut acknowledged: Vec<Arc<Message>> = Vec::new();
        for _ in 0..EACH {
            acknowledged.push(given::sent(&*store, conversation, [anna, ben][n % 2], "text").await.message);
        }
        acknowledged
    })
    .await;
    for one in &written {
        assert!(one.is_sorted_by(|a, b| a.seq < b.seq), "a sender's messages keep their order");
    }
    let mut acknowledged: Vec<_> = written.into_iter().flatten().collect();
    acknowledged.sort_by_key(|message| message.seq);
    let stored = store.changes(conversation, 0, usize::MAX).await.expect("an answer");
    assert_eq!(stored.messages, acknowledged, "each is where its sender was told");
    assert!(stored.messages.iter().map(|message| message.version).eq(1..=ALL));
    let head = store.summary(conversation, anna).await.expect("an answer").expect("a summary").head;
    assert_eq!(head, ALL);
}

pub async fn a_reader_never_sees_a_gap(place: impl Backend) {
    let store = place.open().await;
    let (conversation, anna, _) = given::conversation(&*store).await;
    let readers: Vec<_> =
        (0..3).map(|_| tokio::spawn(read_until_all_are_there(store.clone(), conversation))).collect();
    given::at_once(&store, WRITERS, |store, _| async move {
        for _ in 0..EACH {
            let stored = given::sent(&*store, conversation, anna, "text").await.message;
            let seen = store.changes(conversation, stored.version - 1, 1).await.expect("an answer");
            assert_eq!(seen.messages, [stored], "what was acknowledged can be read");
        }
    })
    .await;
    for reader in readers {
        reader.await.expect("a reader that saw no gap");
    }
}

async fn read_until_all_are_there(store: Arc<dyn Store>, conversation: ConversationId) {
    let mut cursor = 0;
    while cursor < ALL {
        let news = store.changes(conversation, cursor, 50).await.expect("an answer");
        for message in news.messages {
            assert_eq!(message.version, cursor + 1, "a gap");
            cursor = message.version;
        }
        tokio::task::yield_now().await;
    }
}

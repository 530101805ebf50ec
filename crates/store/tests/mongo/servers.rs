//! Several servers on one database: nothing in the memory of one keeps the numbers right.

use crate::{
    backend::Backend,
    conformance::given,
    mongod::{Database, ReplicaSet},
};
use model::id::MessageId;

const SERVERS: usize = 8;
const WRITERS: usize = 2;
const EACH: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_servers_number_one_conversation_without_a_gap() {
    let place = Database::<ReplicaSet>::default();
    let first = place.open().await;
    let (conversation, anna, ben) = given::conversation(&*first).await;
    let mut writing = Vec::new();
    for n in 0..SERVERS {
        let store = place.open().await;
        writing.push(tokio::spawn(async move {
            let stored = given::at_once(&store, WRITERS, |store, _| async move {
                let mut stored: Vec<(u64, MessageId)> = Vec::new();
                for _ in 0..EACH {
                    let message =
                        given::sent(&*store, conversation, [anna, ben][n % 2], "text").await.message;
                    stored.push((message.seq, message.id));
                }
                stored
            })
            .await;
            store.close().await;
            stored.concat()
        }));
    }
    let mut acknowledged = Vec::new();
    for stored in writing {
        acknowledged.extend(stored.await.expect("a server that does not panic"));
    }
    acknowledged.sort_unstable();
    let all = first.changes(conversation, 0, usize::MAX).await.expect("an answer").messages;
    let all: Vec<_> = all.iter().map(|message| (message.seq, message.id)).collect();
    assert_eq!(all, acknowledged);
    assert!(all.iter().map(|(seq, _)| *seq).eq(1..=(SERVERS * WRITERS * EACH) as u64));
    first.close().await;
}

//! The database is killed under load and comes back: what was acknowledged is there, once and in
//! order, and nobody has to do anything.

use crate::{
    app::{Person, TestApp, message_id},
    mongod::{Database, Process, ReplicaSet, named, until},
};
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{net::TcpListener, task::spawn_blocking, time::sleep};

/// How many messages each of the two writes.
const EACH: usize = 60;

/// How often something came of a message.
#[derive(Default)]
struct Came {
    acknowledged: AtomicUsize,
    refused: AtomicUsize,
}

/// Writes as a device does, over one socket that stays open: the same message again until it is
/// acknowledged, then the next. Returns what was acknowledged.
async fn write_all(person: Person, conversation: String, came: Arc<Came>) -> Vec<(u64, String)> {
    let mut socket = person.socket().await;
    let mut acknowledged = Vec::new();
    for n in 0..EACH {
        let id = message_id();
        loop {
            socket
                .say(json!({
                    "type": "send_private_message", "id": id, "conversation_id": conversation,
                    "body": format!("{} {n}", person.name),
                }))
                .await;
            let answer = socket.hear_any(&["message_acked", "message_refused", "error"]).await;
            match answer["type"].as_str() {
                Some("message_acked") if answer["id"] == id.as_str() => {
                    acknowledged.push((answer["seq"].as_u64().expect("a seq"), id));
                    came.acknowledged.fetch_add(1, Ordering::Relaxed);
                    break;
                }
                Some("error") => {
                    assert_eq!(answer["error"]["code"], "unavailable", "{answer}");
                    came.refused.fetch_add(1, Ordering::Relaxed);
                    sleep(Duration::from_millis(200)).await;
                }
                _ => panic!("{answer}"),
            }
        }
    }
    acknowledged
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_database_is_killed_and_all_go_on_by_themselves() {
    if named().is_some() {
        return;
    }
    let server = spawn_blocking(|| Process::start_durable(false)).await.expect("a server");
    let place = Database::<ReplicaSet>::at(server.uri());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let app = TestApp::over(place, listener, |config| config.limits.rates = false);
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let tablet = ada.on_another_device().await;

    let came = Arc::new(Came::default());
    let writing =
        [ada, ben].map(|person| tokio::spawn(write_all(person, conversation.clone(), came.clone())));
    until("some messages", async || came.acknowledged.load(Ordering::Relaxed) > EACH / 2).await;
    let server = spawn_blocking(move || {
        server.kill();
        server
    });
    let mut server = server.await.expect("a kill");
    assert!(came.acknowledged.load(Ordering::Relaxed) < EACH * 2, "killed in the middle");
    assert_eq!(tablet.get("/health/ready").await.status, 503);
    tablet.get("/api/conversations").await.refused(503, "unavailable");
    assert_eq!(tablet.get("/health/live").await.status, 200);
    // Back before anybody has given up waiting it would not have been missed.
    until("a refusal", async || came.refused.load(Ordering::Relaxed) > 0).await;
    let _server = spawn_blocking(move || {
        server.run();
        server
    })
    .await
    .expect("a restart");
    until("the store", async || tablet.get("/health/ready").await.status == 200).await;

    let mut acknowledged = Vec::new();
    for writer in writing {
        let own = writer.await.expect("a writer that comes through");
        assert!(own.is_sorted(), "each sender's messages keep their order");
        acknowledged.extend(own);
    }
    acknowledged.sort_unstable();

    let snapshot = tablet.resume(json!({ conversation.as_str(): 0 })).await.snapshot;
    let stored = snapshot["missed"].as_array().expect("a list").iter();
    let stored = stored.map(|message| {
        let id = message["id"].as_str().expect("an id").to_owned();
        (message["seq"].as_u64().expect("a seq"), id)
    });
    assert_eq!(stored.collect::<Vec<_>>(), acknowledged, "each once, in its place");
    assert!(acknowledged.iter().map(|(seq, _)| *seq).eq(1..=2 * EACH as u64), "no gap");
    drop(app);
}

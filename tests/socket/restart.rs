//! A server that stops says so.

use crate::{
    Usual,
    app::{TestApp, narrow_listener},
    backend::{Backend, Shared},
};
use model::event::close;
use serde_json::json;
use sotto::web;
use std::{net::SocketAddr, sync::Arc};

/// A place that outlives its server.
#[derive(Clone, Default)]
struct Kept(Arc<Usual>);

#[async_trait::async_trait]
impl Backend for Kept {
    async fn open(&self) -> Shared {
        self.0.open().await
    }
}

#[tokio::test]
async fn a_stop_is_announced_on_every_socket_before_it_closes() {
    let mut app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let (mut a, mut b) = (ada.socket().await, ben.socket().await);
    // One that has not said anything yet is told as well.
    let mut silent = ada.connect().await.expect("an open socket");
    a.write(&conversation, "before the restart").await;
    a.hear("message_acked").await;
    app.stop();
    for socket in [&mut a, &mut b, &mut silent] {
        let event = socket.hear("going_away").await;
        assert!(event["reconnect_after_ms"].as_u64().is_some_and(|wait| wait > 0), "{event}");
        assert_eq!(socket.closed().await, close::RESTART);
    }
    assert_eq!(b.hear_bodies(1).await, ["before the restart"], "what waited was sent first");
}

#[tokio::test]
async fn a_stop_does_not_wait_for_idle_connections() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let mut socket = ada.socket().await;
    socket.resume(json!({})).await;
    let began = std::time::Instant::now();
    drop(app);
    assert!(began.elapsed().as_secs() < 4, "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_waits_for_what_is_still_on_its_way() {
    let mut app = TestApp::on(narrow_listener(), |config| config.limits.rates = false);
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let mut slow = ada.connect_narrowly().await.expect("an open socket");
    slow.resume(json!({})).await;
    let mut writer = ben.socket().await;
    let body = "🦆".repeat(3990);
    for _ in 0..100 {
        writer.write(&conversation, &body).await;
        writer.hear("message_acked").await;
    }
    app.stop();
    writer.hear("going_away").await;
    slow.hear("going_away").await;
    assert_eq!(slow.take_heard("new_message").len(), 100, "what waited was sent first");
    assert_eq!(slow.closed().await, close::RESTART);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_stored_before_a_stop_is_acknowledged_before_the_socket_closes() {
    let place = Kept::default();
    let listener = web::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
    let mut app = TestApp::over(place.clone(), listener, |config| config.limits.rates = false);
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let mut writer = ada.socket().await;
    let mut written = Vec::new();
    for n in 0..200 {
        written.push(writer.write(&conversation, &n.to_string()).await);
    }
    // Some are stored, some are being stored, some have not been read.
    writer.hear("message_acked").await;
    app.stop();
    assert_eq!(writer.closed().await, close::RESTART);
    let acknowledged = 1 + writer.take_heard("message_acked").len();
    drop(app);

    let store = place.open().await;
    let stored = store.changes(conversation.parse().expect("an id"), 0, 1000).await.expect("an answer");
    let stored: Vec<_> = stored.messages.iter().map(|message| message.id.to_string()).collect();
    assert_eq!(stored, written[..acknowledged], "what is there was acknowledged, and in order");
}

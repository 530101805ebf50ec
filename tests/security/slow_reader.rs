//! Who does not read is disconnected; nobody waits for them, and they lose nothing.

use crate::app::{NO_CLOSE_FRAME, TestApp, narrow_listener};
use model::event::close;
use serde_json::json;

/// More than the queue of one socket and the buffers of a narrow connection hold.
const FLOOD: usize = 300;
/// Frames that may wait for one socket.
const QUEUE: usize = 256;
/// A little more than the queue and one frame under way.
const SURELY_FULL: usize = QUEUE + 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_never_reads_is_closed_and_resumes_without_loss() {
    let app = TestApp::on(narrow_listener(), |config| config.limits.rates = false);
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let mut slow = ada.connect_narrowly().await.expect("an open socket");
    slow.resume(json!({})).await;
    let mut quick = ada.socket().await;
    let mut writer = ben.socket().await;

    let bodies: Vec<_> = (0..FLOOD).map(|n| format!("{n} {}", "🦆".repeat(3990))).collect();
    let reading = tokio::spawn(async move {
        let heard = quick.hear_bodies(FLOOD).await;
        (quick, heard)
    });
    for body in &bodies {
        writer.write(&conversation, body).await;
        writer.hear("message_acked").await;
    }
    let (_quick, heard) = reading.await.expect("no panic");
    assert!(heard == bodies, "the other device got everything, in order");

    // It may have been dropped already, if it took the server too long to say goodbye.
    let code = slow.closed().await;
    assert!([close::TOO_SLOW, NO_CLOSE_FRAME].contains(&code), "{code}");
    let before: Vec<_> = slow.take_heard("new_message");
    assert!(before.len() < FLOOD);

    // A device applies what comes in order, and catches up after the first gap.
    let mut cursor = 0;
    for event in &before {
        if event["message"]["version"] == cursor + 1 {
            cursor += 1;
        }
    }
    let back = ada.resume(json!({ conversation.as_str(): cursor })).await;
    let mut missed: Vec<_> = back.snapshot["missed"].as_array().expect("a list").clone();
    if back.snapshot["stale"] == json!([conversation]) {
        cursor = 0;
        let mut before = FLOOD + 1;
        while before > 1 {
            let page = ada.history(&conversation, &format!("before={before}&limit=100")).await.ok();
            let page = page["messages"].as_array().expect("a list").clone();
            before = page[0]["seq"].as_u64().expect("a seq") as usize;
            missed.splice(0..0, page);
        }
    }
    let versions: Vec<_> = missed.iter().map(|message| message["version"].as_u64()).collect();
    let expected: Vec<_> = (cursor + 1..=FLOOD as u64).map(Some).collect();
    assert_eq!(versions, expected, "nothing is missing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_reads_again_in_time_learns_why_it_was_closed() {
    let app = TestApp::on(narrow_listener(), |config| config.limits.rates = false);
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let mut slow = ada.connect_narrowly().await.expect("an open socket");
    slow.resume(json!({})).await;
    let mut writer = ben.socket().await;
    let body = "🦆".repeat(3990);
    for _ in 0..FLOOD {
        writer.write(&conversation, &body).await;
    }
    // By now its queue is full; soon it would be dropped without a word.
    for _ in 0..SURELY_FULL {
        writer.hear("message_acked").await;
    }
    assert_eq!(slow.closed().await, close::TOO_SLOW);
    let versions: Vec<_> = slow.take_heard("new_message");
    let versions: Vec<_> = versions.iter().map(|event| event["message"]["version"].as_u64()).collect();
    let contiguous: Vec<_> = (1..=versions.len() as u64).map(Some).collect();
    assert_eq!(versions, contiguous, "what it got before has no gap");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_never_reads_holds_its_queue_at_most_and_is_let_go() {
    let app = TestApp::on(narrow_listener(), |config| config.limits.rates = false);
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    // Never read from, and not closed by its owner until the end.
    let mut silent = ada.connect_narrowly().await.expect("an open socket");
    silent.resume(json!({})).await;
    let mut quick = ada.socket().await;
    let mut writer = ben.socket().await;
    let body = "🦆".repeat(3990);
    let mut longest = 0;
    for _ in 0..2 * FLOOD {
        writer.write(&conversation, &body).await;
        writer.hear("message_acked").await;
        quick.hear("new_message").await;
        longest = longest.max(app.state.live.hub().load().longest_queue);
    }
    assert!(longest <= QUEUE, "{longest} frames were kept for one socket");
    assert!(longest > QUEUE / 2, "it was slow: {longest}");
    while app.state.live.hub().load().sockets > 2 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(app.state.live.hub().load().frames_waiting, 0, "nothing is kept for one that was let go");
    let back = ada.resume(json!({ conversation.as_str(): 2 * FLOOD - 7 })).await;
    assert_eq!(back.snapshot["missed"].as_array().map(Vec::len), Some(7));
    drop(silent);
}

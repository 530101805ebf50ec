//! Order: every device hears the versions of a conversation one after the other.

use crate::app::{Socket, TestApp};

const EACH: usize = 100;

/// Versions in the order in which a device learnt of them, from news and acknowledgements.
async fn versions(socket: &mut Socket, own: usize, others: usize) -> Vec<u64> {
    let version = |event: &serde_json::Value| {
        let version = event.get("version").or_else(|| event["message"].get("version"));
        version.and_then(serde_json::Value::as_u64)
    };
    let mut versions = Vec::new();
    while versions.len() < own + others {
        versions.extend(version(&socket.hear_any(&["message_acked", "new_message"]).await));
    }
    versions
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_messages_from_both_sides_come_by_version_without_gaps_on_every_device() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let (mut a, mut b) = (ada.socket().await, ben.socket().await);
    let (mut a2, mut b2) = (ada.socket().await, ben.socket().await);
    futures::join!(
        async {
            for n in 0..EACH {
                a.write(&conversation, &format!("ada {n}")).await;
            }
        },
        async {
            for n in 0..EACH {
                b.write(&conversation, &format!("ben {n}")).await;
            }
        }
    );
    let all: Vec<_> = (1..=2 * EACH as u64).collect();
    for device in [&mut a, &mut b] {
        assert_eq!(versions(device, EACH, EACH).await, all, "a device that sent");
    }
    for device in [&mut a2, &mut b2] {
        assert_eq!(versions(device, 0, 2 * EACH).await, all, "another device");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_device_sends_keeps_its_order() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let (mut sender, mut recipient) = (ada.socket().await, ben.socket().await);
    let bodies: Vec<_> = (0..EACH).map(|n| n.to_string()).collect();
    for body in &bodies {
        sender.write(&conversation, body).await;
    }
    assert_eq!(recipient.hear_bodies(EACH).await, bodies);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_sent_is_stored_also_if_the_sender_leaves_at_once() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let (mut sender, mut recipient) = (ada.socket().await, ben.socket().await);
    sender.write(&conversation, "one last thing").await;
    sender.leave().await;
    assert_eq!(recipient.hear_bodies(1).await, ["one last thing"]);
}

//! Read cursors.

use crate::app::{Person, Socket, TestApp};
use serde_json::{Value, json};

async fn mark(socket: &mut Socket, conversation: &str, seq: u64) {
    socket.say(json!({ "type": "mark_read", "conversation_id": conversation, "seq": seq })).await;
}

async fn summary(person: &Person) -> Value {
    person.get("/api/conversations").await.ok()[0].clone()
}

#[tokio::test]
async fn reading_moves_the_cursor_for_both_and_counts_for_oneself() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    for n in 1..=3 {
        ben.write(&conversation, &n.to_string()).await;
    }
    let (mut reader, mut tablet, mut writer) = (ada.socket().await, ada.socket().await, ben.socket().await);
    mark(&mut reader, &conversation, 2).await;
    for own in [&mut reader, &mut tablet] {
        let moved = own.hear("read_cursor_moved").await;
        assert_eq!((&moved["conversation_id"], &moved["user_id"]), (&json!(conversation), &json!(ada.id)));
        assert_eq!((&moved["seq"], &moved["unread"]), (&json!(2), &json!(1)));
    }
    let moved = writer.hear("read_cursor_moved").await;
    assert_eq!((&moved["user_id"], &moved["seq"]), (&json!(ada.id), &json!(2)));
    assert!(moved.get("unread").is_none(), "nobody learns how much others have left to read: {moved}");

    assert_eq!(summary(&ada).await["unread"], 1);
    assert_eq!(summary(&ada).await["read"][&ada.id], 2);
    assert_eq!(summary(&ben).await["read"][&ada.id], 2);
}

#[tokio::test]
async fn a_cursor_only_grows_and_stops_at_the_head() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    for n in 1..=3 {
        ben.write(&conversation, &n.to_string()).await;
    }
    let mut reader = ada.socket().await;
    for seq in [2, 1, 2, u64::MAX] {
        mark(&mut reader, &conversation, seq).await;
    }
    let seqs = [reader.hear("read_cursor_moved").await, reader.hear("read_cursor_moved").await];
    assert_eq!((&seqs[0]["seq"], &seqs[1]["seq"]), (&json!(2), &json!(3)), "backwards is not told");
    assert_eq!(seqs[1]["unread"], 0);
}

#[tokio::test]
async fn nobody_reads_in_conversations_of_others() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    ada.write(&conversation, "between us").await;
    let eve = app.person("eve").await;
    let mut socket = eve.socket().await;
    mark(&mut socket, &conversation, 1).await;
    assert_eq!(socket.hear("error").await["error"]["code"], "not_found");
    assert!(summary(&ada).await["read"].get(&eve.id).is_none());
}

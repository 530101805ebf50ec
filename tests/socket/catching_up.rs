//! Beginning, and going on after an absence.

use crate::app::{Person, TestApp};
use serde_json::{Value, json};

/// What a device that has everything up to `cursor` gets.
async fn resumed(person: &Person, conversation: &str, cursor: u64) -> Value {
    person.resume(json!({ conversation: cursor })).await.snapshot
}

fn versions(snapshot: &Value) -> Vec<u64> {
    let missed = snapshot["missed"].as_array().expect("a list").iter();
    missed.map(|message| message["version"].as_u64().expect("a version")).collect()
}

#[tokio::test]
async fn the_answer_holds_all_that_a_device_begins_with() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let (cleo, dora) = (app.person("cleo").await, app.person("dora").await);
    cleo.ask(&ada).await;
    ada.ask(&dora).await;
    let message = ben.write(&conversation, "hello").await;
    let _online = ben.socket().await;

    let snapshot = ada.socket().await.snapshot;
    assert_eq!(snapshot["me"], json!({ "id": ada.id, "username": "ada" }));
    assert_eq!(snapshot["contacts"], ada.get("/api/contacts").await.ok());
    assert_eq!(
        (&snapshot["contacts"][0]["id"], &snapshot["contacts"][0]["online"]),
        (&json!(ben.id), &json!(true))
    );
    assert_eq!(snapshot["requests"], ada.get("/api/friend-requests/pending").await.ok());
    assert_eq!(snapshot["requests"]["incoming"][0]["user"]["username"], "cleo");
    assert_eq!(snapshot["requests"]["outgoing"][0]["user"]["username"], "dora");
    assert_eq!(snapshot["conversations"], ada.get("/api/conversations").await.ok());
    assert_eq!(snapshot["conversations"][0]["last_message"], message);
    assert_eq!((&snapshot["missed"], &snapshot["stale"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn what_was_missed_comes_from_the_cursor_on() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    for n in 1..=5 {
        ben.write(&conversation, &n.to_string()).await;
    }
    let snapshot = resumed(&ada, &conversation, 2).await;
    assert_eq!(versions(&snapshot), [3, 4, 5]);
    assert_eq!(snapshot["missed"][0]["body"], "3");
    assert!(versions(&resumed(&ada, &conversation, 5).await).is_empty());
    assert_eq!(versions(&resumed(&ada, &conversation, 0).await), [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn a_device_that_comes_back_misses_nothing() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let mut before = ada.socket().await;
    ben.write(&conversation, "1").await;
    assert_eq!(before.hear_bodies(1).await, ["1"]);
    before.leave().await;
    ben.write(&conversation, "2").await;
    let mut after = ada.resume(json!({ conversation.as_str(): 1 })).await;
    assert_eq!(versions(&after.snapshot), [2]);
    ben.write(&conversation, "3").await;
    assert_eq!(after.hear_bodies(1).await, ["3"]);
}

#[tokio::test]
async fn an_open_socket_catches_up_in_the_same_way() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let mut socket = ada.socket().await;
    ben.write(&conversation, "1").await;
    ben.write(&conversation, "2").await;
    let snapshot = socket.resume(json!({ conversation.as_str(): 1 })).await;
    assert_eq!(versions(&snapshot), [2]);
}

#[tokio::test]
async fn up_to_200_messages_are_caught_up_and_beyond_a_conversation_is_stale() {
    let app = TestApp::without_rates().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let mut writer = ben.socket().await;
    for n in 1..=201 {
        writer.write(&conversation, &n.to_string()).await;
    }
    for _ in 1..=201 {
        writer.hear("message_acked").await;
    }
    let enough = resumed(&ada, &conversation, 1).await;
    assert_eq!(versions(&enough), (2..=201).collect::<Vec<_>>());
    assert_eq!(enough["stale"], json!([]));

    let too_many = resumed(&ada, &conversation, 0).await;
    assert_eq!((versions(&too_many), &too_many["stale"]), (vec![], &json!([conversation])));
}

#[tokio::test]
async fn a_cursor_from_another_history_is_stale() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    ben.write(&conversation, "1").await;
    for cursor in [7, u64::MAX] {
        assert_eq!(resumed(&ada, &conversation, cursor).await["stale"], json!([conversation]));
    }
}

#[tokio::test]
async fn cursors_of_conversations_of_others_are_passed_over() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    ada.write(&conversation, "between us").await;
    let eve = app.person("eve").await;
    let snapshot = resumed(&eve, &conversation, 0).await;
    assert_eq!((&snapshot["missed"], &snapshot["stale"]), (&json!([]), &json!([])));
    assert_eq!(snapshot["conversations"], json!([]));
}

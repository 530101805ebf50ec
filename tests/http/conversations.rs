//! Conversations, and sending into them.

use crate::app::{TestApp, message_id};
use serde_json::json;

#[tokio::test]
async fn conversations_come_with_head_unread_and_the_newest_message() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let empty = ada.get("/api/conversations").await.ok();
    assert_eq!((&empty[0]["id"], &empty[0]["kind"]), (&json!(conversation), &json!("direct")));
    assert_eq!((&empty[0]["head"], &empty[0]["last_message"]), (&json!(0), &json!(null)));

    ben.write(&conversation, "one").await;
    let last = ben.write(&conversation, "two").await;
    let of_ada = ada.get("/api/conversations").await.ok();
    assert_eq!((&of_ada[0]["head"], &of_ada[0]["unread"]), (&json!(2), &json!(2)));
    assert_eq!(of_ada[0]["last_message"], last);
    let mut members: Vec<_> = of_ada[0]["members"].as_array().expect("a list").clone();
    members.sort_by_key(|id| id.to_string());
    let mut expected = [json!(ada.id), json!(ben.id)];
    expected.sort_by_key(|id| id.to_string());
    assert_eq!(members, expected);

    let of_ben = ben.get("/api/conversations").await.ok();
    assert_eq!(of_ben[0]["unread"], 0, "one's own words are not unread");
    assert_eq!(app.person("eve").await.get("/api/conversations").await.ok(), json!([]));
}

#[tokio::test]
async fn a_message_is_answered_as_stored() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let first = ben.write(&conversation, "first").await;
    let id = message_id();
    let path = format!("/api/conversations/{conversation}/messages");
    let sent = ada
        .post(&path, json!({ "id": id, "body": "  two\r\nlines \n", "reply_to": first["id"], "new": 1 }))
        .await
        .ok();
    assert_eq!((&sent["id"], &sent["sender"]), (&json!(id), &json!(ada.id)));
    assert_eq!((&sent["seq"], &sent["version"], &sent["kind"]), (&json!(2), &json!(2), &json!("text")));
    assert_eq!((&sent["body"], &sent["reply_to"]), (&json!("two\nlines"), &first["id"]));
    assert_eq!(sent["conversation_id"], conversation.as_str());
    assert!(sent["created_at"].as_str().is_some_and(|at| at.ends_with('Z')), "{sent}");
}

#[tokio::test]
async fn the_same_id_again_is_the_same_message() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let id = message_id();
    let first = ada.try_write(&conversation, &id, "once").await.ok();
    ada.write(&conversation, "between").await;
    let again = ada.try_write(&conversation, &id, "twice").await.ok();
    assert_eq!(again, first);
    let history = ada.history(&conversation, "").await.ok();
    assert_eq!(history["messages"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn an_id_of_somebody_else_is_refused() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let id = message_id();
    ada.try_write(&conversation, &id, "mine").await.ok();
    ben.try_write(&conversation, &id, "no, mine").await.refused(409, "id_taken");
}

#[tokio::test]
async fn a_conversation_of_others_looks_like_none_to_readers_and_writers() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    ada.write(&conversation, "between us").await;
    let eve = app.person("eve").await;
    let none = message_id();
    let read = eve.history(&conversation, "").await;
    read.refused(404, "not_found");
    assert_eq!(read.text, eve.history(&none, "").await.text);
    let written = eve.try_write(&conversation, &message_id(), "me too").await;
    written.refused(404, "not_found");
    assert_eq!(written.text, eve.try_write(&none, &message_id(), "me too").await.text);
    eve.history("no-id", "").await.refused(404, "not_found");
    assert_eq!(ada.history(&conversation, "").await.ok()["messages"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_message_has_1_to_4000_characters() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    for body in ["", " \n\t ", "\u{0}\u{7}", &"x".repeat(4001)] {
        let answer = ada.try_write(&conversation, &message_id(), body).await;
        assert_eq!(answer.refused(422, "invalid_message").as_deref(), Some("body"));
    }
    for body in ["x".repeat(4000), "🦆".repeat(4000)] {
        assert_eq!(ada.write(&conversation, &body).await["body"], body);
    }
    assert_eq!(ada.get("/api/conversations").await.ok()[0]["head"], 2, "a refusal takes no number");
}

#[tokio::test]
async fn a_message_that_cannot_be_read_is_malformed() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let path = format!("/api/conversations/{conversation}/messages");
    for body in [json!({}), json!({ "id": message_id() }), json!({ "id": "none", "body": "x" }), json!([])] {
        ada.post(&path, body).await.refused(400, "malformed");
    }
}

//! Frames that are answered with an error, and others that are not.

use crate::app::{Socket, TestApp};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

async fn hear_error(socket: &mut Socket) -> String {
    let event = socket.hear("error").await;
    let error = &event["error"];
    assert!(error["message"].is_string(), "the same shape as over HTTP: {event}");
    error["code"].as_str().expect("a code").to_owned()
}

#[tokio::test]
async fn what_cannot_be_understood_is_answered_and_the_socket_stays_open() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let mut socket = ada.socket().await;
    for text in
        ["", "{", "null", "[]", "7", "\"resume\"", "{}", r#"{"type":7}"#, r#"{"type":"no_such_type"}"#]
    {
        socket.say_raw(Message::text(text)).await;
        assert_eq!(hear_error(&mut socket).await, "malformed", "{text}");
    }
    for event in [
        json!({ "type": "resume" }),
        json!({ "type": "resume", "cursors": { "no id": 1 } }),
        json!({ "type": "resume", "cursors": { conversation.as_str(): -1 } }),
        json!({ "type": "load_conversation" }),
        json!({ "type": "load_conversation", "conversation_id": { "$ne": null } }),
        json!({ "type": "send_private_message", "conversation_id": conversation, "body": "no id" }),
        json!({ "type": "mark_read", "conversation_id": conversation, "seq": "1" }),
    ] {
        socket.say(event.clone()).await;
        assert_eq!(hear_error(&mut socket).await, "malformed", "{event}");
    }
    socket.say_raw(Message::binary(vec![1, 2, 3])).await;
    assert_eq!(hear_error(&mut socket).await, "malformed");

    ben.write(&conversation, "still there").await;
    assert_eq!(socket.hear_bodies(1).await, ["still there"]);
}

#[tokio::test]
async fn unknown_fields_are_ignored() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let mut socket = ada.connect().await.expect("an open socket");
    socket.say(json!({ "type": "resume", "cursors": {}, "new": { "a": 1 } })).await;
    socket.hear("resumed").await;
    socket
        .say(json!({
            "type": "send_private_message", "id": crate::app::message_id(), "conversation_id": conversation,
            "body": "hi", "new": [1, 2],
        }))
        .await;
    socket.hear("message_acked").await;
}

#[tokio::test]
async fn a_ping_is_answered() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let mut socket = ada.socket().await;
    socket.say_raw(Message::Ping(vec![1].into())).await;
    // The answer to the next frame comes behind it.
    socket.resume(json!({})).await;
}

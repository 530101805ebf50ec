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

#[tokio::test]
async fn every_frame_of_the_corpus_is_answered_and_the_socket_stays_open() {
    let app = TestApp::without_rates().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let mut socket = ada.socket().await;
    for (name, frame) in crate::corpus::frames("client") {
        socket.say_raw(Message::text(frame)).await;
        // The frames are about conversations and people that do not exist.
        let answer = socket.hear_any(&["error", "resumed", "message_refused"]).await;
        if name.starts_with("bad-") {
            assert_eq!(answer["error"]["code"], "malformed", "{name}: {answer}");
        }
    }
    socket.write(&conversation, "still there").await;
    socket.hear("message_acked").await;
}

#[tokio::test]
async fn a_first_frame_that_is_no_resume_is_answered_as_any_other() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    for frame in ["{", "{\"type\":\"no_such_type\"}"] {
        let mut socket = ada.connect().await.expect("an open socket");
        socket.say_raw(Message::text(frame)).await;
        assert_eq!(hear_error(&mut socket).await, "malformed");
        socket.resume(json!({})).await;
    }
    let mut socket = ada.connect().await.expect("an open socket");
    socket.write(&conversation, "in a hurry").await;
    socket.hear("message_acked").await;
    ben.write(&conversation, "hello").await;
    assert_eq!(socket.hear_bodies(1).await, ["hello"]);
}

#[tokio::test]
async fn resuming_twice_at_once_is_answered_twice() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    ben.write(&conversation, "one").await;
    let mut socket = ada.connect().await.expect("an open socket");
    for cursor in [0, 1] {
        socket.say(json!({ "type": "resume", "cursors": { conversation.as_str(): cursor } })).await;
    }
    for missed in [1, 0] {
        let snapshot = socket.hear("resumed").await;
        assert_eq!(snapshot["missed"].as_array().map(Vec::len), Some(missed));
    }
}

#[tokio::test]
async fn who_stops_speaking_is_let_go() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let (mut silent, mut other) = (ada.socket().await, ada.socket().await);
    silent.stop_speaking().await;
    silent.closed().await;
    while app.state.live.hub().load().sockets > 1 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    ben.write(&conversation, "still there").await;
    assert_eq!(other.hear_bodies(1).await, ["still there"]);
}

#[tokio::test]
async fn a_frame_without_a_meaning_to_the_protocol_closes_the_socket_and_no_other() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    // Reserved bits and opcodes, a pong that is too long, a text that is no UTF-8 (all masked).
    for bytes in [
        &[0xf1, 0x80, 0, 0, 0, 0][..],
        &[0x83, 0x80, 0, 0, 0, 0],
        &[&[0x8a, 0xfe, 0x01, 0x00, 0, 0, 0, 0][..], &[0; 256]].concat(),
        &[0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28],
        &[0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],
    ] {
        let mut socket = ada.socket().await;
        socket.say_bytes(bytes).await;
        assert_eq!(socket.closed().await, model::event::close::UNREADABLE, "{bytes:x?}");
    }
    ada.socket().await;
}

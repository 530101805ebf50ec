//! The socket's language without a socket.

use crate::app::{Person, TestApp, message_id};
use serde_json::{Value, json};

async fn exchange(person: &Person, frames: Value) -> Vec<Value> {
    let answers = person.post("/api/exchange", frames).await.ok();
    answers.as_array().expect("a list").clone()
}

#[tokio::test]
async fn a_message_goes_each_way() {
    let app = TestApp::start().await;
    let (anna, ben, talk) = app.contacts("anna", "ben").await;
    let mut socket = ben.socket().await;
    let id = message_id();
    let send = json!({ "type": "send_private_message", "id": id, "conversation_id": talk, "body": "hello" });
    // Sent again because the answer was lost, it is the same message.
    for _ in 0..2 {
        let answers = exchange(&anna, json!([send])).await;
        assert_eq!(answers.len(), 1, "{answers:?}");
        assert_eq!((&answers[0]["type"], &answers[0]["id"]), (&json!("message_acked"), &json!(id)));
        assert_eq!((&answers[0]["seq"], &answers[0]["version"]), (&json!(1), &json!(1)));
    }
    assert_eq!(socket.hear("new_message").await["message"]["body"], "hello");
    ben.write(&talk, "and hello to you").await;
    let answers = exchange(&anna, json!([{ "type": "resume", "cursors": { talk.clone(): 1 } }])).await;
    assert_eq!(answers[0]["type"], "resumed");
    let missed = answers[0]["missed"].as_array().expect("a list");
    assert_eq!((missed.len(), &missed[0]["body"]), (1, &json!("and hello to you")));
}

#[tokio::test]
async fn each_frame_is_answered_as_over_a_socket_and_in_order() {
    let app = TestApp::start().await;
    let (anna, ben, talk) = app.contacts("anna", "ben").await;
    let mut socket = ben.socket().await;
    let sent = anna.write(&talk, "first").await;
    let (id, change) = (&sent["id"], message_id());
    let frames = json!([
        { "type": "edit_message", "conversation_id": talk, "id": id, "body": "second", "change": change },
        { "type": "react", "conversation_id": talk, "id": id, "emoji": "👍", "on": true },
        { "type": "send_private_message", "id": message_id(), "conversation_id": talk, "body": " " },
        { "type": "typing", "conversation_id": talk },
        { "type": "mark_read", "conversation_id": talk, "seq": 1 },
        { "type": "dance" },
        { "type": "load_conversation", "conversation_id": talk },
    ]);
    let answers = exchange(&anna, frames).await;
    let types: Vec<_> = answers.iter().map(|answer| answer["type"].as_str().expect("a type")).collect();
    assert_eq!(
        types,
        [
            "message_changed",
            "change_acked",
            "message_changed",
            "message_refused",
            "error",
            "conversation_loaded"
        ]
    );
    assert_eq!((&answers[1]["id"], &answers[1]["version"]), (&json!(change), &json!(2)));
    assert_eq!(answers[5]["messages"][0]["body"], "second");
    socket.hear("typing").await;
}

#[tokio::test]
async fn what_is_no_list_of_frames_is_refused() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    anna.post("/api/exchange", json!({ "type": "resume" })).await.refused(400, "malformed");
    let resume = json!({ "type": "resume", "cursors": {} });
    anna.post("/api/exchange", vec![resume.clone(); 51].into()).await.refused(400, "malformed");
    app.visitor().post("/api/exchange", json!([resume])).await.refused(401, "not_signed_in");
    assert_eq!(exchange(&anna, json!([])).await, Vec::<Value>::new());
}

#[tokio::test]
async fn frames_without_a_socket_have_the_rate_of_those_with_one() {
    let app = TestApp::with(|config| {
        config.limits.event_burst = 10;
        config.limits.events_per_second = 1;
    })
    .await;
    let anna = app.person("anna").await;
    let frames: Value = vec![json!({ "type": "resume", "cursors": {} }); 8].into();
    assert_eq!(exchange(&anna, frames.clone()).await.len(), 8);
    anna.post("/api/exchange", frames).await.refused(429, "too_many");
}

#[tokio::test]
async fn nobody_reaches_a_conversation_of_others() {
    let app = TestApp::start().await;
    let (_, _, talk) = app.contacts("anna", "ben").await;
    let eve = app.person("eve").await;
    let answers = exchange(
        &eve,
        json!([
            { "type": "load_conversation", "conversation_id": talk },
            { "type": "send_private_message", "id": message_id(), "conversation_id": talk, "body": "hello" },
            { "type": "resume", "cursors": { talk.clone(): 0 } },
        ]),
    );
    let answers = answers.await;
    assert_eq!(answers[0]["error"]["code"], "not_found");
    assert_eq!(answers[1]["error"]["code"], "not_found");
    assert_eq!(answers[2]["missed"], json!([]));
}

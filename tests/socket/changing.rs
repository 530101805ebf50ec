//! Messages that change: told to everyone, refused to whom it does not concern.

use crate::app::{Person, Socket, TestApp, message_id};
use serde_json::{Value, json};

fn edit(conversation: &str, id: &Value, body: &str) -> Value {
    json!({ "type": "edit_message", "conversation_id": conversation, "id": id, "body": body })
}

fn delete(conversation: &str, id: &Value) -> Value {
    json!({ "type": "delete_message", "conversation_id": conversation, "id": id })
}

fn react(conversation: &str, id: &Value, emoji: &str, on: bool) -> Value {
    json!({ "type": "react", "conversation_id": conversation, "id": id, "emoji": emoji, "on": on })
}

async fn changed(socket: &mut Socket) -> Value {
    socket.hear("message_changed").await["message"].clone()
}

async fn refused(socket: &mut Socket, event: Value) -> String {
    socket.say(event).await;
    socket.hear("error").await["error"]["code"].as_str().expect("a code").to_owned()
}

async fn stored(person: &Person, conversation: &str) -> Value {
    person.history(conversation, "").await.ok()["messages"].clone()
}

#[tokio::test]
async fn an_edit_reaches_every_device_of_both() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let message = ada.write(&conversation, "frist").await;
    let (mut asks, mut tablet, mut other) = (ada.socket().await, ada.socket().await, ben.socket().await);
    asks.say(edit(&conversation, &message["id"], " first\r\n")).await;
    for device in [&mut asks, &mut tablet, &mut other] {
        let now = changed(device).await;
        assert_eq!((&now["id"], &now["body"]), (&message["id"], &json!("first")), "by the same rules");
        assert_eq!((&now["seq"], &now["version"]), (&json!(1), &json!(2)));
        assert!(now["edited_at"].is_string());
        assert_eq!(now["created_at"], message["created_at"]);
    }
    assert_eq!(stored(&ben, &conversation).await[0]["body"], "first");
}

#[tokio::test]
async fn a_deleted_message_is_a_tombstone_everywhere() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let message = ada.write(&conversation, "a secret").await;
    let (mut asks, mut other) = (ada.socket().await, ben.socket().await);
    other.say(react(&conversation, &message["id"], "👀", true)).await;
    changed(&mut other).await;
    asks.say(delete(&conversation, &message["id"])).await;
    let gone = changed(&mut other).await;
    let gone = if gone["deleted_at"].is_null() { changed(&mut other).await } else { gone };
    assert!(gone["deleted_at"].is_string(), "{gone}");
    assert_eq!((&gone["body"], gone.get("reactions"), &gone["version"]), (&json!(""), None, &json!(3)));
    assert_eq!(stored(&ada, &conversation).await, json!([gone]));
    assert_eq!(ben.get("/api/conversations").await.ok()[0]["unread"], 0);
    for event in
        [edit(&conversation, &message["id"], "back"), react(&conversation, &message["id"], "👀", true)]
    {
        assert_eq!(refused(&mut asks, event).await, "not_found");
    }
}

#[tokio::test]
async fn reactions_come_and_go() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let message = ada.write(&conversation, "news").await;
    let (mut a, mut b) = (ada.socket().await, ben.socket().await);
    b.say(react(&conversation, &message["id"], "👍", true)).await;
    assert_eq!(changed(&mut a).await["reactions"], json!([{ "emoji": "👍", "users": [ben.id] }]));
    a.say(react(&conversation, &message["id"], "👍", true)).await;
    assert_eq!(changed(&mut a).await["reactions"], json!([{ "emoji": "👍", "users": [ben.id, ada.id] }]));
    b.say(react(&conversation, &message["id"], "👍", false)).await;
    a.say(react(&conversation, &message["id"], "👍", false)).await;
    for reactions in [1, 1, 1, 0] {
        let now = changed(&mut b).await;
        assert_eq!(now["reactions"].as_array().map_or(0, Vec::len), reactions, "{now}");
    }
}

#[tokio::test]
async fn what_is_so_already_is_answered_to_the_device_that_asked_and_to_nobody_else() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let message = ada.write(&conversation, "text").await;
    let (mut asks, mut other) = (ada.socket().await, ben.socket().await);
    for event in
        [edit(&conversation, &message["id"], "text"), react(&conversation, &message["id"], "👍", false)]
    {
        asks.say(event).await;
        assert_eq!(changed(&mut asks).await, message);
    }
    ada.write(&conversation, "next").await;
    assert_eq!(other.hear_bodies(1).await, ["next"]);
    assert_eq!(other.passed_over("message_changed"), 0);
    assert_eq!(stored(&ada, &conversation).await[1]["version"], 2, "no version was taken");
}

#[tokio::test]
async fn nobody_changes_the_words_of_others() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let eve = app.person("eve").await;
    eve.befriend(&ben).await;
    let message = ada.write(&conversation, "mine").await;
    let (mut other, mut stranger) = (ben.socket().await, eve.socket().await);
    let id = &message["id"];
    for event in [edit(&conversation, id, "yours"), delete(&conversation, id)] {
        assert_eq!(refused(&mut other, event.clone()).await, "not_allowed");
        assert_eq!(refused(&mut stranger, event).await, "not_found");
    }
    assert_eq!(refused(&mut stranger, react(&conversation, id, "👍", true)).await, "not_found");
    let unknown = json!(message_id());
    for event in [
        edit(&conversation, &unknown, "x"),
        delete(&conversation, &unknown),
        react(&conversation, &unknown, "👍", true),
    ] {
        assert_eq!(refused(&mut other, event).await, "not_found");
    }
    assert_eq!(stored(&ada, &conversation).await, json!([message]));
}

#[tokio::test]
async fn what_breaks_the_rules_is_refused() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let message = ada.write(&conversation, "text").await;
    let mut socket = ada.socket().await;
    let id = &message["id"];
    for body in ["", " \n", &"x".repeat(4001)] {
        assert_eq!(refused(&mut socket, edit(&conversation, id, body)).await, "invalid_message");
    }
    for emoji in ["", " ", "a b", "a\0", "\u{202f}", &"🦆".repeat(17)] {
        assert_eq!(refused(&mut socket, react(&conversation, id, emoji, true)).await, "invalid_reaction");
    }
    for face in ('\u{1f600}'..).take(20) {
        socket.say(react(&conversation, id, &face.to_string(), true)).await;
        changed(&mut socket).await;
    }
    assert_eq!(refused(&mut socket, react(&conversation, id, "👍", true)).await, "invalid_reaction");
}

#[tokio::test]
async fn an_emoji_is_only_a_value() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let message = ada.write(&conversation, "text").await;
    let mut socket = ben.socket().await;
    for text in ["a.b", "$set", "$", "{\"$ne\":null}", "__proto__"] {
        assert_eq!(
            refused(&mut socket, react(&conversation, &message["id"], text, true)).await,
            "invalid_reaction"
        );
    }
    for value in [json!({ "$ne": null }), json!(["👍"]), json!(1), Value::Null] {
        let mut event = react(&conversation, &message["id"], "👍", true);
        event["emoji"] = value;
        assert_eq!(refused(&mut socket, event).await, "malformed");
    }
    assert_eq!(stored(&ada, &conversation).await[0]["body"], "text");
}

#[tokio::test]
async fn a_device_that_was_away_gets_the_last_state_only() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let message = ada.write(&conversation, "one").await;
    let mut socket = ada.socket().await;
    for body in ["two", "three", "four"] {
        socket.say(edit(&conversation, &message["id"], body)).await;
        changed(&mut socket).await;
    }
    let snapshot = ben.resume(json!({ conversation.as_str(): 1 })).await.snapshot;
    let missed = snapshot["missed"].as_array().expect("a list");
    assert_eq!(missed.len(), 1);
    assert_eq!((&missed[0]["body"], &missed[0]["version"]), (&json!("four"), &json!(4)));
}

#[tokio::test]
async fn a_change_with_a_name_is_answered_by_that_name_on_the_device_that_asked() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let message = ada.write(&conversation, "frist").await;
    let (mut asks, mut tablet, mut other) = (ada.socket().await, ada.socket().await, ben.socket().await);
    let named = |mut event: Value, name: &str| {
        event["change"] = json!(name);
        event
    };
    let first = message_id();
    // Twice, as after a connection that broke: once done and then so already, acknowledged both times.
    for _ in 0..2 {
        asks.say(named(edit(&conversation, &message["id"], "first"), &first)).await;
        let told = asks.hear_any(&["message_changed", "change_acked"]).await;
        assert_eq!(told["type"], "message_changed", "what it stands for comes before: {told}");
        let acked = asks.hear("change_acked").await;
        assert_eq!((&acked["id"], &acked["version"]), (&json!(first), &json!(2)));
        assert_eq!(acked["conversation_id"], conversation);
    }
    let second = message_id();
    other.say(named(edit(&conversation, &message["id"], "not mine"), &second)).await;
    let refused = other.hear("message_refused").await;
    assert_eq!((&refused["id"], &refused["error"]["code"]), (&json!(second), &json!("not_allowed")));
    other.say(named(react(&conversation, &message["id"], "no emoji", true), &second)).await;
    assert_eq!(other.hear("message_refused").await["error"]["code"], "invalid_reaction");
    changed(&mut tablet).await;
    ada.write(&conversation, "the last").await;
    tablet.hear("new_message").await;
    assert_eq!(tablet.passed_over("change_acked"), 0, "it did not ask");
    assert_eq!(tablet.passed_over("message_changed"), 0, "nothing has changed twice");
}

#[tokio::test]
async fn an_emoji_is_one_however_it_is_written_and_nothing_else_is_one() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let id = ada.write(&conversation, "hello").await["id"].clone();
    let (mut a, mut b) = (ada.socket().await, ben.socket().await);
    a.say(react(&conversation, &id, "\u{2764}", true)).await;
    assert_eq!(
        changed(&mut a).await["reactions"][0]["emoji"],
        "\u{2764}\u{fe0f}",
        "as it is written in full"
    );
    changed(&mut b).await;
    b.say(react(&conversation, &id, "\u{2764}\u{fe0f}", true)).await;
    let both = changed(&mut a).await["reactions"].clone();
    assert_eq!(
        (both.as_array().map(Vec::len), both[0]["users"].as_array().map(Vec::len)),
        (Some(1), Some(2))
    );
    b.say(react(&conversation, &id, "\u{2764}", false)).await;
    assert_eq!(changed(&mut a).await["reactions"][0]["users"].as_array().map(Vec::len), Some(1));
    for text in ["ok", "👍👍", "a", "1", "\u{200d}", "\u{fe0f}", "🇩", "👍 ", "❤x"] {
        assert_eq!(
            refused(&mut a, react(&conversation, &id, text, true)).await,
            "invalid_reaction",
            "{text:?}"
        );
    }
    for emoji in
        ["👩🏽‍❤️‍💋‍👨🏿", "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}", "1\u{fe0f}\u{20e3}", "🇩🇪", "🫩"]
    {
        a.say(react(&conversation, &id, emoji, true)).await;
        let now = changed(&mut a).await["reactions"].clone();
        assert!(
            now.as_array().is_some_and(|all| all.iter().any(|one| one["emoji"] == emoji)),
            "{emoji} {now}"
        );
    }
}

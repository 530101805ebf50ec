//! Sending: acknowledged to the device that sent, told to all others, refused for good.

use crate::app::{Person, Socket, TestApp, message_id};
use serde_json::{Value, json};

async fn try_send(socket: &mut Socket, target: Value, body: &str) -> String {
    let id = message_id();
    let mut event = json!({ "type": "send_private_message", "id": id, "body": body });
    let fields = event.as_object_mut().expect("an object");
    fields.extend(target.as_object().expect("an object").clone());
    socket.say(event).await;
    id
}

async fn refused(socket: &mut Socket, target: Value, body: &str) -> String {
    let id = try_send(socket, target, body).await;
    let event = socket.hear("message_refused").await;
    assert_eq!(event["id"], id.as_str());
    event["error"]["code"].as_str().expect("a code").to_owned()
}

#[tokio::test]
async fn a_message_is_acknowledged_to_its_device_and_told_to_all_others() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let (mut sender, mut tablet) = (ada.socket().await, ada.socket().await);
    let mut phone = ada.on_another_device().await.socket().await;
    let mut recipient = ben.socket().await;

    let id = sender.write(&conversation, "hello").await;
    let acked = sender.hear("message_acked").await;
    assert_eq!((&acked["id"], &acked["conversation_id"]), (&json!(id), &json!(conversation)));
    assert_eq!((&acked["seq"], &acked["version"]), (&json!(1), &json!(1)));

    for other in [&mut tablet, &mut phone, &mut recipient] {
        let message = other.hear("new_message").await["message"].clone();
        assert_eq!((&message["id"], &message["body"]), (&json!(id), &json!("hello")));
        assert_eq!((&message["sender"], &message["seq"]), (&json!(ada.id), &json!(1)));
        assert_eq!(message["created_at"], acked["created_at"]);
        assert_eq!(other.passed_over("message_acked"), 0);
    }
    // What comes next shows that nothing came before.
    ben.write(&conversation, "and you").await;
    assert_eq!(sender.hear_bodies(1).await, ["and you"]);
}

#[tokio::test]
async fn it_is_there_when_it_is_acknowledged() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let mut sender = ada.socket().await;
    let id = sender.write(&conversation, "hello").await;
    sender.hear("message_acked").await;
    assert_eq!(ben.history(&conversation, "").await.ok()["messages"][0]["id"], id.as_str());
}

#[tokio::test]
async fn a_message_posted_over_http_is_told_to_every_device() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let (mut own, mut other) = (ada.socket().await, ben.socket().await);
    ada.write(&conversation, "by post").await;
    assert_eq!(own.hear_bodies(1).await, ["by post"]);
    assert_eq!(other.hear_bodies(1).await, ["by post"]);
}

#[tokio::test]
async fn a_contact_can_be_written_to_by_their_id_and_in_answer() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let (mut sender, mut recipient) = (ada.socket().await, ben.socket().await);
    let first = ben.write(&conversation, "a question").await;
    let target = json!({ "contact_id": ben.id, "reply_to": first["id"] });
    try_send(&mut sender, target, "an answer").await;
    assert_eq!(sender.hear("message_acked").await["conversation_id"], conversation.as_str());
    recipient.hear("new_message").await;
    assert_eq!(recipient.hear("new_message").await["message"]["reply_to"], first["id"]);
}

#[tokio::test]
async fn the_same_id_again_gets_the_same_answer_and_is_told_once() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let (mut sender, mut recipient) = (ada.socket().await, ben.socket().await);
    let event = json!({
        "type": "send_private_message", "id": message_id(), "conversation_id": conversation, "body": "once",
    });
    sender.say(event.clone()).await;
    let first = sender.hear("message_acked").await;
    sender.say(event.clone()).await;
    assert_eq!(sender.hear("message_acked").await, first);
    // From a new connection, too: the acknowledgement was lost with the old one.
    let mut again = ada.socket().await;
    again.say(event).await;
    assert_eq!(again.hear("message_acked").await, first);

    sender.write(&conversation, "next").await;
    assert_eq!(recipient.hear_bodies(2).await, ["once", "next"]);
}

#[tokio::test]
async fn an_id_of_somebody_else_is_refused() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let taken = ben.write(&conversation, "mine").await;
    let mut sender = ada.socket().await;
    sender
        .say(json!({
            "type": "send_private_message", "id": taken["id"], "conversation_id": conversation, "body": "no",
        }))
        .await;
    let event = sender.hear("message_refused").await;
    assert_eq!((&event["id"], &event["error"]["code"]), (&taken["id"], &json!("id_taken")));
}

#[tokio::test]
async fn a_message_that_breaks_the_rules_is_refused_for_good() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let mut sender = ada.socket().await;
    let target = json!({ "conversation_id": conversation });
    for body in ["", " \n ", &"x".repeat(4001)] {
        assert_eq!(refused(&mut sender, target.clone(), body).await, "invalid_message");
    }
    try_send(&mut sender, target, &"🦆".repeat(4000)).await;
    assert_eq!(sender.hear("message_acked").await["seq"], 1);
}

#[tokio::test]
async fn strangers_are_refused_whether_the_other_exists_or_not() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let eve: Person = app.person("eve").await;
    eve.ask(&ada).await;
    let (mut sender, mut recipient) = (eve.socket().await, ben.socket().await);
    for target in [
        json!({ "conversation_id": conversation }),
        json!({ "conversation_id": message_id() }),
        json!({ "contact_id": ada.id }),
        json!({ "contact_id": eve.id }),
        json!({ "contact_id": message_id() }),
    ] {
        assert_eq!(refused(&mut sender, target, "let me in").await, "not_found");
    }
    ada.write(&conversation, "between us").await;
    assert_eq!(recipient.hear_bodies(1).await, ["between us"]);
}

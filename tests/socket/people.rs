//! Requests and contacts arrive live on every device of both.

use crate::app::TestApp;
use serde_json::json;

#[tokio::test]
async fn a_request_arrives_and_shows_on_the_senders_devices() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let (mut from, mut to, mut to_phone) = (ada.socket().await, ben.socket().await, ben.socket().await);
    let id = ada.ask(&ben).await;
    for device in [&mut to, &mut to_phone] {
        let request = device.hear("friend_request_received").await["request"].clone();
        assert_eq!((&request["id"], &request["direction"]), (&json!(id), &json!("incoming")));
        assert_eq!(request["user"], json!({ "id": ada.id, "username": "ada" }));
    }
    let changed = from.hear("friend_request_changed").await;
    assert_eq!(changed["requests"]["outgoing"][0]["id"], id.as_str());
    assert_eq!(changed["requests"]["incoming"], json!([]));
}

#[tokio::test]
async fn an_acceptance_brings_contact_and_conversation_to_both() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let id = ada.ask(&ben).await;
    let (mut a, mut b) = (ada.socket().await, ben.socket().await);
    let accepted = ben.answer("accept", &id).await.ok();
    let conversation = &accepted["contact"]["conversation_id"];
    for (device, other) in [(&mut a, &ben), (&mut b, &ada)] {
        let contacts = device.hear("contacts_updated").await["contacts"].clone();
        assert_eq!((&contacts[0]["id"], &contacts[0]["online"]), (&json!(other.id), &json!(true)));
        assert_eq!(&contacts[0]["conversation_id"], conversation);
        let changed = device.hear("conversation_changed").await["conversation"].clone();
        assert_eq!((&changed["id"], &changed["head"]), (conversation, &json!(0)));
        let requests = device.hear("friend_request_changed").await["requests"].clone();
        assert_eq!(requests, json!({ "incoming": [], "outgoing": [] }));
    }
    // And they can talk at once.
    a.write(conversation.as_str().expect("an id"), "hello").await;
    assert_eq!(b.hear_bodies(1).await, ["hello"]);
}

#[tokio::test]
async fn crossed_requests_bring_contact_and_conversation_to_both() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    ada.ask(&ben).await;
    let (mut a, mut b) = (ada.socket().await, ben.socket().await);
    ben.try_ask("ada").await.ok();
    for device in [&mut a, &mut b] {
        assert_eq!(device.hear("contacts_updated").await["contacts"].as_array().map(Vec::len), Some(1));
        device.hear("conversation_changed").await;
    }
}

#[tokio::test]
async fn a_request_taken_back_disappears_on_both_sides() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let id = ada.ask(&ben).await;
    let (mut a, mut b) = (ada.socket().await, ben.socket().await);
    ada.answer("cancel", &id).await.ok();
    for device in [&mut a, &mut b] {
        let requests = device.hear("friend_request_changed").await["requests"].clone();
        assert_eq!(requests, json!({ "incoming": [], "outgoing": [] }));
    }
}

#[tokio::test]
async fn a_rejection_is_told_to_the_devices_of_who_rejects_and_to_nobody_else() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let cleo = app.person("cleo").await;
    let id = ada.ask(&ben).await;
    let (mut sender, mut phone) = (ada.socket().await, ben.socket().await);
    ben.answer("reject", &id).await.ok();
    assert_eq!(phone.hear("friend_request_changed").await["requests"]["incoming"], json!([]));

    cleo.ask(&ada).await;
    sender.hear("friend_request_received").await;
    assert_eq!(sender.passed_over("friend_request_changed"), 0, "the sender hears nothing of it");
}

#[tokio::test]
async fn a_removal_reaches_every_device_of_both() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let (mut a, mut phone, mut b) = (ada.socket().await, ada.socket().await, ben.socket().await);
    ada.post("/api/contacts/remove", json!({ "contact_id": ben.id })).await.ok();
    for device in [&mut a, &mut phone, &mut b] {
        assert_eq!(device.hear("conversation_removed").await["conversation_id"], conversation.as_str());
        assert_eq!(device.hear("contacts_updated").await["contacts"], json!([]));
    }
    a.write(&conversation, "too late").await;
    assert_eq!(a.hear("message_refused").await["error"]["code"], "not_found");
}

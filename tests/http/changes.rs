//! Changing a message over HTTP: by programs, and by the forms of pages without scripting.

use crate::app::{Answer, Person, TestApp, message_id};
use serde_json::{Value, json};

async fn change(who: &Person, message: &Value, what: &str, body: Value) -> Answer {
    who.post(&format!("{}/{what}", address(message)), body).await
}

fn address(message: &Value) -> String {
    let part = |name: &str| message[name].as_str().expect("an id").to_owned();
    format!("/api/conversations/{}/messages/{}", part("conversation_id"), part("id"))
}

#[tokio::test]
async fn every_change_is_answered_as_stored_and_heard_by_all() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let (mut a, mut b) = (ada.socket().await, ben.socket().await);
    let said = ada.write(&conversation, "frist").await;
    let asked = [
        (&ada, "edit", json!({ "body": "first" })),
        (&ben, "react", json!({ "emoji": "👍", "on": true })),
        (&ben, "react", json!({ "emoji": "👍", "on": false })),
        (&ada, "delete", json!({})),
    ];
    for (who, what, body) in asked {
        let changed = change(who, &said, what, body).await.ok();
        for device in [&mut a, &mut b] {
            assert_eq!(device.hear("message_changed").await["message"], changed, "{what}");
        }
        assert_eq!(ben.history(&conversation, "").await.ok()["messages"], json!([changed]), "{what}");
    }
    let gone = ben.history(&conversation, "").await.ok()["messages"][0].clone();
    assert_eq!((&gone["body"], gone["deleted_at"].is_string()), (&json!(""), true));
    // The same once more is no change.
    assert_eq!(change(&ada, &said, "delete", json!({})).await.ok(), gone);
}

#[tokio::test]
async fn what_may_not_be_is_refused() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let said = ada.write(&conversation, "mine").await;
    change(&ben, &said, "edit", json!({ "body": "yours" })).await.refused(403, "not_allowed");
    change(&ben, &said, "delete", json!({})).await.refused(403, "not_allowed");
    change(&ada, &said, "edit", json!({ "body": " " })).await.refused(422, "invalid_message");
    for emoji in ["", "no emoji", "👍👍", "<b>"] {
        let body = json!({ "emoji": emoji, "on": true });
        change(&ben, &said, "react", body).await.refused(422, "invalid_reaction");
    }
    let other = json!({ "conversation_id": conversation, "id": message_id() });
    change(&ada, &other, "delete", json!({})).await.refused(404, "not_found");
    assert_eq!(ben.history(&conversation, "").await.ok()["messages"], json!([said]));
}

#[tokio::test]
async fn a_form_leads_back_to_the_message() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let said = ada.write(&conversation, "frist").await;
    let page = format!("/c/{conversation}");
    let back = format!("{page}?at=1#m1");
    let edit = format!("{}/edit", address(&said));
    assert_eq!(ada.post_form(&edit, &page, &[("body", "first")]).await.redirect(), back);
    let react = format!("{}/react", address(&said));
    assert_eq!(ada.post_form(&react, &page, &[("emoji", "👍"), ("on", "true")]).await.redirect(), back);
    let stored = ada.history(&conversation, "").await.ok()["messages"][0].clone();
    assert_eq!((&stored["body"], &stored["reactions"][0]["emoji"]), (&json!("first"), &json!("👍")));
    let deleted = ada.post_form(&format!("{}/delete", address(&said)), &page, &[]).await;
    assert_eq!(deleted.redirect(), back);
    // What is refused is said on the page, with what was typed.
    let page = format!("{page}?edit={}", said["id"].as_str().expect("an id"));
    assert_eq!(ada.post_form(&edit, &page, &[("body", "too late")]).await.redirect(), page);
    let said = ada.get(&page).await.text;
    assert!(said.contains("This message has been deleted.") && said.contains("too late"), "{said}");
}

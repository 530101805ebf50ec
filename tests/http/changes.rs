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
        (&ben, "pin", json!({})),
        (&ada, "unpin", json!({})),
        (&ada, "pin", json!({})),
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
    assert_eq!(gone.get("pinned"), None);
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
async fn what_is_pinned_is_a_list_the_newest_pin_first() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let pins = format!("/api/conversations/{conversation}/pins");
    assert_eq!(ada.get(&pins).await.ok(), json!([]));
    let first = ada.write(&conversation, "first").await;
    let second = ada.write(&conversation, "second").await;
    let second = change(&ben, &second, "pin", json!({})).await.ok();
    assert_eq!((&second["pinned"]["by"], second["pinned"]["at"].is_string()), (&json!(ben.id), true));
    let first = change(&ada, &first, "pin", json!({})).await.ok();
    assert_eq!(ben.get(&pins).await.ok(), json!([first, second]));
    // Once more is no change, and whoever did it first has done it.
    assert_eq!(change(&ada, &second, "pin", json!({})).await.ok(), second);
    let listed = ada.get("/api/conversations").await.ok();
    assert_eq!(
        listed[0]["pins"],
        json!([second["id"], first["id"]]),
        "in the order in which they were pinned"
    );
    change(&ada, &second, "unpin", json!({})).await.ok();
    change(&ada, &first, "delete", json!({})).await.ok();
    assert_eq!(ada.get(&pins).await.ok(), json!([]));
    change(&ada, &first, "pin", json!({})).await.refused(404, "not_found");
    assert_eq!(ada.get("/api/conversations").await.ok()[0].get("pins"), None);
}

#[tokio::test]
async fn a_hundred_are_pinned_and_no_more() {
    let app = TestApp::without_rates().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let mut pinned = Vec::new();
    for number in 0..100 {
        let said = ada.write(&conversation, &number.to_string()).await;
        change(&ada, &said, "pin", json!({})).await.ok();
        pinned.push(said);
    }
    let more = ada.write(&conversation, "one more").await;
    change(&ben, &more, "pin", json!({})).await.refused(403, "not_allowed");
    change(&ben, &pinned[7], "pin", json!({})).await.ok();
    change(&ben, &pinned[7], "unpin", json!({})).await.ok();
    change(&ben, &more, "pin", json!({})).await.ok();
    let pins = ada.get(&format!("/api/conversations/{conversation}/pins")).await.ok();
    let pins = pins.as_array().expect("a list");
    assert_eq!((pins.len(), &pins[0]["body"]), (100, &json!("one more")));
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
    for what in ["unpin", "pin"] {
        let form = format!("{}/{what}", address(&said));
        assert_eq!(ada.post_form(&form, &page, &[]).await.redirect(), back, "{what}");
    }
    let stored = ada.history(&conversation, "").await.ok()["messages"][0].clone();
    assert_eq!((&stored["body"], &stored["reactions"][0]["emoji"]), (&json!("first"), &json!("👍")));
    assert_eq!(stored["pinned"]["by"], ada.id);
    let deleted = ada.post_form(&format!("{}/delete", address(&said)), &page, &[]).await;
    assert_eq!(deleted.redirect(), back);
    // What is refused is said on the page, with what was typed.
    let page = format!("{page}?edit={}", said["id"].as_str().expect("an id"));
    assert_eq!(ada.post_form(&edit, &page, &[("body", "too late")]).await.redirect(), page);
    let said = ada.get(&page).await.text;
    assert!(said.contains("This message has been deleted.") && said.contains("too late"), "{said}");
}

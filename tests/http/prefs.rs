//! What a member alone keeps of a conversation: over HTTP, by forms, and on all of their devices.

use crate::app::{Answer, Person, TestApp};
use model::prefs::MAX_PINNED;
use serde_json::{Value, json};

async fn prefer(person: &Person, conversation: &str, body: Value) -> Answer {
    person.post(&format!("/api/conversations/{conversation}/prefs"), body).await
}

async fn kept(person: &Person, conversation: &str) -> Value {
    let all = person.get("/api/conversations").await.ok();
    let one =
        all.as_array().expect("a list").iter().find(|one| one["id"] == conversation).expect("a summary");
    one.get("prefs").cloned().unwrap_or_default()
}

#[tokio::test]
async fn what_is_kept_is_told_to_ones_own_devices_and_to_nobody_else() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    assert_eq!(kept(&ada, &conversation).await, Value::Null, "left out where nothing was ever kept");
    let (mut phone, mut tablet, mut other) = (ada.socket().await, ada.socket().await, ben.socket().await);
    let until = "9999-12-31T23:59:59.999Z";
    prefer(&ada, &conversation, json!({ "pinned": true, "muted_until": until, "mentions": false }))
        .await
        .done();
    for device in [&mut phone, &mut tablet] {
        let told = device.hear("prefs_changed").await;
        assert_eq!(told["conversation_id"], conversation.as_str());
        let prefs = &told["prefs"];
        assert_eq!((&prefs["rev"], &prefs["pinned"]), (&json!(1), &json!(true)));
        assert_eq!((&prefs["muted_until"], &prefs["mentions"]), (&json!(until), &json!(false)));
        assert!(prefs["pinned_at"].is_string() && prefs.get("archived").is_none(), "{prefs}");
        assert_eq!(prefs, &kept(&ada, &conversation).await);
    }
    // The same once more is no change, and nobody hears of it.
    prefer(&ada, &conversation, json!({ "pinned": true })).await.done();
    prefer(&ada, &conversation, json!({ "muted_until": null })).await.done();
    assert_eq!(phone.hear("prefs_changed").await["prefs"]["rev"], 2);
    ada.write(&conversation, "hello").await;
    other.hear_bodies(1).await;
    assert_eq!(other.passed_over("prefs_changed"), 0);
    assert_eq!(kept(&ben, &conversation).await, Value::Null);
    let resumed = ada.connect().await.expect("an open socket").resume(json!({})).await;
    assert_eq!(resumed["conversations"][0]["prefs"]["pinned"], true);
}

#[tokio::test]
async fn what_says_nothing_or_is_no_moment_is_refused() {
    let app = TestApp::start().await;
    let (ada, _, conversation) = app.contacts("ada", "ben").await;
    for body in [
        json!({}),
        json!({ "up_to": 1 }),
        json!({ "muted_until": "tomorrow" }),
        json!({ "pinned": "maybe" }),
        json!([]),
    ] {
        prefer(&ada, &conversation, body).await.refused(400, "malformed");
    }
    prefer(&ada, &crate::app::message_id(), json!({ "pinned": true })).await.refused(404, "not_found");
    prefer(&ada, "nothing", json!({ "pinned": true })).await.refused(404, "not_found");
}

#[tokio::test]
async fn so_many_are_pinned_and_one_more_is_refused_with_a_sentence() {
    let app = TestApp::without_rates().await;
    let ada = app.person("ada").await;
    let ben = app.person("ben").await;
    ada.befriend(&ben).await;
    let mut groups = Vec::new();
    for n in 0..=MAX_PINNED {
        groups.push(ada.make_group(&format!("Group {n}"), &[&ben]).await);
    }
    for group in &groups[1..] {
        prefer(&ada, group, json!({ "pinned": true })).await.done();
    }
    let refused = prefer(&ada, &groups[0], json!({ "pinned": true })).await;
    assert_eq!(refused.refused(403, "not_allowed"), Some("pinned".to_owned()));
    assert!(refused.text.contains("at most 20 conversations"), "{}", refused.text);
    ada.in_group(&groups[1], "leave", json!({})).await.done();
    prefer(&ada, &groups[0], json!({ "pinned": true })).await.done();
}

#[tokio::test]
async fn a_mark_is_gone_once_it_is_read_on_any_device() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let seq = ben.write(&conversation, "one").await["seq"].clone();
    let (mut phone, mut tablet) = (ada.socket().await, ada.socket().await);
    let read = json!({ "type": "mark_read", "conversation_id": conversation, "seq": seq });
    phone.say(read.clone()).await;
    tablet.hear("read_cursor_moved").await;
    prefer(&ada, &conversation, json!({ "unread": true })).await.done();
    assert_eq!(tablet.hear("prefs_changed").await["prefs"]["unread"], true);
    // Also where the cursor stood there already.
    phone.say(read).await;
    assert!(tablet.hear("prefs_changed").await["prefs"].get("unread").is_none());

    // Marked as read, all of it is.
    for text in ["two", "three"] {
        ben.write(&conversation, text).await;
    }
    prefer(&ada, &conversation, json!({ "unread": true })).await.done();
    prefer(&ada, &conversation, json!({ "unread": false })).await.done();
    let moved = tablet.hear("read_cursor_moved").await;
    assert_eq!((&moved["seq"], &moved["unread"]), (&json!(3), &json!(0)));

    // What the device did not have yet stays unread.
    for text in ["four", "five"] {
        ben.write(&conversation, text).await;
    }
    prefer(&ada, &conversation, json!({ "unread": false, "up_to": 4 })).await.done();
    let moved = tablet.hear("read_cursor_moved").await;
    assert_eq!((&moved["seq"], &moved["unread"]), (&json!(4), &json!(1)));
}

#[tokio::test]
async fn a_new_message_brings_an_archived_conversation_back_unless_it_is_muted() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    prefer(&ada, &conversation, json!({ "archived": true })).await.done();
    assert_eq!(kept(&ada, &conversation).await["archived"], true);
    ben.write(&conversation, "are you there?").await;
    assert!(kept(&ada, &conversation).await.get("archived").is_none());
    prefer(&ada, &conversation, json!({ "archived": true, "mute_for": 3600 })).await.done();
    ben.write(&conversation, "are you there?").await;
    assert_eq!(kept(&ada, &conversation).await["archived"], true);
    prefer(&ada, &conversation, json!({ "muted_until": null })).await.done();
    assert_eq!(kept(&ada, &conversation).await["archived"], true, "what came before stays silent");
}

#[tokio::test]
async fn whoever_leaves_a_group_and_comes_back_begins_anew() {
    let app = TestApp::start().await;
    let (ada, ben, _) = app.contacts("ada", "ben").await;
    let group = ada.make_group("Ducks", &[&ben]).await;
    prefer(&ben, &group, json!({ "pinned": true, "mute_for": 3600 })).await.done();
    ben.in_group(&group, "leave", json!({})).await.done();
    prefer(&ben, &group, json!({ "pinned": true })).await.refused(404, "not_found");
    ada.add(&group, &ben).await.ok();
    assert_eq!(kept(&ben, &group).await, Value::Null);
}

#[tokio::test]
async fn forms_keep_the_same_and_lead_back_to_their_page() {
    let app = TestApp::start().await;
    let (ada, _, conversation) = app.contacts("ada", "ben").await;
    let path = format!("/api/conversations/{conversation}/prefs");
    let page = format!("/?conversation={conversation}");
    let yes = json!(true);
    for (name, value, field, expected) in [
        ("pinned", "true", "pinned", Some(&yes)),
        ("pinned", "false", "pinned", None),
        ("muted_until", "9999-12-31T23:59:59.999Z", "muted_until", Some(&json!("9999-12-31T23:59:59.999Z"))),
        ("muted_until", "", "muted_until", None),
        ("mentions", "false", "mentions", Some(&json!(false))),
        ("unread", "true", "unread", Some(&yes)),
        ("unread", "false", "unread", None),
        ("archived", "true", "archived", Some(&yes)),
    ] {
        let done = ada.post_form(&path, &page, &[(name, value)]).await;
        assert_eq!(done.redirect(), "/", "{name}={value}");
        assert_eq!(kept(&ada, &conversation).await.get(field), expected, "{name}={value}");
    }
    ada.post_form(&path, &page, &[("mute_for", "28800")]).await;
    assert!(kept(&ada, &conversation).await["muted_until"].is_string());
}

//! Groups over HTTP: what each change makes of one, live on every device, and by forms.

use crate::app::{Person, TestApp, message_id};
use serde_json::json;

async fn friends(app: &TestApp) -> [Person; 3] {
    let [ada, ben, cleo] = [app.person("ada").await, app.person("ben").await, app.person("cleo").await];
    ada.befriend(&ben).await;
    ada.befriend(&cleo).await;
    [ada, ben, cleo]
}

#[tokio::test]
async fn a_group_is_made_with_a_name_and_members_who_hear_of_it_at_once() {
    let app = TestApp::start().await;
    let [ada, ben, cleo] = friends(&app).await;
    let (mut a, mut b) = (ada.socket().await, ben.socket().await);
    let body = json!({ "name": "  Ducks of the pond ", "members": [ben.id, cleo.id, ada.id, ben.id] });
    let made = ada.post("/api/groups", body).await.ok();
    assert_eq!((&made["kind"], &made["name"]), (&json!("group"), &json!("Ducks of the pond")));
    assert_eq!(made["roles"], json!({ "owner": ada.id }));
    assert_eq!(made["members"].as_array().map(Vec::len), Some(3));
    for device in [&mut a, &mut b] {
        assert_eq!(device.hear("conversation_changed").await["conversation"]["id"], made["id"]);
    }
    let known = cleo.get("/api/conversations").await.ok();
    assert!(known.as_array().is_some_and(|all| all.iter().any(|one| one["id"] == made["id"])), "{known}");
    let history = ben.history(made["id"].as_str().expect("an id"), "").await.ok();
    assert_eq!(history["messages"][0]["kind"], "created");
}

#[tokio::test]
async fn a_group_of_nobody_else_and_one_without_a_name_are_refused() {
    let app = TestApp::with(|config| config.group_members = 2).await;
    let [ada, ben, cleo] = friends(&app).await;
    for members in [json!([]), json!([ada.id])] {
        let refused = ada.post("/api/groups", json!({ "name": "Alone", "members": members })).await;
        refused.refused(400, "malformed");
    }
    for name in ["", "   ", "\u{202e}sdrawkcab", &"x".repeat(61)] {
        let answer = ada.post("/api/groups", json!({ "name": name, "members": [ben.id] })).await;
        assert!(matches!(answer.status, 400 | 422), "{name:?}: {}", answer.text);
    }
    let full = ada.post("/api/groups", json!({ "name": "Full", "members": [ben.id, cleo.id] })).await;
    full.refused(403, "not_allowed");
    let group = ada.make_group("Two", &[&ben]).await;
    ada.add(&group, &cleo).await.refused(403, "not_allowed");
}

#[tokio::test]
async fn every_change_stands_in_the_history_and_is_heard_by_all() {
    let app = TestApp::start().await;
    let [ada, ben, cleo] = friends(&app).await;
    let group = ada.make_group("Ducks", &[&ben, &cleo]).await;
    let (mut b, mut c) = (ben.socket().await, cleo.socket().await);
    ada.in_group(&group, "rename", json!({ "name": "Swans" })).await.ok();
    ada.in_group(&group, "role", json!({ "member": ben.id, "role": "admin" })).await.ok();
    let set = ada.in_group(&group, "settings", json!({ "pins": "admins", "history": "shown" })).await.ok();
    assert_eq!(set["settings"], json!({ "history": "shown", "pins": "admins" }));
    for device in [&mut b, &mut c] {
        let mut said = Vec::new();
        for _ in 0..3 {
            said.push(device.hear("new_message").await["message"].clone());
        }
        let kinds: Vec<_> = said.iter().map(|message| message["kind"].as_str().unwrap_or_default()).collect();
        assert_eq!(kinds, ["renamed", "role", "settings"]);
        assert_eq!(
            (&said[0]["body"], &said[1]["subject"], &said[1]["body"]),
            (&json!("Swans"), &json!(ben.id), &json!("admin"))
        );
        let changed = device.hear("group_changed").await;
        assert_eq!((&changed["conversation_id"], &changed["settings"]), (&json!(group), &set["settings"]));
    }
    // The same once more is no change, and nobody hears of it.
    let same = ada.in_group(&group, "rename", json!({ "name": "Swans" })).await.ok();
    assert_eq!((&same["head"], &same["name"]), (&json!(4), &json!("Swans")));
    ada.in_group(&group, "settings", json!({ "pins": "admins" })).await.ok();
    ada.write(&group, "and on").await;
    b.hear_bodies(1).await;
    assert_eq!(b.passed_over("group_changed"), 0);
    let handed = ada.in_group(&group, "owner", json!({ "member": ben.id })).await.ok();
    assert_eq!(handed["roles"], json!({ "owner": ben.id, "admins": [ada.id] }));
    ben.in_group(&group, "remove", json!({ "member": cleo.id })).await.ok();
    assert_eq!(c.hear("conversation_removed").await["conversation_id"], json!(group));
    cleo.history(&group, "").await.refused(404, "not_found");
    ben.in_group(&group, "remove", json!({ "member": cleo.id })).await.refused(404, "not_found");
    ben.in_group(&group, "delete", json!({})).await.done();
    assert_eq!(b.hear("conversation_removed").await["conversation_id"], json!(group));
    ada.history(&group, "").await.refused(404, "not_found");
}

#[tokio::test]
async fn an_owner_who_leaves_leaves_the_group_to_whoever_was_there_longest() {
    let app = TestApp::start().await;
    let [ada, ben, cleo] = friends(&app).await;
    let group = ada.make_group("Ducks", &[&ben]).await;
    ada.add(&group, &cleo).await.ok();
    ada.in_group(&group, "leave", json!({})).await.done();
    ben.in_group(&group, "rename", json!({ "name": "Ben's" })).await.ok();
    for member in [&ben, &cleo] {
        member.in_group(&group, "leave", json!({})).await.done();
        member.history(&group, "").await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn a_group_that_is_made_twice_under_one_id_is_one() {
    let app = TestApp::start().await;
    let [ada, ben, cleo] = friends(&app).await;
    let mut b = ben.socket().await;
    let id = message_id();
    let body = |name: &str| json!({ "id": id, "name": name, "members": [ben.id] });
    // At the same moment, too: the second waits for the first.
    let (one, two) =
        tokio::join!(ada.post("/api/groups", body("Ducks")), ada.post("/api/groups", body("Ducks")));
    assert_eq!((&one.ok()["id"], two.ok()), (&json!(id), one.ok()));
    let again =
        ada.post_form("/api/groups", "/", &[("id", &id), ("name", "Ducks"), ("members", &ben.id)]).await;
    assert_eq!(again.redirect(), format!("/c/{id}"));
    let history = ada.history(&id, "").await.ok();
    assert_eq!(history["messages"].as_array().map(Vec::len), Some(1), "{history}");
    ada.write(&id, "and on").await;
    b.hear_bodies(1).await;
    assert_eq!(b.take_heard("conversation_changed").len(), 1, "the second time nobody hears of it");
    // Another group, somebody else's, and what is no group.
    ada.post("/api/groups", body("Swans")).await.refused(409, "id_taken");
    cleo.befriend(&ben).await;
    cleo.post("/api/groups", body("Ducks")).await.refused(409, "id_taken");
    ben.in_group(&id, "leave", json!({})).await.done();
    ben.post("/api/groups", json!({ "id": id, "name": "Ducks", "members": [ada.id] }))
        .await
        .refused(409, "id_taken");
    let direct = ada.get("/api/contacts").await.ok()[0]["conversation_id"].clone();
    let body = json!({ "id": direct, "name": "Ducks", "members": [ben.id] });
    ada.post("/api/groups", body).await.refused(409, "id_taken");
    // The form has one.
    assert!(ada.get("/?new=group").await.text.contains("name=\"id\""));
}

#[tokio::test]
async fn forms_make_a_group_and_change_it() {
    let app = TestApp::start().await;
    let [ada, ben, cleo] = friends(&app).await;
    // As checkboxes of one name are posted.
    let fields = [("name", "Ducks"), ("members", ben.id.as_str()), ("members", cleo.id.as_str())];
    let made = ada.post_form("/api/groups", "/", &fields).await;
    let page = made.redirect().to_owned();
    let group = page.strip_prefix("/c/").expect("the conversation").to_owned();
    assert_eq!(ada.get(&page).await.status, 200);
    let act = |what: &str| format!("/api/groups/{group}/{what}");
    let renamed = ada.post_form(&act("rename"), &page, &[("name", "Swans")]).await;
    assert_eq!(renamed.redirect(), page);
    let removed = ada.post_form(&act("remove"), &page, &[("member", &cleo.id)]).await;
    assert_eq!(removed.redirect(), page);
    let left = ben.post_form(&act("leave"), &page, &[]).await;
    assert_eq!(left.redirect(), "/");
    // A refusal leads back, too.
    let refused = ada.post_form("/api/groups", "/", &[("name", "Nobody")]).await;
    assert_eq!(refused.redirect(), "/");
    assert!(ada.get("/").await.text.contains("Choose at least one person"));
}

#[tokio::test]
async fn without_scripting_a_group_is_made_and_changed_on_pages_of_the_server() {
    let app = TestApp::start().await;
    let [ada, ben, cleo] = friends(&app).await;
    let making = ada.get("/?new=group").await.text;
    for part in ["action=\"/api/groups\"", "name=\"name\"", &format!("value=\"{}\"", ben.id)] {
        assert!(making.contains(part), "{part} in {making}");
    }
    let group = ada.make_group("Ducks", &[&ben]).await;
    let panel = ada.get(&format!("/c/{group}?details=1")).await.text;
    for what in ["add", "rename", "remove", "role", "owner", "settings", "leave", "delete"] {
        assert!(panel.contains(&format!("action=\"/api/groups/{group}/{what}\"")), "{what} in {panel}");
    }
    assert!(panel.contains(&format!("value=\"{}\"", cleo.id)), "who could be added");
    let seen = ben.get(&format!("/c/{group}?details=1")).await.text;
    for what in ["rename", "remove", "role", "owner", "settings", "delete"] {
        assert!(!seen.contains(&format!("/api/groups/{group}/{what}")), "{what} is not for a member");
    }
    assert!(seen.contains(&format!("/api/groups/{group}/leave")), "{seen}");
    assert!(!ada.get(&format!("/c/{group}")).await.text.contains("/leave"), "nobody asked for it");
}

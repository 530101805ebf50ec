//! Asking into a group somebody who is no contact: they are asked, and come in when they say yes.

use crate::app::{Person, TestApp};
use serde_json::{Value, json};

/// Ada's group with Ben; Cleo is nobody's contact.
async fn group(app: &TestApp) -> ([Person; 3], String) {
    let [ada, ben, cleo] = [app.person("ada").await, app.person("ben").await, app.person("cleo").await];
    ada.befriend(&ben).await;
    let group = ada.make_group("Ducks", &[&ben]).await;
    ([ada, ben, cleo], group)
}

async fn waiting(person: &Person) -> Value {
    person.get("/api/groups/invitations").await.ok()
}

async fn invited(person: &Person, group: &str) -> Value {
    person.get(&format!("/api/groups/{group}/invites")).await.ok()["invited"].clone()
}

#[tokio::test]
async fn whoever_is_no_contact_is_asked_and_comes_in_when_they_say_yes() {
    let app = TestApp::start().await;
    let ([ada, ben, cleo], group) = group(&app).await;
    let (mut b, mut c) = (ben.socket().await, cleo.socket().await);
    ada.add(&group, &cleo).await.ok();
    let told = c.hear("invited").await["invitation"].clone();
    assert_eq!((&told["name"], &told["members"]), (&json!("Ducks"), &json!(2)));
    assert_eq!(told["by"], json!({ "id": ada.id, "username": "ada" }));
    assert_eq!(waiting(&cleo).await, json!([told]));
    assert_eq!(invited(&ben, &group).await[0]["user"]["username"], "cleo");
    // Once more is no news.
    ben.in_group(&group, "add", json!({ "username": "Cleo" })).await.ok();
    assert_eq!(invited(&ben, &group).await.as_array().map(Vec::len), Some(1));
    let joined = cleo.in_group(&group, "accept", json!({})).await.ok();
    assert_eq!(joined["id"], json!(group));
    assert_eq!(c.hear("conversation_changed").await["conversation"]["id"], json!(group));
    assert_eq!(c.passed_over("invited"), 0);
    let said = b.hear("new_message").await["message"].clone();
    assert_eq!(
        (&said["kind"], &said["subject"], &said["sender"]),
        (&json!("joined"), &json!(cleo.id), &json!(cleo.id))
    );
    assert_eq!((waiting(&cleo).await, invited(&ada, &group).await), (json!([]), json!([])));
    cleo.in_group(&group, "accept", json!({})).await.ok();
    cleo.write(&group, "hello").await;
}

#[tokio::test]
async fn a_no_is_silent_and_holds_for_a_while() {
    let app = TestApp::start().await;
    let ([ada, _ben, cleo], group) = group(&app).await;
    ada.add(&group, &cleo).await.ok();
    let mut c = cleo.socket().await;
    cleo.in_group(&group, "decline", json!({})).await.done();
    assert_eq!(c.hear("invitation_ended").await["conversation_id"], json!(group));
    cleo.in_group(&group, "decline", json!({})).await.done();
    cleo.in_group(&group, "accept", json!({})).await.refused(404, "not_found");
    assert_eq!(invited(&ada, &group).await.as_array().map(Vec::len), Some(1), "it still looks asked");
    ada.add(&group, &cleo).await.ok();
    assert_eq!(waiting(&cleo).await, json!([]));
    assert_eq!(c.passed_over("invited"), 0);
}

#[tokio::test]
async fn an_invitation_ends_with_whoever_sent_it_with_the_group_and_when_it_is_taken_back() {
    let app = TestApp::start().await;
    let ([ada, ben, cleo], first) = group(&app).await;
    let [second, third, fourth] = [
        ada.make_group("B", &[&ben]).await,
        ada.make_group("C", &[&ben]).await,
        ada.make_group("D", &[&ben]).await,
    ];
    let mut c = cleo.socket().await;
    for group in [&first, &second, &third, &fourth] {
        ben.add(group, &cleo).await.ok();
        c.hear("invited").await;
    }
    ada.in_group(&first, "uninvite", json!({ "member": cleo.id })).await.done();
    ada.in_group(&first, "uninvite", json!({ "member": cleo.id })).await.refused(404, "not_found");
    ada.in_group(&second, "remove", json!({ "member": ben.id })).await.ok();
    ada.in_group(&third, "delete", json!({})).await.done();
    for group in [&first, &second, &third] {
        assert_eq!(c.hear("invitation_ended").await["conversation_id"], json!(group));
    }
    assert_eq!(waiting(&cleo).await.as_array().map(Vec::len), Some(1));
    // Whoever may add no more has asked in vain.
    ada.in_group(&fourth, "settings", json!({ "adds": "admins" })).await.ok();
    assert_eq!((waiting(&cleo).await, invited(&ada, &fourth).await), (json!([]), json!([])));
    cleo.in_group(&fourth, "accept", json!({})).await.refused(404, "not_found");
    assert_eq!(c.hear("invitation_ended").await["conversation_id"], json!(fourth));
    ada.in_group(&fourth, "settings", json!({ "adds": "everyone" })).await.ok();
    assert_eq!(waiting(&cleo).await.as_array().map(Vec::len), Some(1));
    for group in [&first, &second, &third] {
        cleo.in_group(group, "accept", json!({})).await.refused(404, "not_found");
    }
    let gone = json!({ "password": crate::app::PASSWORD });
    ben.post("/api/me/delete", gone).await.done();
    assert_eq!(waiting(&cleo).await, json!([]));
}

#[tokio::test]
async fn nobody_is_asked_by_a_wrong_name_nor_more_often_than_is_good() {
    let app = TestApp::start().await;
    let ([ada, _ben, cleo], group) = group(&app).await;
    for name in ["nobody", "x", "{\"$ne\": null}"] {
        let answer = ada.in_group(&group, "add", json!({ "username": name })).await;
        assert_eq!(answer.refused(404, "no_such_user").as_deref(), Some("username"));
    }
    let unknown = json!({ "members": [crate::app::message_id()] });
    ada.in_group(&group, "add", unknown).await.refused(404, "no_such_user");
    ada.in_group(&group, "add", json!({ "username": " " })).await.refused(400, "malformed");
    // Asked, taken back and asked again.
    for _ in 0..3 {
        ada.add(&group, &cleo).await.ok();
        ada.in_group(&group, "uninvite", json!({ "member": cleo.id })).await.done();
    }
    ada.add(&group, &cleo).await.refused(429, "too_many");
}

#[tokio::test]
async fn what_is_suspended_does_not_stand_in_the_way_of_what_is_new() {
    let app = TestApp::start().await;
    let ([ada, ben, cleo], group) = group(&app).await;
    ben.add(&group, &cleo).await.ok();
    let link = json!({ "uses": 1 });
    for _ in 0..10 {
        ben.in_group(&group, "invites", link.clone()).await.ok();
    }
    ada.in_group(&group, "invites", link.clone()).await.refused(403, "not_allowed");
    ada.in_group(&group, "settings", json!({ "adds": "admins" })).await.ok();
    assert_eq!(waiting(&cleo).await, json!([]));
    ada.add(&group, &cleo).await.ok();
    assert_eq!(waiting(&cleo).await[0]["by"]["id"], json!(ada.id));
    let made = ada.in_group(&group, "invites", link).await.ok();
    let links = ada.get(&format!("/api/groups/{group}/invites")).await.ok()["links"].clone();
    assert_eq!(links, json!([made]), "those of others lead nowhere, and are not shown");
    // The oldest gave way to it, and the others are good again once their maker may.
    ada.in_group(&group, "settings", json!({ "adds": "everyone" })).await.ok();
    let links = ada.get(&format!("/api/groups/{group}/invites")).await.ok()["links"].clone();
    assert_eq!(links.as_array().map(Vec::len), Some(10));
}

#[tokio::test]
async fn forms_answer_an_invitation_and_the_page_shows_it() {
    let app = TestApp::start().await;
    let ([ada, _ben, cleo], group) = group(&app).await;
    let page = format!("/c/{group}?details=1");
    let added = ada.post_form(&format!("/api/groups/{group}/add"), &page, &[("username", "cleo")]).await;
    assert_eq!(added.redirect(), page);
    let panel = ada.get(&page).await.text;
    assert!(panel.contains(&format!("/api/groups/{group}/uninvite")), "{panel}");
    let list = cleo.get("/").await.text;
    for part in [format!("/api/groups/{group}/accept"), format!("/api/groups/{group}/decline")] {
        assert!(list.contains(&part), "{part} in {list}");
    }
    assert!(list.contains("Group invitations"), "{list}");
    let joined = cleo.post_form(&format!("/api/groups/{group}/accept"), "/", &[]).await;
    assert_eq!(joined.redirect(), format!("/c/{group}"));
    assert_eq!(cleo.get(&format!("/c/{group}")).await.status, 200);
}

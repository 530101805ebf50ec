//! How two people become contacts, or do not.

use crate::app::{Person, TestApp, message_id};
use serde_json::{Value, json};

async fn pending(person: &Person) -> (Vec<Value>, Vec<Value>) {
    let pending = person.get("/api/friend-requests/pending").await.ok();
    let list = |side: &str| pending[side].as_array().expect("a list").clone();
    (list("incoming"), list("outgoing"))
}

async fn contacts(person: &Person) -> Vec<String> {
    let contacts = person.get("/api/contacts").await.ok();
    let names = contacts.as_array().expect("a list").iter();
    names.map(|contact| contact["username"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn a_request_waits_on_both_sides_until_it_is_accepted() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let sent = ada.try_ask("BEN").await.ok();
    assert_eq!(sent["state"], "pending");
    assert_eq!(sent["request"]["user"], json!({ "id": ben.id, "username": "ben" }));
    assert_eq!(sent["request"]["direction"], "outgoing");

    let (incoming, outgoing) = (pending(&ben).await.0, pending(&ada).await.1);
    assert_eq!(outgoing, [sent["request"].clone()]);
    assert_eq!(incoming[0]["user"], json!({ "id": ada.id, "username": "ada" }));
    assert_eq!((&incoming[0]["id"], &incoming[0]["direction"]), (&outgoing[0]["id"], &"incoming".into()));

    let request = incoming[0]["id"].as_str().expect("an id");
    let accepted = ben.answer("accept", request).await.ok();
    assert_eq!(accepted["state"], "accepted");
    assert_eq!(accepted["contact"]["username"], "ada");
    assert_eq!((contacts(&ada).await, contacts(&ben).await), (vec!["ben".into()], vec!["ada".into()]));
    assert_eq!((pending(&ada).await, pending(&ben).await), Default::default());

    // Said again, it is the same.
    assert_eq!(ben.answer("accept", request).await.ok(), accepted);
}

#[tokio::test]
async fn there_are_four_refusals() {
    let app = TestApp::start().await;
    let (ada, ben, _) = app.contacts("ada", "ben").await;
    let cleo = app.person("cleo").await;
    ada.ask(&cleo).await;
    for (name, status, code) in [
        ("nobody", 404, "no_such_user"),
        ("ADA", 422, "own_account"),
        ("ben", 409, "already_contact"),
        ("cleo", 409, "already_requested"),
    ] {
        let field = ada.try_ask(name).await.refused(status, code);
        assert_eq!(field.as_deref(), Some("username"), "{name}");
    }
    ben.try_ask("ada").await.refused(409, "already_contact");
}

#[tokio::test]
async fn crossed_requests_make_contacts() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    ada.ask(&ben).await;
    let crossed = ben.try_ask("ada").await.ok();
    assert_eq!((&crossed["state"], &crossed["contact"]["username"]), (&"accepted".into(), &"ada".into()));
    assert_eq!(contacts(&ada).await, ["ben"]);
}

#[tokio::test]
async fn requests_that_cross_at_the_same_moment_make_one_conversation() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let (a, b) = futures::join!(ada.try_ask("ben"), ben.try_ask("ada"));
    let states = [a.ok()["state"].clone(), b.ok()["state"].clone()];
    assert!(states.contains(&"accepted".into()), "{states:?}");
    let (a, b) = (ada.get("/api/conversations").await.ok(), ben.get("/api/conversations").await.ok());
    assert_eq!(a.as_array().map(Vec::len), Some(1));
    assert_eq!(a[0]["id"], b[0]["id"]);
}

#[tokio::test]
async fn a_rejection_is_silent_to_the_sender() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let request = ada.ask(&ben).await;
    let before = pending(&ada).await;
    assert_eq!(ben.answer("reject", &request).await.ok(), json!({ "state": "rejected" }));
    assert_eq!(pending(&ben).await, Default::default());
    assert_eq!(pending(&ada).await, before, "still waiting, as far as the sender can see");
    ada.try_ask("ben").await.refused(409, "already_requested");
    assert!(contacts(&ada).await.is_empty());
}

#[tokio::test]
async fn a_rejection_does_not_change_the_order_of_what_the_sender_sees() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let first = ada.ask(&ben).await;
    ada.ask(&app.person("cleo").await).await;
    let before = pending(&ada).await.1;
    ben.answer("reject", &first).await.ok();
    let after = pending(&ada).await.1;
    let order = |requests: &[Value]| requests.iter().map(|r| r["id"].clone()).collect::<Vec<_>>();
    assert_eq!(order(&after), order(&before));
}

#[tokio::test]
async fn taking_a_rejected_request_back_and_asking_again_does_not_get_through() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let request = ada.ask(&ben).await;
    let sent_at = pending(&ada).await.1[0]["sent_at"].as_str().expect("a moment").to_owned();
    ben.answer("reject", &request).await.ok();
    assert_eq!(ada.answer("cancel", &request).await.ok(), json!({ "state": "cancelled" }));
    assert_eq!(pending(&ada).await, Default::default());
    let again = ada.try_ask("ben").await.ok();
    assert_eq!(again["state"], "pending", "it looks like any other");
    assert_ne!(again["request"]["id"], request.as_str(), "as it would be after any other cancelling");
    assert!(again["request"]["sent_at"].as_str() > Some(sent_at.as_str()), "sent now: {again}");
    assert_eq!(pending(&ben).await, Default::default(), "but it is not shown");
}

#[tokio::test]
async fn whoever_rejected_may_ask_themselves_and_they_are_contacts() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let request = ada.ask(&ben).await;
    ben.answer("reject", &request).await.ok();
    assert_eq!(ben.try_ask("ada").await.ok()["state"], "accepted");
}

#[tokio::test]
async fn a_request_taken_back_is_gone_and_may_be_sent_again() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let request = ada.ask(&ben).await;
    ada.answer("cancel", &request).await.ok();
    assert_eq!((pending(&ada).await, pending(&ben).await), Default::default());
    ben.answer("accept", &request).await.refused(404, "not_found");
    let again = ada.ask(&ben).await;
    assert_ne!(again, request);
    ben.answer("accept", &request).await.refused(404, "not_found");
    ben.answer("accept", &again).await.ok();
}

#[tokio::test]
async fn each_side_can_do_only_its_own_part() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let request = ada.ask(&ben).await;
    ada.answer("accept", &request).await.refused(404, "not_found");
    ada.answer("reject", &request).await.refused(404, "not_found");
    ben.answer("cancel", &request).await.refused(404, "not_found");
    assert_eq!(pending(&ben).await.0.len(), 1);
}

#[tokio::test]
async fn a_request_of_others_looks_like_none() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let eve = app.person("eve").await;
    let request = ada.ask(&ben).await;
    for action in ["accept", "reject", "cancel"] {
        let others = eve.answer(action, &request).await;
        others.refused(404, "not_found");
        assert_eq!(others.text, eve.answer(action, &message_id()).await.text);
    }
    assert_eq!(pending(&eve).await, Default::default());
    assert_eq!(pending(&ben).await.0.len(), 1);
}

#[tokio::test]
async fn a_request_id_that_is_none_is_malformed() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    ada.answer("accept", "no id").await.refused(400, "malformed");
    ada.post("/api/friend-requests/accept", json!({})).await.refused(400, "malformed");
}

#[tokio::test]
async fn contacts_come_by_name_with_their_conversation_and_presence() {
    let app = TestApp::start().await;
    let (ada, zoe, with_zoe) = app.contacts("ada", "zoe").await;
    let ben = app.person("Ben").await;
    ada.befriend(&ben).await;
    let _socket = zoe.socket().await;
    let contacts = ada.get("/api/contacts").await.ok();
    assert_eq!((&contacts[0]["username"], &contacts[0]["online"]), (&"Ben".into(), &false.into()));
    assert_eq!((&contacts[1]["username"], &contacts[1]["online"]), (&"zoe".into(), &true.into()));
    assert_eq!((&contacts[1]["id"], &contacts[1]["conversation_id"]), (&json!(zoe.id), &json!(with_zoe)));
}

//! Who is there, told to contacts only.

use crate::app::TestApp;
use serde_json::json;

#[tokio::test]
async fn a_contact_who_comes_is_announced_once_however_many_devices() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let mut watcher = ada.socket().await;
    let mut phone = ben.socket().await;
    let event = watcher.hear("presence_changed").await;
    assert_eq!((&event["user_id"], &event["online"]), (&json!(ben.id), &json!(true)));

    let _tablet = ben.socket().await;
    phone.write(&conversation, "I am here").await;
    watcher.hear("new_message").await;
    assert_eq!(watcher.passed_over("presence_changed"), 0);
    assert_eq!(ada.get("/api/contacts").await.ok()[0]["online"], true);
}

#[tokio::test]
async fn strangers_are_told_nothing() {
    let app = TestApp::start().await;
    let (ada, ben, _) = app.contacts("ada", "ben").await;
    let eve = app.person("eve").await;
    eve.ask(&ben).await;
    let (mut stranger, mut friend) = (eve.socket().await, ada.socket().await);
    let _online = ben.socket().await;
    friend.hear("presence_changed").await;
    stranger.resume(json!({})).await;
    assert_eq!(stranger.passed_over("presence_changed"), 0);
}

#[tokio::test]
async fn an_absence_of_five_seconds_is_announced_and_a_reload_is_not() {
    let app = TestApp::start().await;
    let (ada, ben, _) = app.contacts("ada", "ben").await;
    let mut watcher = ada.socket().await;
    let before = ben.socket().await;
    watcher.hear("presence_changed").await;
    before.leave().await;
    let after = ben.socket().await;
    after.leave().await;
    let left = std::time::Instant::now();

    let event = watcher.hear("presence_changed").await;
    assert_eq!((&event["user_id"], &event["online"]), (&json!(ben.id), &json!(false)), "not the reload");
    assert!(event["last_seen"].is_string(), "{event}");
    assert!(left.elapsed().as_secs() >= 4, "not before five seconds: {:?}", left.elapsed());
    let contact = ada.get("/api/contacts").await.ok()[0].clone();
    assert_eq!((&contact["online"], &contact["last_seen"]), (&json!(false), &event["last_seen"]));
}

#[tokio::test]
async fn a_log_out_is_a_departure() {
    let app = TestApp::start().await;
    let (ada, ben, _) = app.contacts("ada", "ben").await;
    let mut watcher = ada.socket().await;
    let _socket = ben.socket().await;
    watcher.hear("presence_changed").await;
    ben.post("/auth/logout", json!({})).await;
    assert_eq!(watcher.hear("presence_changed").await["online"], false);
}

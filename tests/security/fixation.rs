//! Every log-in has a session id of its own (OWASP ASVS 5.0, 7.2.4).

use crate::app::{PASSWORD, TestApp};
use model::event::close;

#[tokio::test]
async fn the_id_from_before_the_log_in_is_not_the_one_after_it() {
    let app = TestApp::start().await;
    app.person("ada").await;
    let visitor = app.visitor();
    // A refused form gives a session to somebody who is not signed in.
    let fields = [("mode", "login"), ("username", "ada"), ("password", "not the password")];
    visitor.post_form("/auth", "/auth", &fields).await.redirect();
    let before = visitor.cookie("sid").expect("a session for the error");
    let fixed = visitor.copy();

    visitor.log_in("ada", PASSWORD).await.ok();
    assert_ne!(visitor.cookie("sid"), Some(before));
    fixed.get("/api/me").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn logging_in_as_somebody_else_ends_the_session_before_and_its_sockets() {
    let app = TestApp::start().await;
    let ben = app.person("ben").await;
    let ada = app.person("ada").await;
    let before = ada.copy();
    let mut socket = ada.socket().await;

    let user = ada.log_in("ben", PASSWORD).await.ok();
    assert_eq!(user["id"], ben.id.as_str());
    assert_ne!(ada.cookie("sid"), before.cookie("sid"));
    before.get("/api/me").await.refused(401, "not_signed_in");
    assert_eq!(socket.closed().await, close::SIGNED_OUT);
    assert_eq!(ada.get("/api/me").await.ok()["username"], "ben");
}

#[tokio::test]
async fn logging_in_again_gives_a_new_id_and_ends_the_old_one() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let before = ada.copy();
    ada.log_in("ada", PASSWORD).await.ok();
    assert_ne!(ada.cookie("sid"), before.cookie("sid"));
    before.get("/api/me").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn signing_up_while_signed_in_ends_the_session_before() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let before = ada.copy();
    ada.sign_up("second", PASSWORD).await.ok();
    before.get("/api/me").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn a_log_out_closes_the_sockets_of_that_session_only() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let phone = ada.on_another_device().await;
    let (mut first, mut second) = (ada.socket().await, ada.socket().await);
    let mut other = phone.socket().await;

    ada.post("/auth/logout", serde_json::json!({})).await;
    assert_eq!(first.closed().await, close::SIGNED_OUT);
    assert_eq!(second.closed().await, close::SIGNED_OUT);
    other.resume(serde_json::json!({})).await;
    phone.get("/api/me").await.ok();
}

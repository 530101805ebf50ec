//! Signing up, logging in and out.

use crate::app::{PASSWORD, TestApp};
use serde_json::json;

#[tokio::test]
async fn signing_up_answers_the_user_and_signs_in() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let user = visitor.sign_up("Ada.L", PASSWORD).await.ok();
    assert_eq!(user["username"], "Ada.L", "as it was typed");
    assert!(user["id"].as_str().is_some_and(|id| id.len() == 36), "{user}");
    assert_eq!(user.as_object().map(|user| user.len()), Some(2), "nothing else of the account: {user}");
    assert_eq!(visitor.get("/api/me").await.ok(), user);
}

#[tokio::test]
async fn logging_in_answers_the_user_whatever_the_case_of_the_name() {
    let app = TestApp::start().await;
    let ada = app.person("Ada").await;
    let user = app.visitor().log_in("aDA", PASSWORD).await.ok();
    assert_eq!(user, json!({ "id": ada.id, "username": "Ada" }));
}

#[tokio::test]
async fn logging_out_answers_204_and_ends_the_session() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let answer = ada.post("/auth/logout", json!({})).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    ada.get("/api/me").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn logging_out_without_a_session_is_no_error() {
    let app = TestApp::start().await;
    assert_eq!(app.visitor().post("/auth/logout", json!({})).await.status, 204);
}

#[tokio::test]
async fn without_a_session_nothing_is_answered_but_401() {
    let app = TestApp::start().await;
    let nobody = app.visitor();
    let id = crate::app::message_id();
    let messages = format!("/api/conversations/{id}/messages");
    for path in ["/api/me", "/api/users/search?q=a", "/api/friend-requests/pending", "/api/contacts"] {
        nobody.get(path).await.refused(401, "not_signed_in");
    }
    for path in ["/api/conversations", &messages] {
        nobody.get(path).await.refused(401, "not_signed_in");
    }
    for action in ["accept", "reject", "cancel"] {
        let path = format!("/api/friend-requests/{action}");
        nobody.post(&path, json!({ "request_id": id })).await.refused(401, "not_signed_in");
    }
    nobody
        .post("/api/friend-requests/send", json!({ "username": "ada" }))
        .await
        .refused(401, "not_signed_in");
    nobody.post(&messages, json!({ "id": id, "body": "hi" })).await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn a_name_that_breaks_the_rules_is_refused() {
    let app = TestApp::start().await;
    let long = "a".repeat(21);
    for name in ["", "ab", &long, "a b c", "ada!", "_ada", "ada.", "ädä", "аda", "$set", "{\"$ne\":1}"] {
        let field = app.visitor().sign_up(name, PASSWORD).await.refused(422, "invalid_username");
        assert_eq!(field.as_deref(), Some("username"), "{name}");
    }
}

#[tokio::test]
async fn names_of_three_and_of_twenty_characters_are_accepted() {
    let app = TestApp::start().await;
    for name in ["abc".to_owned(), "a".repeat(20), "a.b_c-9".to_owned()] {
        assert_eq!(app.visitor().sign_up(&name, PASSWORD).await.ok()["username"], name);
    }
}

#[tokio::test]
async fn a_name_is_taken_regardless_of_case() {
    let app = TestApp::start().await;
    app.person("ada").await;
    let visitor = app.visitor();
    let field = visitor.sign_up("ADA", PASSWORD).await.refused(409, "username_taken");
    assert_eq!(field.as_deref(), Some("username"));
    visitor.get("/api/me").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_get_the_same_answer() {
    let app = TestApp::start().await;
    app.person("ada").await;
    let wrong = app.visitor().log_in("ada", "not the password").await;
    let field = wrong.refused(401, "wrong_credentials");
    for name in ["nobody", "", "$set", "no such name, and too long for one"] {
        let unknown = app.visitor().log_in(name, PASSWORD).await;
        assert_eq!(unknown.refused(401, "wrong_credentials"), field);
        assert_eq!(unknown.text, wrong.text);
    }
}

#[tokio::test]
async fn a_refused_log_in_leaves_the_session_that_was_there() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    ada.log_in("ada", "not the password").await.refused(401, "wrong_credentials");
    assert_eq!(ada.get("/api/me").await.ok()["id"], ada.id.as_str());
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_as_malformed() {
    let app = TestApp::start().await;
    let nobody = app.visitor();
    let post = || nobody.call(reqwest::Method::POST, "/auth");
    post().body("application/json", "{").send().await.refused(400, "malformed");
    post().body("text/plain", "{}").send().await.refused(400, "malformed");
    nobody.post("/auth", json!({})).await.refused(400, "malformed");
    let other = json!({ "mode": "other", "username": "ada", "password": PASSWORD });
    nobody.post("/auth", other).await.refused(400, "malformed");
}

#[tokio::test]
async fn unknown_fields_are_ignored() {
    let app = TestApp::start().await;
    let fields = json!({ "mode": "signup", "username": "ada", "password": PASSWORD, "admin": true });
    app.visitor().post("/auth", fields).await.ok();
    app.visitor().log_in("ada", PASSWORD).await.ok();
}

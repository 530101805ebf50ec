//! What a supervisor asks.

use crate::app::TestApp;
use sotto::web::{StartError, bind};

#[tokio::test]
async fn a_server_with_its_store_lives_and_is_ready() {
    let app = TestApp::start().await;
    assert_eq!(app.visitor().get("/health/live").await.status, 200);
    assert_eq!(app.visitor().get("/health/ready").await.status, 200);
}

#[tokio::test]
async fn without_its_store_it_lives_and_says_what_is_missing() {
    let app = TestApp::start().await;
    app.store.close().await;
    assert_eq!(app.visitor().get("/health/live").await.status, 200);
    let ready = app.visitor().get("/health/ready").await;
    assert_eq!(ready.status, 503);
    assert!(ready.text.contains("store"), "{}", ready.text);
}

#[tokio::test]
async fn without_its_store_a_log_in_is_answered_with_503() {
    let app = TestApp::start().await;
    app.person("ada").await;
    app.store.close().await;
    let answer = app.visitor().log_in("ada", crate::app::PASSWORD).await;
    answer.refused(503, "unavailable");
    assert!(answer.header("retry-after").is_some());
}

#[tokio::test]
async fn without_its_store_whoever_is_signed_in_is_answered_with_503() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    app.store.close().await;
    for path in ["/api/me", "/api/contacts", "/api/conversations"] {
        let answer = ada.get(path).await;
        answer.refused(503, "unavailable");
        assert!(answer.header("retry-after").is_some());
    }
}

#[tokio::test]
async fn an_address_in_use_is_said_so() {
    let app = TestApp::start().await;
    let error = bind(app.addr).await.expect_err("somebody listens there");
    assert!(matches!(error, StartError::AddressInUse(addr) if addr == app.addr), "{error}");
    assert!(error.to_string().contains("SOTTO_ADDR"), "{error}");
}

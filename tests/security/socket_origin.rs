//! Only the site's own pages open a socket (OWASP ASVS 5.0, 4.4.2).

use crate::app::TestApp;

#[tokio::test]
async fn another_origin_is_refused_before_the_upgrade() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let port = app.addr.port();
    for origin in [
        "https://evil.example".to_owned(),
        "null".to_owned(),
        format!("http://127.0.0.1:{port}.evil.example"),
        format!("http://127.0.0.1.evil.example:{port}"),
        format!("http://127.0.0.1:{}", port ^ 1),
        "http://127.0.0.1".to_owned(),
        format!("https://127.0.0.1:{port}"),
        format!("http://127.0.0.1:{port}/"),
        format!("HTTP://127.0.0.1:{port}"),
        format!("http://user@127.0.0.1:{port}"),
        String::new(),
    ] {
        assert_eq!(ada.connect_from(Some(&origin)).await.err(), Some(403), "{origin}");
    }
    assert_eq!(ada.connect_from(None).await.err(), Some(403));
    assert!(ada.connect().await.is_ok());
}

#[tokio::test]
async fn without_a_session_there_is_no_socket() {
    let app = TestApp::start().await;
    assert_eq!(app.visitor().connect().await.err(), Some(401));
    assert_eq!(app.visitor().connect_from(Some("null")).await.err(), Some(403));
}

#[tokio::test]
async fn a_plain_request_is_no_socket() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let call = ada.call(reqwest::Method::GET, "/ws").header("origin", &app.origin);
    call.send().await.refused(400, "malformed");
}

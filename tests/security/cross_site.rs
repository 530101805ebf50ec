//! No other site can make a browser change anything here (OWASP ASVS 5.0, 3.5).

use crate::app::{Person, TestApp, message_id};
use reqwest::Method;
use serde_json::json;
use sotto::web::addresses;

/// Every address that takes a POST, as the router itself says.
fn posts() -> Vec<&'static str> {
    addresses().into_iter().filter(|(method, _)| *method == Method::POST).map(|(_, path)| path).collect()
}

fn paths() -> impl Iterator<Item = String> {
    posts().into_iter().map(|path| path.replace("{id}", &message_id()))
}

#[tokio::test]
async fn what_changes_something_is_posted() {
    // Server functions are all registered once there is a router.
    let _app = TestApp::start().await;
    assert!(posts().len() > 12, "{:?}", posts());
    for (method, path) in addresses() {
        assert!([Method::GET, Method::POST].contains(&method), "{method} {path}");
    }
}

#[tokio::test]
async fn every_post_from_elsewhere_is_refused() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    for path in paths() {
        let post = || ada.call(Method::POST, &path).json(json!({}));
        for site in ["cross-site", "same-site", "none", "same-origin, cross-site", ""] {
            let call = post().without_origin().header("sec-fetch-site", site);
            call.send().await.refused(403, "cross_site");
            // Whatever the origin says.
            if site != "none" {
                post().header("sec-fetch-site", site).send().await.refused(403, "cross_site");
            }
        }
        let port = app.addr.port();
        for origin in [
            "null".to_owned(),
            "https://evil.example".to_owned(),
            format!("https://127.0.0.1:{port}"),
            format!("http://127.0.0.1:{port}.evil.example"),
            format!("http://evil.example:{port}"),
            "http://127.0.0.1".to_owned(),
        ] {
            post().header("origin", &origin).send().await.refused(403, "cross_site");
        }
        post().without_origin().send().await.refused(403, "cross_site");
    }
    assert_eq!(ada.get("/api/me").await.ok()["id"], ada.id.as_str(), "not signed out either");
}

#[tokio::test]
async fn a_form_from_elsewhere_is_refused() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    for path in paths() {
        let form = ada.call(Method::POST, &path).form(&[("username", "x")]).header("origin", "null");
        form.send().await.refused(403, "cross_site");
    }
}

#[tokio::test]
async fn every_other_unsafe_method_from_elsewhere_is_refused() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    for path in paths().chain(["/".into(), "/api/me".into(), "/health/live".into(), "/nowhere".into()]) {
        for method in [Method::PUT, Method::PATCH, Method::DELETE] {
            let call = ada.call(method, &path).header("sec-fetch-site", "cross-site");
            call.send().await.refused(403, "cross_site");
        }
    }
}

#[tokio::test]
async fn the_sites_own_pages_are_let_through() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    // Those two take no body that could be malformed.
    for path in paths().filter(|path| path != "/auth/logout" && !path.ends_with("/end-others")) {
        let post = || ada.call(Method::POST, &path).json(json!({}));
        let by_origin = post().send().await;
        let by_site = post().without_origin().header("sec-fetch-site", "same-origin").send().await;
        assert_eq!((by_origin.status, by_site.status), (400, 400), "{path}: {}", by_site.text);
    }
    for host in ["localhost", "[::1]"] {
        let origin = format!("http://{host}:{}", app.addr.port());
        let call = ada.call(Method::POST, "/auth").json(json!({})).header("origin", &origin);
        call.send().await.refused(400, "malformed");
    }
}

/// What a GET could have changed.
async fn everything(person: &Person) -> Vec<String> {
    let mut texts = Vec::new();
    for path in
        ["/api/me", "/api/me/sessions", "/api/contacts", "/api/conversations", "/api/friend-requests/pending"]
    {
        texts.push(person.get(path).await.text);
    }
    texts
}

#[tokio::test]
async fn no_get_changes_anything() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let cleo = app.person("cleo").await;
    let request = cleo.ask(&ada).await;
    ben.write(&conversation, "unread").await;
    let before = everything(&ada).await;
    for path in posts().into_iter().map(|path| path.replace("{id}", &conversation)) {
        let query =
            format!("request_id={request}&username=dora&id={}&body=hello&display_name=X", message_id());
        for path in [path.clone(), format!("{path}?{query}")] {
            let answer = ada.get(&path).await;
            // The page for logging in sends on whoever has.
            if !path.contains("/messages") && !path.starts_with("/auth?") && path != "/auth" {
                assert!(matches!(answer.status, 404 | 405), "GET {path}: {} {}", answer.status, answer.text);
            }
        }
    }
    for path in ["/", &format!("/c/{conversation}"), "/auth?mode=signup&username=dora&password=long+enough"] {
        ada.get(path).await;
    }
    assert_eq!(everything(&ada).await, before);
}

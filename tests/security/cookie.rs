//! The session cookie's flags (OWASP ASVS 5.0, 3.3).

use crate::app::{Answer, TestApp, Visitor};
use serde_json::json;
use sotto::kit::config::Origin;
use std::collections::BTreeSet;

const SITE: &str = "https://chat.example.org";

/// The one `Set-Cookie` of this name: its value and its flags.
fn cookie(answer: &Answer, name: &str) -> (String, BTreeSet<String>) {
    let cookies = answer.set_cookies(name);
    assert_eq!(cookies.len(), 1, "one cookie: {:?}", answer.headers);
    let mut parts = cookies[0].split("; ").map(str::to_owned);
    let pair = parts.next().expect("a name and a value");
    (pair.split_once('=').expect("a value").1.to_owned(), parts.collect())
}

fn flags<const N: usize>(flags: [&str; N]) -> BTreeSet<String> {
    flags.into_iter().map(str::to_owned).collect()
}

async fn over_https() -> (TestApp, Visitor) {
    let app = TestApp::with(|config| config.origin = Origin::parse(SITE)).await;
    let visitor = Visitor::new(app.addr, SITE);
    (app, visitor)
}

#[tokio::test]
async fn a_log_in_sets_it_with_every_flag() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let (id, found) = cookie(&visitor.sign_up("ada", crate::app::PASSWORD).await, "sid");
    assert!(id.len() >= 22, "128 bits at least");
    assert_eq!(found, flags(["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=1209600"]));
}

#[tokio::test]
async fn a_log_out_removes_it_with_the_same_flags_and_the_old_id_is_dead() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let before = ada.copy();
    let (value, found) = cookie(&ada.post("/auth/logout", json!({})).await, "sid");
    assert_eq!(value, "");
    assert!(flags(["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=0"]).is_subset(&found), "{found:?}");
    assert!(!found.contains("Secure"), "{found:?}");
    before.get("/api/me").await.refused(401, "not_signed_in");
    assert_eq!(before.connect().await.err(), Some(401));
}

#[tokio::test]
async fn over_https_it_is_bound_to_the_host_and_secure_when_set_and_when_removed() {
    let (_app, visitor) = over_https().await;
    let answer = visitor.sign_up("ada", crate::app::PASSWORD).await;
    let (_, found) = cookie(&answer, "__Host-sid");
    assert_eq!(found, flags(["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=1209600", "Secure"]));
    assert!(answer.set_cookies("sid").is_empty());

    let (value, found) = cookie(&visitor.post("/auth/logout", json!({})).await, "__Host-sid");
    assert_eq!(value, "");
    let expected = flags(["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=0", "Secure"]);
    assert!(expected.is_subset(&found), "{found:?}");
}

#[tokio::test]
async fn over_https_only_the_sites_own_origin_counts() {
    let (app, visitor) = over_https().await;
    visitor.sign_up("ada", crate::app::PASSWORD).await.ok();
    visitor.connect().await.expect("a socket from the site itself");
    let local = app.visitor();
    local.log_in("ada", crate::app::PASSWORD).await.refused(403, "cross_site");
    assert_eq!(visitor.connect_from(Some(&app.origin)).await.err(), Some(403));
    assert_eq!(visitor.connect_from(Some("http://chat.example.org")).await.err(), Some(403));
}

#[tokio::test]
async fn a_request_with_an_old_cookie_does_not_take_a_new_one_away() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let before = ada.copy();
    ada.post("/auth/logout", json!({})).await;
    // On its way while somebody logs in anew in the same browser, and answered afterwards.
    for path in ["/auth", "/", "/api/me"] {
        assert!(before.get(path).await.set_cookies("sid").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn a_request_that_changes_nothing_sets_no_cookie() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    for path in ["/", "/api/me", "/api/contacts", "/health/live"] {
        assert!(ada.get(path).await.headers.get("set-cookie").is_none(), "{path}");
    }
    assert!(app.visitor().get("/auth").await.headers.get("set-cookie").is_none());
}

#[tokio::test]
async fn an_invented_id_is_worth_nothing() {
    let app = TestApp::start().await;
    for id in ["", "AAAAAAAAAAAAAAAAAAAAAA", "not base64!", &"A".repeat(5000)] {
        let call = app.visitor().call(reqwest::Method::GET, "/api/me").header("cookie", &format!("sid={id}"));
        call.send().await.refused(401, "not_signed_in");
    }
}

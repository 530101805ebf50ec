//! What browsers are told never to do here (OWASP ASVS 5.0, 3.4).

use crate::app::{Answer, TestApp};
use sotto::kit::config::Origin;

fn policy(answer: &Answer) -> Vec<String> {
    let policy = answer.header("content-security-policy").expect("a policy");
    policy.split(';').map(|part| part.trim().to_owned()).collect()
}

fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy").expect("a policy");
    let (_, rest) = policy.split_once("'nonce-").expect("a nonce");
    rest.split_once('\'').expect("its end").0.to_owned()
}

#[tokio::test]
async fn every_answer_carries_them() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let refused = app.visitor().post("/auth", serde_json::json!({})).await;
    let cross_site = app.visitor().call(reqwest::Method::POST, "/auth").without_origin().send().await;
    let mut answers =
        vec![refused, cross_site, app.visitor().get("/").await, app.visitor().get("/auth").await];
    for path in ["/", "/api/me", "/nowhere", "/api/nowhere", "/ws", "/health/live"] {
        answers.push(ada.get(path).await);
    }
    for answer in answers {
        let parts = policy(&answer);
        for part in ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(parts.iter().any(|found| found == part), "{part} is missing: {parts:?}");
        }
        let script = format!("script-src 'self' 'nonce-{}' 'wasm-unsafe-eval'", nonce(&answer));
        assert!(parts.contains(&script), "{parts:?}");
        assert!(!parts.concat().contains("'unsafe-inline'") && !parts.concat().contains("'unsafe-eval'"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"));
        assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"));
        let permissions = answer.header("permissions-policy").expect("a policy");
        assert!(permissions.contains("camera=()") && permissions.contains("geolocation=()"));
    }
}

#[tokio::test]
async fn a_nonce_is_used_once_and_stands_on_every_inline_script() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let mut nonces = std::collections::BTreeSet::new();
    for path in ["/", "/", &format!("/c/{conversation}"), "/nowhere", "/auth"] {
        let visitor = if path == "/auth" { app.visitor() } else { ada.copy() };
        let page = visitor.get(path).await;
        let nonce = nonce(&page);
        assert!(nonce.len() >= 22, "128 bits at least: {nonce}");
        let scripts: Vec<_> = page.text.match_indices("<script").map(|(at, _)| &page.text[at..]).collect();
        assert_eq!(scripts.is_empty(), path == "/nowhere", "the page of a lost address needs none: {path}");
        for script in scripts {
            let tag = script.split_once('>').expect("the end of a tag").0;
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: {tag}");
        }
        assert!(nonces.insert(nonce), "used before");
    }
}

#[tokio::test]
async fn no_page_has_inline_styles_or_handlers() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    app.person("cleo").await.ask(&ada).await;
    ben.write(&conversation, "see https://example.org for more").await;
    let _online = ben.socket().await;
    let (nobody, ada) = (app.visitor(), ada.copy());
    for (visitor, path) in [
        (&nobody, "/auth".to_owned()),
        (&nobody, "/auth?mode=signup".to_owned()),
        (&nobody, "/nowhere".to_owned()),
        (&ada, "/".to_owned()),
        (&ada, "/?find=cle".to_owned()),
        (&ada, format!("/c/{conversation}")),
    ] {
        let page = visitor.get(&path).await.text;
        for forbidden in [" style=", "<style", " onclick=", " onload=", " onerror=", "javascript:"] {
            assert!(!page.contains(forbidden), "{path} has {forbidden}: {page}");
        }
    }
}

#[tokio::test]
async fn what_a_person_sees_is_not_cached() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    for path in ["/", "/api/me", "/api/contacts", "/nowhere"] {
        assert_eq!(ada.get(path).await.header("cache-control"), Some("no-store"), "{path}");
    }
}

#[tokio::test]
async fn strict_transport_is_asked_for_over_https_only() {
    let app = TestApp::start().await;
    assert!(app.visitor().get("/auth").await.header("strict-transport-security").is_none());
    let app = TestApp::with(|config| config.origin = Origin::parse("https://chat.example.org")).await;
    let answer = app.visitor().get("/auth").await;
    assert!(answer.header("strict-transport-security").is_some_and(|value| value.contains("max-age=")));
}

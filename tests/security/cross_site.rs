//! No other site can make a browser change anything here (OWASP ASVS 5.0, 3.5).

use crate::app::{PASSWORD, Person, TestApp, message_id};
use reqwest::Method;
use serde_json::json;
use sotto::{kit::config::Origin, web::addresses};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Every address that takes a POST, as the router itself says.
fn posts() -> Vec<&'static str> {
    addresses().into_iter().filter(|(method, _)| *method == Method::POST).map(|(_, path)| path).collect()
}

fn paths() -> impl Iterator<Item = String> {
    posts().into_iter().map(|path| path.replace("{id}", &message_id()).replace("{message}", &message_id()))
}

#[tokio::test]
async fn what_changes_something_is_posted() {
    // Server functions are all registered once there is a router.
    let _app = TestApp::start().await;
    assert!(posts().len() > 12, "{:?}", posts());
    for (method, path) in addresses() {
        // Uploads are as tus has them.
        let is_upload = path.starts_with("/api/files");
        assert!([Method::GET, Method::POST].contains(&method) || is_upload, "{method} {path}");
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
        // Which a browser lets every site send without asking, too.
        let form = ada.call(Method::POST, &path).form_with_files(&[("body", "x")], &[("x", b"x")]);
        form.header("origin", "null").send().await.refused(403, "cross_site");
    }
    assert_eq!(std::fs::read_dir(app.files.path()).expect("a folder").count(), 0, "nothing was received");
}

#[tokio::test]
async fn every_other_unsafe_method_from_elsewhere_is_refused() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let others = ["/", "/api/me", "/health/live", "/nowhere"].map(str::to_owned);
    let upload = format!("/api/files/{}", message_id());
    for path in paths().chain(others).chain([upload]) {
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
    // Those take no body that could be malformed.
    let bodiless = |path: &String| {
        path == "/auth/logout"
            // It is asked in tus, or not at all.
            || path == "/api/files"
            || path.starts_with("/api/groups/")
                && ["/accept", "/decline", "/invites"].iter().any(|end| path.ends_with(end))
            || ["/end-others", "/leave", "/delete", "/pin", "/unpin"].iter().any(|end| path.ends_with(end))
                && path != "/api/me/delete"
    };
    for path in paths().filter(|path| !bodiless(path)) {
        let post = || ada.call(Method::POST, &path).json(json!({}));
        let by_origin = post().send().await;
        let by_site = post().without_origin().header("sec-fetch-site", "same-origin").send().await;
        assert_eq!((by_origin.status, by_site.status), (400, 400), "{path}: {}", by_site.text);
    }
    for host in ["localhost", "[::1]"] {
        let host = format!("{host}:{}", app.addr.port());
        let call = ada.call(Method::POST, "/auth").json(json!({})).header("host", &host);
        call.header("origin", &format!("http://{host}")).send().await.refused(400, "malformed");
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
    for path in posts()
        .into_iter()
        .map(|path| path.replace("{id}", &conversation).replace("{message}", &message_id()))
    {
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

#[tokio::test]
async fn another_name_leads_to_ours_and_does_nothing_here() {
    let app = TestApp::with(|config| config.origin = Origin::parse("http://localhost:4100")).await;
    let visitor = app.visitor();
    let by = |method, path: &str, host: &str| visitor.call(method, path).header("host", host);
    for path in ["/", "/auth?next=/c/1", "/api/me", "/settings", "/nothing"] {
        for host in ["127.0.0.1:4100", "evil.localhost:4100", "localhost:4101", "localhost"] {
            let answer = by(Method::GET, path, host).send().await;
            let to = format!("http://localhost:4100{path}");
            assert_eq!((answer.status, answer.header("location")), (307, Some(to.as_str())), "{host}{path}");
        }
    }
    let fields = json!({ "mode": "signup", "username": "ada", "password": PASSWORD });
    // As a page of that other name sends it, which a browser calls the same site.
    let call =
        by(Method::POST, "/auth", "evil.localhost:4100").header("origin", "http://evil.localhost:4100");
    let answer = call.header("sec-fetch-site", "same-origin").json(fields.clone()).send().await;
    answer.refused(403, "cross_site");
    assert!(answer.text.contains("This chat is at http://localhost:4100"), "{}", answer.text);
    let own = by(Method::POST, "/auth", "localhost:4100").header("origin", "http://localhost:4100");
    own.json(fields).send().await.ok();
    assert_eq!(by(Method::GET, "/health/ready", "10.0.0.5:3000").send().await.status, 200, "a supervisor");
    // One who is a proxy that nobody told us of is not led in a circle.
    let forwarded = by(Method::GET, "/auth", "127.0.0.1:3000").header("x-forwarded-for", "203.0.113.9");
    assert_eq!(forwarded.send().await.status, 303, "who is signed in already");
}

#[tokio::test]
async fn without_an_address_of_its_own_this_machines_names_are_answered_and_no_others() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let get = async |host: &str| visitor.call(Method::GET, "/auth").header("host", host).send().await.status;
    for host in ["localhost:9", "127.0.0.1", "[::1]:3000", "LOCALHOST"] {
        assert_eq!(get(host).await, 200, "{host}");
    }
    for host in ["evil.localhost", "evil.example", "127.0.0.1.evil.example:80", "192.168.0.9:3000"] {
        assert_eq!(get(host).await, 307, "{host}");
    }
}

#[tokio::test]
async fn a_request_with_two_names_for_the_site_is_refused() {
    let app = TestApp::start().await;
    let ask = async |hosts: &[&str]| {
        let hosts: String = hosts.iter().map(|host| format!("Host: {host}\r\n")).collect();
        let mut connection = TcpStream::connect(app.addr).await.expect("a connection");
        let request = format!("GET /auth HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n");
        connection.write_all(request.as_bytes()).await.expect("a request");
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.expect("an answer");
        answer
    };
    let own = app.addr.to_string();
    assert!(ask(&[&own]).await.starts_with("HTTP/1.1 200 "));
    for hosts in [[own.as_str(), "evil.example"], ["evil.example", &own], [&own, &own]] {
        let answer = ask(&hosts).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{hosts:?}: {answer}");
    }
}

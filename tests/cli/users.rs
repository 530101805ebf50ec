//! `sotto user`, with and without a running server.

use super::program::Place;
use crate::app::{PASSWORD, Person};
use serde_json::Value;
use std::time::{Duration, Instant};

/// What a running server may take to notice (70-security.md of the design, point 3).
const AT_ONCE: Duration = Duration::from_secs(2);
const SIGNED_OUT: u16 = 4401;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| panic!("no JSON: {text}"))
}

#[test]
fn accounts_are_made_and_listed() {
    let place = Place::new();
    for name in ["Ben", "anna"] {
        let said = place.run_with(&["user", "add", name], &format!("{PASSWORD}\n")).ok();
        assert_eq!(said, format!("{name} can log in.\n"));
    }
    let table = place.run(&["user", "list"]).ok();
    let lines: Vec<_> = table.lines().collect();
    assert!(lines[0].starts_with("NAME  STATE   SINCE (UTC)"), "{table}");
    assert!(lines[1].starts_with("anna  active  20") && lines[2].starts_with("Ben   active  20"), "{table}");
    let listed = json(&place.run(&["user", "list", "--json"]).ok());
    assert_eq!(listed[0]["username"], "anna");
    assert_eq!((listed[1]["username"].as_str(), &listed[1]["disabled_at"]), (Some("Ben"), &Value::Null));
    assert!(listed[1]["created_at"].as_str().is_some_and(|at| at.ends_with('Z')), "{listed}");
    assert!(!listed.to_string().contains("hash"), "{listed}");
}

#[test]
fn what_cannot_be_done_is_said_in_one_sentence() {
    let place = Place::new();
    let refusal = place.run(&["user", "list"]).failed();
    assert!(refusal.starts_with("there is no data in data"), "{refusal}");
    assert!(!place.path().join("data").exists(), "and none is made by looking");
    place.run_with(&["user", "add", "anna"], PASSWORD).ok();
    for (arguments, input, expected) in [
        (&["user", "add", "Anna"][..], PASSWORD, "the name Anna is taken"),
        (&["user", "add", "a b"], PASSWORD, "A username consists of"),
        (&["user", "add", "ben"], "", "no password came"),
        (&["user", "add", "ben"], "short", "A password has at least 8"),
        (&["user", "add", "ben"], "password1", "This password is one of the most common"),
        (&["user", "passwd", "ben"], PASSWORD, "nobody is called \"ben\""),
        (&["user", "disable", "ben"], "", "nobody is called"),
        (&["user", "sessions", "ben"], "", "nobody is called"),
        (&["user", "delete", "anna"], "", "this cannot be undone"),
    ] {
        let refusal = place.run_with(arguments, input).failed();
        assert!(refusal.starts_with(expected), "{arguments:?}: {refusal}");
    }
    // Other users of the machine see arguments.
    assert_eq!(place.run(&["user", "passwd", "anna", PASSWORD]).code, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn disabling_ends_sessions_and_sockets_at_once_and_refuses_the_right_password_clearly() {
    let place = Place::new();
    let server = place.serve();
    let anna = Person::sign_up(server.visitor(), "anna").await;
    let ben = Person::sign_up(server.visitor(), "ben").await;
    let (mut socket, mut other) = (anna.socket().await, ben.socket().await);

    let said = place.run(&["user", "disable", "ANNA"]).ok();
    let done = Instant::now();
    assert_eq!(said, "anna is disabled; 1 session was ended.\n");
    assert_eq!(socket.closed().await, SIGNED_OUT);
    assert!(done.elapsed() < AT_ONCE, "{:?}", done.elapsed());
    anna.get("/api/me").await.refused(401, "not_signed_in");
    anna.log_in("anna", PASSWORD).await.refused(403, "account_disabled");
    anna.log_in("anna", "another password").await.refused(401, "wrong_credentials");
    let listed = json(&place.run(&["user", "list", "--json"]).ok());
    let since = listed[0]["disabled_at"].clone();
    assert!(since.is_string(), "{listed}");
    assert_eq!(place.run(&["user", "disable", "anna"]).ok(), "anna is disabled; 0 sessions were ended.\n");
    assert_eq!(json(&place.run(&["user", "list", "--json"]).ok())[0]["disabled_at"], since);

    assert_eq!(place.run(&["user", "enable", "anna"]).ok(), "anna can log in.\n");
    anna.log_in("anna", PASSWORD).await.ok();
    ben.get("/api/me").await.ok();
    other.resume(serde_json::json!({})).await;
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_what_the_old_one_began() {
    let place = Place::new();
    let server = place.serve();
    let anna = Person::sign_up(server.visitor(), "anna").await;
    let mut socket = anna.socket().await;
    let said = place.run_with(&["user", "passwd", "anna"], "a goose on a lake\r\n").ok();
    assert_eq!(said, "anna has a new password; 1 session was ended.\n");
    assert_eq!(socket.closed().await, SIGNED_OUT);
    anna.get("/api/me").await.refused(401, "not_signed_in");
    anna.log_in("anna", PASSWORD).await.refused(401, "wrong_credentials");
    anna.log_in("anna", "a goose on a lake").await.ok();
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_without_what_a_cookie_holds_and_can_be_ended() {
    let place = Place::new();
    let server = place.serve();
    let anna = Person::sign_up(server.visitor(), "anna").await;
    let elsewhere = anna.on_another_device().await;
    let mut socket = elsewhere.socket().await;
    let listed = json(&place.run(&["user", "sessions", "anna", "--json"]).ok());
    assert_eq!(listed.as_array().map(Vec::len), Some(2), "{listed}");
    let cookie = anna.cookie("sid").expect("a cookie");
    assert!(!listed.to_string().contains(&cookie), "{listed}");
    assert_eq!(place.run(&["user", "sessions", "anna"]).ok().lines().count(), 3);
    let said = place.run(&["user", "sessions", "anna", "--end"]).ok();
    assert_eq!(said, "anna: 2 sessions were ended.\n");
    assert_eq!(socket.closed().await, SIGNED_OUT);
    anna.get("/api/me").await.refused(401, "not_signed_in");
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_user_is_gone_for_everyone() {
    let place = Place::new();
    let server = place.serve();
    let anna = Person::sign_up(server.visitor(), "anna").await;
    let ben = Person::sign_up(server.visitor(), "ben").await;
    let conversation = anna.befriend(&ben).await;
    anna.write(&conversation, "hello").await;
    let cleo = Person::sign_up(server.visitor(), "cleo").await;
    anna.ask(&cleo).await;
    let mut socket = anna.socket().await;
    let (mut bens, mut cleos) = (ben.socket().await, cleo.socket().await);
    assert_eq!(place.run(&["user", "delete", "anna", "--yes"]).ok(), "anna is deleted.\n");
    assert_eq!(socket.closed().await, SIGNED_OUT);
    // Open pages learn it, too.
    assert_eq!(bens.hear("conversation_removed").await["conversation_id"], conversation.as_str());
    assert_eq!(bens.hear("contacts_updated").await["contacts"], serde_json::json!([]));
    let requests = cleos.hear("friend_request_changed").await["requests"].clone();
    assert_eq!(requests, serde_json::json!({ "incoming": [], "outgoing": [] }));
    anna.log_in("anna", PASSWORD).await.refused(401, "wrong_credentials");
    assert_eq!(ben.get("/api/contacts").await.ok(), serde_json::json!([]));
    ben.history(&conversation, "").await.refused(404, "not_found");
    Person::sign_up(server.visitor(), "anna").await;
    server.stop();
}

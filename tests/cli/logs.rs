//! The log: what stands in it, and what never does (70-security.md of the design, point 14).

use super::program::Place;
use crate::app::{PASSWORD, Person, message_id};
use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

const CANARY: &str = "canary-in-a-message-7f3a";

#[tokio::test(flavor = "multi_thread")]
async fn no_password_cookie_or_message_is_logged_at_any_level() {
    for format in ["text", "json"] {
        let place = Place::new();
        let all = "trace,tungstenite=trace,tungstenite::protocol=trace,tower_sessions_core::session=trace,hyper=trace,tower_sessions=trace,axum_login=trace,sotto=trace";
        let server = place.serve_with(&["--log-format", format], &[("SOTTO_LOG", all)]);
        let anna = Person::sign_up(server.visitor(), "anna").await;
        let ben = Person::sign_up(server.visitor(), "ben").await;
        let conversation = anna.befriend(&ben).await;
        let mut socket = ben.socket().await;
        anna.write(&conversation, CANARY).await;
        socket.hear_bodies(1).await;
        let own = socket.write(&conversation, &format!("{CANARY}-too")).await;
        socket.hear("message_acked").await;
        for event in [
            json!({ "type": "edit_message", "conversation_id": conversation, "id": own, "body": CANARY }),
            json!({ "type": "react", "conversation_id": conversation, "id": own, "emoji": "🦆", "on": true }),
            json!({ "type": "delete_message", "conversation_id": conversation, "id": own }),
        ] {
            socket.say(event).await;
            socket.hear("message_changed").await;
        }
        // What is refused is not written down either.
        for text in [format!("{{\"type\":\"{CANARY}\"}}"), CANARY.into(), format!("{{\"{CANARY}\":[")] {
            socket.say_raw(Message::text(text)).await;
            socket.hear("error").await;
        }
        let too_long = format!("{CANARY}{}", "x".repeat(4000));
        anna.try_write(&conversation, &message_id(), &too_long).await.refused(422, "invalid_message");
        anna.try_write(&conversation, CANARY, "x").await.refused(400, "malformed");
        anna.try_ask(CANARY).await.refused(404, "no_such_user");
        server.visitor().sign_up("anna2", "canary").await.refused(422, "invalid_password");
        anna.get(&format!("/?find={CANARY}")).await;
        anna.log_in("anna", "canary-as-a-wrong-password").await.refused(401, "wrong_credentials");
        let fields = [("mode", "login"), ("username", "anna"), ("password", "canary-as-a-form-password")];
        server.visitor().post_form("/auth", "/auth", &fields).await;
        let cookies = [&anna, &ben].map(|person| person.cookie("sid").expect("a cookie"));
        let log = server.stop();
        assert!(log.contains("login_failed") && log.len() > 5_000, "it is the log: {log}");
        let secrets = [PASSWORD, "canary", &cookies[0], &cookies[1], "$2b$"];
        for secret in secrets {
            let line = log.lines().find(|line| line.contains(secret));
            assert_eq!(line, None, "{secret}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn json_is_one_object_per_line_and_names_the_request() {
    let place = Place::new();
    let server = place.serve_with(&["--log-format", "json"], &[]);
    let visitor = server.visitor();
    let answer = visitor.call(Method::POST, "/auth").header("x-request-id", "made-up");
    let fields = serde_json::json!({ "mode": "login", "username": "anna", "password": PASSWORD });
    let answer = answer.json(fields).send().await;
    answer.refused(401, "wrong_credentials");
    let id = answer.header("x-request-id").expect("an id").to_owned();
    assert_ne!(id, "made-up");
    let next = visitor.get("/health/live").await;
    assert_ne!(next.header("x-request-id"), Some(id.as_str()), "each has its own");
    let log = server.stop();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let failed = lines.iter().find(|line| line["audit"] == "login_failed").expect("an audit line");
    let request = &failed["spans"][0];
    assert_eq!((&request["name"], &request["id"]), (&"request".into(), &id.into()), "{failed}");
    assert_eq!((&request["path"], &failed["level"]), (&"/auth".into(), &"WARN".into()), "{failed}");
}

#[test]
fn a_flood_of_connections_is_no_flood_of_lines() {
    use std::{
        io::{ErrorKind, Read},
        net::TcpStream,
        time::Duration,
    };
    let place = Place::new();
    let settings = [("SOTTO_LIMIT_CONNECTIONS_PER_ADDRESS", "1")];
    let server = place.serve_with(&["--log-format", "json"], &settings);
    let connect = || TcpStream::connect(server.addr()).expect("a connection");
    let open = connect();
    for _ in 0..20 {
        let mut refused = connect();
        refused.set_read_timeout(Some(Duration::from_secs(15))).expect("a timeout");
        let end = refused.read(&mut [0]).map_err(|error| error.kind());
        assert!(matches!(end, Ok(0) | Err(ErrorKind::ConnectionReset)), "{end:?}");
    }
    drop(open);
    let log = server.stop();
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).expect(line));
    let refused: Vec<_> = lines.filter(|line| line["limit"] == "connections_per_address").collect();
    let [line] = refused.as_slice() else { panic!("{refused:?}") };
    assert_eq!((&line["audit"], &line["from"]), (&"limit".into(), &"127.0.0.1".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_leaves_a_line_that_says_why() {
    let place = Place::new();
    let settings =
        [("SOTTO_LIMIT_SOCKETS", "1"), ("SOTTO_LIMIT_REQUESTS", "2"), ("SOTTO_LIMIT_SIGNUPS", "3")];
    let server = place.serve_with(&["--log-format", "json"], &settings);
    let anna = Person::sign_up(server.visitor(), "anna").await;
    let ben = Person::sign_up(server.visitor(), "ben").await;
    let eve = Person::sign_up(server.visitor(), "eve").await;
    let conversation = anna.befriend(&ben).await;

    let nobody = server.visitor();
    nobody.get("/api/me").await.refused(401, "not_signed_in");
    nobody.connect().await.err().expect("a refusal");
    nobody.log_in("anna", "not the password").await.refused(401, "wrong_credentials");
    nobody.sign_up("dora", PASSWORD).await.refused(429, "too_many");
    nobody.sign_up("dora", "password").await.refused(422, "invalid_password");
    nobody.sign_up("$ne", PASSWORD).await.refused(422, "invalid_username");
    let form = [("mode", "signup"), ("username", "an"), ("password", PASSWORD)];
    nobody.post_form("/auth", "/auth", &form).await.redirect();
    let foreign = anna.call(Method::POST, "/auth/logout").header("origin", "https://evil.example");
    foreign.send().await.refused(403, "cross_site");
    assert_eq!(anna.connect_from(Some("https://evil.example")).await.err(), Some(403));
    eve.history(&conversation, "").await.refused(404, "not_found");
    eve.post("/api/friend-requests/accept", json!({ "request_id": { "$ne": null } }))
        .await
        .refused(400, "malformed");
    anna.try_write(&conversation, &message_id(), &"x".repeat(70_000)).await.refused(413, "too_large");
    for _ in 0..2 {
        eve.try_ask("nobody-here").await.refused(404, "no_such_user");
    }
    eve.try_ask("nobody-here").await.refused(429, "too_many");

    let message = anna.write(&conversation, "mine").await;
    let mut socket = ben.socket().await;
    assert_eq!(ben.connect().await.err(), Some(429), "a second one");
    let delete = json!({ "type": "delete_message", "conversation_id": conversation, "id": message["id"] });
    socket.say(delete).await;
    assert_eq!(socket.hear("error").await["error"]["code"], "not_allowed");
    socket.write(&message_id(), "to nobody").await;
    socket.hear("message_refused").await;
    socket.say_raw(Message::binary(vec![1])).await;
    socket.hear("error").await;
    while socket.try_say(json!({ "type": "no_such_type" })).await {}
    let mut large = anna.socket().await;
    large.say_raw(Message::text("x".repeat(65 * 1024))).await;
    large.closed().await;

    let log = server.stop();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let audits: Vec<_> = lines.iter().filter(|line| line["audit"].is_string()).collect();
    let has = |audit: &str, code: &str| {
        audits.iter().any(|line| line["audit"] == audit && (code.is_empty() || line["code"] == code))
    };
    for (audit, code) in [
        ("login_failed", ""),
        ("cross_site", ""),
        ("limit", ""),
        ("unreadable", ""),
        ("refused", "not_signed_in"),
        ("refused", "wrong_credentials"),
        ("refused", "invalid_password"),
        ("refused", "invalid_username"),
        ("refused", "cross_site"),
        ("refused", "not_found"),
        ("refused", "no_such_user"),
        ("refused", "not_allowed"),
        ("refused", "malformed"),
        ("refused", "too_large"),
        ("refused", "too_many"),
    ] {
        assert!(has(audit, code), "{audit} {code} is not in {log}");
    }
    for limit in ["signups", "requests", "events"] {
        assert!(audits.iter().any(|line| line["limit"] == limit), "{limit} is not in {log}");
    }
    let of_form = |line: &&&Value| line["code"] == "invalid_username" && line["spans"][0]["path"] == "/auth";
    assert_eq!(audits.iter().filter(of_form).count(), 2, "a form's refusal is one, too");
    let by_socket = audits.iter().find(|line| line["code"] == "not_allowed").expect("a line");
    assert_eq!(by_socket["user"], ben.id.as_str(), "on a socket it names the user");
    let sockets = |line: &&&Value| line["code"] == "too_many" && line["spans"][0]["path"] == "/ws";
    assert_eq!(audits.iter().filter(sockets).count(), 1, "and a socket too many");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_again_and_again_is_summed_up() {
    let place = Place::new();
    let server = place.serve_with(&["--log-format", "json"], &[]);
    let anna = Person::sign_up(server.visitor(), "anna").await;
    let nobody = server.visitor();
    for _ in 0..200 {
        nobody.get("/api/me").await.refused(401, "not_signed_in");
        let foreign = nobody.call(Method::POST, "/auth").header("origin", "https://evil.example");
        foreign.json(json!({})).send().await.refused(403, "cross_site");
    }
    let mut socket = anna.socket().await;
    for _ in 0..100 {
        socket.say_raw(Message::text("no frame")).await;
        socket.hear("error").await;
    }
    // What others do does not hide what happens once.
    nobody.log_in("anna", "not the password").await.refused(401, "wrong_credentials");
    let log = server.stop();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert!(lines.iter().any(|line| line["audit"] == "login_failed"), "{log}");
    for (audit, code, done) in
        [("refused", "not_signed_in", 200), ("cross_site", "", 200), ("refused", "malformed", 100)]
    {
        let of = |line: &&Value| line["audit"] == audit && (code.is_empty() || line["code"] == code);
        let written = lines.iter().filter(of).count() as u64;
        assert!((30..45).contains(&written), "{audit} {code}: {written}");
        let kind = format!("{audit} {code}");
        let summed = lines.iter().filter(|line| line["repeated"] == kind.trim());
        let left_out: u64 = summed.map(|line| line["count"].as_u64().expect("a number")).sum();
        assert_eq!(written + left_out, done, "{audit} {code}: {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_too_busy_does_not_say_so_to_the_disk_each_time() {
    let place = Place::new();
    let server = place.serve_with(&["--log-format", "json"], &[("SOTTO_LIMIT_LOGIN_FAILURES", "100000")]);
    Person::sign_up(server.visitor(), "anna").await;
    let flood = (0..300).map(|_| {
        let visitor = server.visitor();
        tokio::spawn(async move { visitor.log_in("anna", PASSWORD).await.status })
    });
    let mut busy = 0;
    for answer in flood.collect::<Vec<_>>() {
        busy += usize::from(answer.await.expect("no panic") == 503);
    }
    assert!(busy > 100, "{busy}");
    let log = server.stop();
    assert!(log.lines().count() < 200, "{} lines for {busy} refusals", log.lines().count());
}

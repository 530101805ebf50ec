//! The log: what stands in it, and what never does (70-security.md of the design, point 14).

use super::program::Place;
use crate::app::{PASSWORD, Person};
use serde_json::Value;

const CANARY: &str = "canary-in-a-message-7f3a";

#[tokio::test(flavor = "multi_thread")]
async fn no_password_cookie_or_message_is_logged_at_any_level() {
    for format in ["text", "json"] {
        let place = Place::new();
        let all = "trace,tungstenite=trace,hyper=trace,tower_sessions=trace,axum_login=trace,sotto=trace";
        let server = place.serve_with(&["--log-format", format], &[("SOTTO_LOG", all)]);
        let anna = Person::sign_up(server.visitor(), "anna").await;
        let ben = Person::sign_up(server.visitor(), "ben").await;
        let conversation = anna.befriend(&ben).await;
        let mut socket = ben.socket().await;
        anna.write(&conversation, CANARY).await;
        socket.hear_bodies(1).await;
        socket.write(&conversation, &format!("{CANARY}-too")).await;
        socket.hear("message_acked").await;
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
    let answer = visitor.call(reqwest::Method::POST, "/auth").header("x-request-id", "made-up");
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

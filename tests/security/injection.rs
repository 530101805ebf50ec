//! What people type is data, whatever it looks like (OWASP ASVS 5.0, 1.2).

use crate::app::{PASSWORD, TestApp, message_id};
use reqwest::Method;
use serde_json::{Value, json};

/// Means something to a database, a shell or a regular expression, and nothing here.
const HOSTILE: [&str; 14] = [
    "%",
    "_",
    ".*",
    "(a+)+$",
    "{\"$ne\":null}",
    "' OR 1=1 --",
    "\"; DROP TABLE users",
    "[a-z]",
    "\\",
    "*",
    "^ada",
    "$where",
    "🦆",
    "a\0a",
];

#[tokio::test]
async fn a_search_is_literal() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    for name in ["aaaaaaaaaaaaaaaaaaaa", "axb", "ben"] {
        app.person(name).await;
    }
    for text in HOSTILE {
        let query = serde_urlencoded::to_string([("q", text)]).expect("a query");
        let found = ada.get(&format!("/api/users/search?{query}")).await.ok();
        assert_eq!(found, json!([]), "{text} is in nobody's name");
        let page = ada.get(&format!("/?{}", query.replacen("q=", "find=", 1))).await;
        assert_eq!(page.status, 200, "{text}");
        assert!(!page.text.contains("axb"), "{text}");
    }
}

#[tokio::test]
async fn signs_that_names_may_hold_are_found_as_themselves() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    for name in ["a.b", "axb", "a_b", "a-b"] {
        app.person(name).await;
    }
    for name in ["a.b", "a_b", "a-b"] {
        let found = ada.get(&format!("/api/users/search?q={name}")).await.ok();
        assert_eq!(found.as_array().map(Vec::len), Some(1), "{name}: {found}");
        assert_eq!(found[0]["username"], name);
    }
}

#[tokio::test]
async fn a_name_that_looks_like_an_operator_is_only_a_bad_name() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    for name in HOSTILE.into_iter().chain(["$set", "$ne", "__proto__", "a.b.$", "ada' --", "ada\0"]) {
        app.visitor().sign_up(name, PASSWORD).await.refused(422, "invalid_username");
        app.visitor().log_in(name, PASSWORD).await.refused(401, "wrong_credentials");
        ada.try_ask(name).await.refused(404, "no_such_user");
    }
}

#[tokio::test]
async fn json_in_place_of_a_text_is_malformed() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let messages = format!("/api/conversations/{conversation}/messages");
    for value in
        [json!({ "$ne": null }), json!({ "$gt": "" }), json!(["ada"]), json!(1), json!(true), Value::Null]
    {
        let nobody = app.visitor();
        let name = json!({ "mode": "login", "username": value, "password": PASSWORD });
        nobody.post("/auth", name).await.refused(400, "malformed");
        let password = json!({ "mode": "login", "username": "ada", "password": value });
        nobody.post("/auth", password).await.refused(400, "malformed");
        let mode = json!({ "mode": value, "username": "ada", "password": PASSWORD });
        nobody.post("/auth", mode).await.refused(400, "malformed");
        nobody.get("/api/me").await.refused(401, "not_signed_in");

        ada.post("/api/friend-requests/send", json!({ "username": value })).await.refused(400, "malformed");
        for action in ["accept", "reject", "cancel"] {
            let path = format!("/api/friend-requests/{action}");
            ada.post(&path, json!({ "request_id": value })).await.refused(400, "malformed");
        }
        ada.post(&messages, json!({ "id": value, "body": "x" })).await.refused(400, "malformed");
        ada.post(&messages, json!({ "id": message_id(), "body": value })).await.refused(400, "malformed");
        if !value.is_null() {
            let reply = json!({ "id": message_id(), "body": "x", "reply_to": value });
            ada.post(&messages, reply).await.refused(400, "malformed");
        }
    }
}

#[tokio::test]
async fn operators_in_a_query_or_a_form_are_malformed() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    for query in ["q[$ne]=x", "q[]=a", "q%5B%24regex%5D=.*", "q=a&q=b"] {
        ada.get(&format!("/api/users/search?{query}")).await.refused(400, "malformed");
    }
    let form = app.visitor().call(Method::POST, "/auth").form(&[
        ("mode", "login"),
        ("username", "ada"),
        ("password[$ne]", ""),
    ]);
    assert_eq!(form.send().await.redirect(), "/");
    ada.get("/api/conversations/%7B%22$ne%22:null%7D/messages").await.refused(404, "not_found");
}

#[tokio::test]
async fn a_message_is_kept_to_the_letter() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    for text in HOSTILE.into_iter().filter(|text| !text.contains('\0')) {
        ada.write(&conversation, text).await;
        let newest = ben.history(&conversation, "limit=1").await.ok();
        assert_eq!(newest["messages"][0]["body"], text);
    }
}

//! What a conversation holds besides words, by kind.

use crate::app::{Person, TestApp, message_id};
use serde_json::{Value, json};

const PICTURE: &[u8] = include_bytes!("../corpus/files/placed.jpg");

async fn list(person: &Person, conversation: &str, query: &str) -> Value {
    person.get(&format!("/api/conversations/{conversation}/media?{query}")).await.ok()
}

/// The entries' messages by seq, and what comes after them.
async fn seqs(person: &Person, conversation: &str, query: &str) -> (Vec<u64>, Value) {
    let page = list(person, conversation, query).await;
    let entries = page["entries"].as_array().expect("a list").iter();
    (entries.map(|entry| entry["seq"].as_u64().expect("a seq")).collect(), page["before"].clone())
}

async fn send(who: &Person, conversation: &str, body: &str, files: &[(&str, &[u8])]) -> Value {
    let mut ids = Vec::new();
    for (name, bytes) in files {
        ids.push(who.upload(name, bytes).await);
    }
    who.attach(conversation, body, &ids.iter().map(String::as_str).collect::<Vec<_>>()).await.ok()
}

#[tokio::test]
async fn each_kind_is_listed_with_the_message_that_has_it() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    assert_eq!(list(&ada, &conversation, "").await, json!({ "entries": [] }));
    ada.write(&conversation, "only words").await;
    let files = [("lake.jpg", PICTURE), ("minutes.txt", b"what we said".as_slice())];
    let sent = send(&ben, &conversation, "see [the **map**](https://maps.example/lake)", &files).await;
    let of_message = |at: u64| {
        json!({
            "message": sent["id"], "seq": 2, "sender": ben.id, "created_at": sent["created_at"], "at": at,
        })
    };
    let with = |name: &str, value: Value| {
        let mut entry = of_message(0);
        entry[name] = value;
        json!({ "entries": [entry] })
    };
    let picture = with("attachment", sent["attachments"][0].clone());
    assert_eq!(picture["entries"][0]["attachment"]["type"], "image/jpeg");
    for query in ["", "kind=media"] {
        assert_eq!(list(&ada, &conversation, query).await, picture);
    }
    let file = with("attachment", sent["attachments"][1].clone());
    assert_eq!(list(&ada, &conversation, "kind=files").await, file);
    let link = json!({ "url": "https://maps.example/lake", "label": "the map", "text": "see the map" });
    assert_eq!(list(&ben, &conversation, "kind=links").await, with("link", link));
}

#[tokio::test]
async fn a_page_has_fifty_entries_and_ends_inside_a_message_if_need_be() {
    let app = TestApp::without_rates().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let links = |n: usize| (0..n).map(|n| format!("https://example.org/{n}\n")).collect::<String>();
    for _ in 0..3 {
        ben.write(&conversation, &links(40)).await;
        ben.write(&conversation, "words").await;
    }
    let first = list(&ada, &conversation, "kind=links").await;
    assert_eq!(first["before"], "3.9");
    let places: Vec<_> = first["entries"].as_array().expect("a list").iter().collect();
    assert_eq!(places.len(), 50);
    assert_eq!((&places[0]["at"], &places[0]["link"]["url"]), (&json!(0), &json!("https://example.org/0")));
    let (second, before) = seqs(&ada, &conversation, "kind=links&before=3.9").await;
    assert_eq!((second, before), ([vec![3; 30], vec![1; 20]].concat(), json!("1.19")));
    let (third, before) = seqs(&ada, &conversation, "kind=links&before=1.19").await;
    assert_eq!((third, before), (vec![1; 20], Value::Null));
    assert_eq!(seqs(&ada, &conversation, "kind=links&before=3").await, (vec![1; 40], Value::Null));
    assert_eq!(seqs(&ada, &conversation, "kind=links&before=0.0").await, (vec![], Value::Null));
    assert_eq!(seqs(&ada, &conversation, "kind=files").await, (vec![], Value::Null));
}

#[tokio::test]
async fn what_only_looks_like_a_link_ends_no_list() {
    let app = TestApp::without_rates().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    ben.write(&conversation, "https://example.org/first").await;
    for _ in 0..60 {
        ben.write(&conversation, "`https://example.org/code` and ||https://example.org/hidden||").await;
    }
    let (none, before) = seqs(&ada, &conversation, "kind=links").await;
    assert_eq!((none, &before), (vec![], &json!("10")));
    assert_eq!(seqs(&ada, &conversation, "kind=links&before=10").await, (vec![1], Value::Null));
}

#[tokio::test]
async fn what_is_edited_or_deleted_is_listed_as_it_is() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let said = ben.write(&conversation, "https://example.org/secret").await;
    let sent = send(&ben, &conversation, "", &[("lake.jpg", PICTURE), ("a.txt", b"a")]).await;
    let change = async |message: &Value, what: &str, body: Value| {
        let id = message["id"].as_str().expect("an id");
        ben.post(&format!("/api/conversations/{conversation}/messages/{id}/{what}"), body).await.ok()
    };
    assert_eq!(seqs(&ada, &conversation, "kind=links").await.0, [1]);
    change(&said, "edit", json!({ "body": "words" })).await;
    assert_eq!(list(&ada, &conversation, "kind=links").await, json!({ "entries": [] }));
    change(&sent, "edit", json!({ "body": "with http://example.org" })).await;
    for kind in ["media", "files", "links"] {
        assert_eq!(seqs(&ada, &conversation, &format!("kind={kind}")).await.0, [2], "{kind}");
    }
    change(&sent, "delete", json!({})).await;
    for kind in ["media", "files", "links"] {
        assert_eq!(list(&ada, &conversation, &format!("kind={kind}")).await, json!({ "entries": [] }));
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_malformed_and_what_is_not_theirs_is_not_there() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let path = format!("/api/conversations/{conversation}/media");
    for query in [
        "kind=",
        "kind=everything",
        "kind[$ne]=media&kind=x",
        "before=x",
        "before=1.x",
        "before=-1",
        "before=1.2.3",
        "before=",
    ] {
        ada.get(&format!("{path}?{query}")).await.refused(400, "malformed");
    }
    let largest = u64::MAX;
    assert_eq!(
        list(&ada, &conversation, &format!("before={largest}.4294967295")).await,
        json!({ "entries": [] })
    );
    let eve = app.person("eve").await;
    eve.get(&path).await.refused(404, "not_found");
    ada.get(&format!("/api/conversations/{}/media", message_id())).await.refused(404, "not_found");
    app.visitor().get(&path).await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn it_counts_for_the_rate_of_frames() {
    let app = TestApp::with(|config| {
        config.limits.events_per_second = 1;
        config.limits.event_burst = 3;
    })
    .await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let path = format!("/api/conversations/{conversation}/media");
    let mut last = ada.get(&path).await;
    for _ in 0..5 {
        last = ada.get(&path).await;
    }
    last.refused(429, "too_many");
}

#[tokio::test]
async fn a_page_without_scripting_lists_it_page_by_page() {
    let app = TestApp::without_rates().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let page = async |query: &str| ada.get(&format!("/c/{conversation}?{query}")).await.text;
    assert!(page("media=files").await.contains("No files"));
    for n in 0..6 {
        let links: String = (0..10).map(|at| format!("https://example.org/{n}-{at}\n")).collect();
        ben.write(&conversation, &links).await;
    }
    // So that no message with a link is in the history beside the panel.
    for n in 0..60 {
        ben.write(&conversation, &n.to_string()).await;
    }
    send(&ben, &conversation, "", &[("<i>minutes</i>.txt", b"a"), ("lake.jpg", PICTURE)]).await;
    let links = page("media=links").await;
    assert!(links.contains("This month") && links.contains("https://example.org/5-0"));
    assert!(!links.contains("https://example.org/0-0"));
    assert!(links.contains(&format!("/c/{conversation}?at=6#m6")), "the way to the message");
    assert!(links.contains(&format!("/c/{conversation}?media=links&amp;media_before=2.9")), "the next page");
    let rest = page("media=links&media_before=2.9").await;
    assert!(rest.contains("https://example.org/0-9") && !rest.contains("https://example.org/1-9"));
    assert!(!rest.contains("media_before=1"));
    let files = page("media=files").await;
    assert!(files.contains("&lt;i&gt;minutes"), "names are text");
    let media = page("media=1").await;
    assert!(media.contains("media-picture") && media.contains("alt=\"lake.jpg\""));
    // Whoever is no member sees no panel.
    let eve = app.person("eve").await;
    let theirs = eve.get(&format!("/c/{conversation}?media=links")).await.text;
    assert!(!theirs.contains("example.org"));
}

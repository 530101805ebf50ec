//! Whom a message means: worked out by the server, told to all, counted for those who are meant.

use crate::app::{Person, TestApp, message_id};
use serde_json::{Value, json};

/// The seqs of the unread messages that mean somebody, as their list has them.
async fn mentions(who: &Person, conversation: &str) -> Value {
    let listed = who.get("/api/conversations").await.ok();
    let mut listed = listed.as_array().expect("a list").iter();
    let one = listed.find(|one| one["id"] == conversation).expect("the conversation");
    one.get("mentions").cloned().unwrap_or(json!([]))
}

#[tokio::test]
async fn a_message_means_whom_it_names() {
    let app = TestApp::start().await;
    let (ada, ben, _) = app.contacts("ada", "ben").await;
    let (cleo, _eve) = (app.person("cleo").await, app.person("eve").await);
    ada.befriend(&cleo).await;
    let group = ada.make_group("Ducks", &[&ben, &cleo]).await;
    for (body, means) in [
        ("Hello @Ben, and @cleo!", json!([ben.id, cleo.id])),
        ("@ben @BEN", json!([ben.id])),
        ("`@ben` and a@ben and @nobody and @eve", Value::Null),
        // Herself, and somebody who is not called so.
        ("@ada @be", Value::Null),
    ] {
        let said = ada.write(&group, body).await;
        assert_eq!(said["mentions"], means, "{body}");
        assert_eq!(said.get("mentions_all"), None, "{body}");
    }
    let first = ben.history(&group, "").await.ok()["messages"][1].clone();
    assert_eq!(first["mentions"], json!([ben.id, cleo.id]));
    let (hello, twice) = (first["seq"].clone(), 3);
    assert_eq!(mentions(&ben, &group).await, json!([hello, twice]));
    assert_eq!(mentions(&cleo, &group).await, json!([hello]));
    assert_eq!(mentions(&ada, &group).await, json!([]));
}

#[tokio::test]
async fn everybody_is_meant_by_those_alone_who_look_after_a_group() {
    let app = TestApp::start().await;
    let (ada, ben, direct) = app.contacts("ada", "ben").await;
    let cleo = app.person("cleo").await;
    ada.befriend(&cleo).await;
    let group = ada.make_group("Ducks", &[&ben, &cleo]).await;
    ada.in_group(&group, "role", json!({ "member": ben.id, "role": "admin" })).await.ok();
    for (who, conversation, all) in [
        (&ada, &group, json!(true)),
        (&ben, &group, json!(true)),
        (&cleo, &group, Value::Null),
        (&ada, &direct, Value::Null),
    ] {
        let said = who.write(conversation, "@all come here").await;
        assert_eq!(said["mentions_all"], all, "{}", who.name);
        assert_eq!(said.get("mentions"), None);
    }
    let count = async |who: &Person| mentions(who, &group).await.as_array().map(Vec::len);
    assert_eq!((count(&ada).await, count(&ben).await, count(&cleo).await), (Some(1), Some(1), Some(2)));
}

#[tokio::test]
async fn other_words_mean_others_and_what_is_read_is_counted_no_more() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let (mut a, mut b) = (ada.socket().await, ben.socket().await);
    let id = message_id();
    a.say(json!({
        "type": "send_private_message", "id": id, "conversation_id": conversation, "body": "hello @ben",
    }))
    .await;
    assert_eq!(a.hear("message_acked").await["mentions"], json!([ben.id]));
    assert_eq!(b.hear("new_message").await["message"]["mentions"], json!([ben.id]));
    assert_eq!(mentions(&ben, &conversation).await, json!([1]));
    let edit = |body: &str| json!({ "type": "edit_message", "conversation_id": conversation, "id": id, "body": body });
    for (body, means) in [("hello there", Value::Null), ("hello there, @ben", json!([ben.id]))] {
        a.say(edit(body)).await;
        assert_eq!(b.hear("message_changed").await["message"]["mentions"], means, "{body}");
    }
    assert_eq!(mentions(&ben, &conversation).await, json!([1]));
    let seen = ben.resume(json!({})).await.snapshot;
    assert_eq!(seen["conversations"][0]["mentions"], json!([1]));
    b.say(json!({ "type": "mark_read", "conversation_id": conversation, "seq": 1 })).await;
    b.hear("read_cursor_moved").await;
    assert_eq!(mentions(&ben, &conversation).await, json!([]));
    let deleted = ada.write(&conversation, "@ben, once more").await;
    let address = format!(
        "/api/conversations/{conversation}/messages/{}/delete",
        deleted["id"].as_str().expect("an id")
    );
    let gone = ada.post(&address, json!({})).await.ok();
    assert_eq!(gone.get("mentions"), None);
    assert_eq!(mentions(&ben, &conversation).await, json!([]));
}

#[tokio::test]
async fn fifty_people_are_meant_by_name_and_no_more() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let others: Vec<_> = (0..60).map(|number| format!("@user{number}")).collect();
    let said = ada.write(&conversation, &format!("{} @ben", others.join(" "))).await;
    assert_eq!(said.get("mentions"), None, "so many names are looked up and no more");
}

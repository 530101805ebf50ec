//! Groups: who joins or leaves is news for those who belong, at its place in the history.

use crate::app::{Person, Socket, TestApp};
use model::{
    id::{ConversationId, MessageId, UserId},
    message::MOST_READERS,
    time::Timestamp,
    user::Username,
};
use serde_json::json;
use store::{Membership, NewAccount};

fn id(person: &Person) -> UserId {
    person.id.parse().expect("an id")
}

/// Ada's group with Ben, and Cleo, who is a contact of hers only.
async fn group(app: &TestApp) -> ([Person; 3], String) {
    let [ada, ben, cleo] = [app.person("ada").await, app.person("ben").await, app.person("cleo").await];
    ada.befriend(&ben).await;
    ada.befriend(&cleo).await;
    let group = ada.make_group("Ducks", &[&ben]).await;
    ([ada, ben, cleo], group)
}

#[tokio::test]
async fn everyone_in_it_hears_who_joins_and_the_new_one_gets_the_conversation() {
    let app = TestApp::start().await;
    let ([ada, ben, cleo], group) = group(&app).await;
    let talk = group;
    ada.write(&talk, "before").await;
    let (mut a, mut b, mut c) = (ada.socket().await, ben.socket().await, cleo.socket().await);
    ada.add(&talk, &cleo).await.ok();
    for device in [&mut a, &mut b] {
        assert_eq!(device.hear("user_changed").await["user"]["username"], "cleo", "before they are named");
        let joined = device.hear("new_message").await["message"].clone();
        assert_eq!((&joined["kind"], &joined["subject"]), (&json!("joined"), &json!(cleo.id)));
        assert_eq!((&joined["sender"], &joined["version"]), (&json!(ada.id), &json!(3)));
    }
    let told = c.hear("conversation_changed").await;
    assert_eq!(told["users"], json!([{ "id": ben.id, "username": "ben" }]), "who is no contact of hers");
    let shown = told["conversation"].clone();
    assert_eq!((&shown["id"], &shown["kind"], &shown["head"]), (&json!(talk), &json!("group"), &json!(3)));
    assert_eq!((&shown["unread"], &shown["read"][&cleo.id]), (&json!(0), &json!(3)));
    c.write(&talk, "hello").await;
    assert_eq!(c.hear("message_acked").await["version"], 4);
    for device in [&mut a, &mut b] {
        assert_eq!(device.hear_bodies(1).await, ["hello"]);
    }
}

#[tokio::test]
async fn whoever_shares_a_group_can_be_named_and_their_new_name_is_told() {
    let app = TestApp::start().await;
    let ([ada, ben, cleo], group) = group(&app).await;
    ada.add(&group, &cleo).await.ok();
    let mut c = cleo.connect().await.expect("a socket");
    let begun = c.resume(json!({})).await;
    assert_eq!(begun["users"], json!([{ "id": ben.id, "username": "ben" }]), "{begun}");
    let dora = app.person("dora").await;
    let mut stranger = dora.socket().await;
    ben.post("/api/me/display-name", json!({ "display_name": "Benjamin" })).await.ok();
    let told = c.hear("user_changed").await;
    assert_eq!(told["user"], json!({ "id": ben.id, "username": "ben", "display_name": "Benjamin" }));
    assert_eq!(c.passed_over("contacts_updated"), 0, "he is no contact of hers");
    ada.befriend(&dora).await;
    stranger.hear("contacts_updated").await;
    assert_eq!(stranger.passed_over("user_changed"), 0, "nobody else hears of it");
}

#[tokio::test]
async fn in_a_large_group_reading_is_told_to_the_author_and_not_to_all() {
    let app = TestApp::start().await;
    let ([ada, ben, cleo], group) = group(&app).await;
    let let_in = async |who: UserId| {
        let (by, message) = (id(&ada), MessageId::new());
        let conversation: ConversationId = group.parse().expect("an id");
        let change = Membership { conversation, member: who, by, message, at: Timestamp(0) };
        app.store.add_member(change).await.expect("an answer").expect("a new member");
    };
    let_in(id(&cleo)).await;
    for number in 3..MOST_READERS {
        let name = Username::parse(&format!("extra-{number}")).expect("a name");
        let hash = app.store.account(id(&ada)).await.expect("an answer").expect("Ada").password_hash;
        let new =
            NewAccount { id: UserId::new(), username: name, password_hash: hash, created_at: Timestamp(0) };
        let_in(app.store.create_user(new).await.expect("an account").id).await;
    }
    let talk = group.clone();
    let (mut a, mut b, mut c) = (ada.socket().await, ben.socket().await, cleo.socket().await);
    let read = async |reader: &mut Socket, author: &Person| {
        let seq = author.write(&talk, "something to read").await["seq"].as_u64().expect("a seq");
        reader.say(json!({ "type": "mark_read", "conversation_id": talk, "seq": seq })).await;
        assert_eq!(reader.hear("read_cursor_moved").await["seq"], seq, "one's own devices are told");
    };
    read(&mut b, &ada).await;
    for device in [&mut a, &mut c] {
        assert_eq!(device.hear("read_cursor_moved").await["user_id"], ben.id, "so far everybody hears it");
    }
    let dora = app.person("dora").await;
    let_in(id(&dora)).await;
    read(&mut b, &ada).await;
    assert_eq!(a.hear("read_cursor_moved").await["user_id"], ben.id, "who wrote it");
    ada.write(&talk, "the end").await;
    c.hear_bodies(3).await;
    assert_eq!(c.passed_over("read_cursor_moved"), 0, "and nobody else");
    // Who wants to know asks: of everybody but the author one has.
    let said = &cleo.history(&talk, "limit=2").await.ok()["messages"][0];
    let said = said["id"].as_str().expect("an id");
    let readers = cleo.get(&format!("/api/conversations/{talk}/messages/{said}/readers")).await.ok();
    assert_eq!(readers, json!({ "read": 1, "of": MOST_READERS }));
    let page = cleo.get(&format!("/c/{talk}?information={said}")).await.text;
    assert!(page.contains(&format!("1 of {MOST_READERS}")), "{page}");
}

#[tokio::test]
async fn who_leaves_hears_nothing_more_and_may_do_nothing_more() {
    let app = TestApp::start().await;
    let ([ada, ben, _], group) = group(&app).await;
    let talk = group;
    let message = ben.write(&talk, "mine").await;
    let (mut a, mut b) = (ada.socket().await, ben.socket().await);
    ben.in_group(&talk, "leave", json!({})).await.done();
    assert_eq!(b.hear("conversation_removed").await["conversation_id"], talk);
    let left = a.hear("new_message").await["message"].clone();
    assert_eq!((&left["kind"], &left["subject"]), (&json!("left"), &json!(ben.id)));
    ada.write(&talk, "alone at last").await;
    a.hear_bodies(1).await;
    for event in [
        json!({ "type": "edit_message", "conversation_id": talk, "id": message["id"], "body": "late" }),
        json!({ "type": "mark_read", "conversation_id": talk, "seq": 2 }),
        json!({ "type": "load_conversation", "conversation_id": talk }),
    ] {
        b.say(event).await;
        assert_eq!(b.hear("error").await["error"]["code"], "not_found");
    }
    b.write(&talk, "late").await;
    assert_eq!(b.hear("message_refused").await["error"]["code"], "not_found");
    assert_eq!(b.passed_over("new_message"), 0);
    ben.history(&talk, "").await.refused(404, "not_found");
}

#[tokio::test]
async fn a_newcomer_does_not_learn_when_what_is_not_theirs_was_said() {
    let app = TestApp::start().await;
    let ([ada, _ben, cleo], talk) = group(&app).await;
    let before = ada.write(&talk, "before").await;
    ada.add(&talk, &cleo).await.ok();
    let mut c = cleo.socket().await;
    for moment in [json!("1999-12-31T23:59:59Z"), before["created_at"].clone()] {
        c.say(json!({ "type": "load_conversation", "conversation_id": talk, "at_time": moment })).await;
        assert_eq!(c.hear("conversation_loaded").await["around"], 3, "where their own history begins");
    }
}

#[tokio::test]
async fn members_let_contacts_in_and_ask_others() {
    let app = TestApp::start().await;
    let ([ada, ben, cleo], group) = group(&app).await;
    // Not a contact of Ben's.
    let asked = ben.add(&group, &cleo).await.ok();
    assert_eq!(asked["members"].as_array().map(Vec::len), Some(2));
    // Not in the group.
    cleo.add(&group, &ada).await.refused(404, "not_found");
    // Those who are in it already.
    for who in [&ada, &ben] {
        ada.add(&group, who).await.ok();
    }
    // A direct conversation is of two.
    let direct = ada.get("/api/contacts").await.ok()[0]["conversation_id"].clone();
    let direct = direct.as_str().expect("an id");
    ada.add(direct, &cleo).await.refused(404, "not_found");
    ada.in_group(direct, "leave", json!({})).await.refused(404, "not_found");
    assert_eq!(ada.history(&group, "").await.ok()["messages"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn what_the_server_noted_cannot_be_changed() {
    let app = TestApp::start().await;
    let ([ada, ..], group) = group(&app).await;
    let made = ada.history(&group, "").await.ok()["messages"][0].clone();
    let mut socket = ada.socket().await;
    for event in [
        json!({ "type": "edit_message", "conversation_id": group, "id": made["id"], "body": "I came" }),
        json!({ "type": "delete_message", "conversation_id": group, "id": made["id"] }),
        json!({ "type": "react", "conversation_id": group, "id": made["id"], "emoji": "👍", "on": true }),
    ] {
        socket.say(event).await;
        assert_eq!(socket.hear("error").await["error"]["code"], "not_allowed");
    }
}

#[tokio::test]
async fn a_download_holds_what_one_wrote_in_groups() {
    let app = TestApp::start().await;
    let ([ada, ben, _], group) = group(&app).await;
    let talk = group;
    ada.write(&talk, "mine").await;
    ben.write(&talk, "the other one's").await;
    let export = ada.get("/api/me/export").await.ok();
    let all = export["conversations"].as_array().expect("a list").clone();
    let found = all.iter().find(|conversation| conversation["id"] == json!(talk)).expect("the group");
    let own: Vec<_> = found["own_messages"].as_array().expect("a list").iter().collect();
    assert!(own.iter().any(|message| message["body"] == "mine"), "{found}");
    assert!(own.iter().all(|message| message["sender"] == json!(ada.id)), "{found}");
    assert_eq!(found["members"].as_array().map(Vec::len), Some(2));
    assert_eq!(all.len(), 3, "two contacts, one group");
}

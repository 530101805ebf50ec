//! Blocking somebody: nothing of theirs comes any more, they see nothing, and nothing tells them.

use crate::app::{Person, TestApp, message_id};
use model::{
    error::AppError,
    friendship::{Friendship, Move, Pair},
    id::{ConversationId, UserId},
};
use serde_json::{Value, json};
use std::time::Duration;
use store::now;

async fn block(who: &Person, whom: &Person) {
    who.post("/api/people/block", json!({ "user_id": whom.id })).await.done();
}

async fn unblock(who: &Person, whom: &Person) {
    who.post("/api/people/unblock", json!({ "user_id": whom.id })).await.done();
}

async fn pending(who: &Person, direction: &str) -> Value {
    who.get("/api/friend-requests/pending").await.ok()[direction].clone()
}

#[tokio::test]
async fn a_request_of_whoever_is_blocked_looks_asked_and_reaches_nobody() {
    let app = TestApp::start().await;
    let (ada, eve) = (app.person("ada").await, app.person("eve").await);
    let mut a = ada.socket().await;
    block(&ada, &eve).await;
    assert_eq!(a.hear("blocked").await, json!({ "type": "blocked", "user_id": eve.id, "on": true }));
    let asked = eve.try_ask("ada").await.ok();
    assert_eq!(asked["state"], "pending");
    assert_eq!(pending(&eve, "outgoing").await.as_array().map(Vec::len), Some(1));
    assert_eq!(eve.get("/api/users/search?q=ada").await.ok()[0]["relation"], "requested");
    eve.try_ask("ada").await.refused(409, "already_requested");
    assert_eq!(pending(&ada, "incoming").await, json!([]));
    // Whoever blocks does not ask.
    ada.try_ask("eve").await.refused(403, "not_allowed");
    // It is as any request that was rejected: once there is no block, the other may answer it by asking.
    unblock(&ada, &eve).await;
    assert_eq!(pending(&ada, "incoming").await, json!([]));
    assert_eq!(ada.try_ask("eve").await.ok()["state"], "accepted");
    a.hear("contacts_updated").await;
    assert_eq!(a.passed_over("friend_request_received"), 0);
}

#[tokio::test]
async fn a_block_ends_what_waits_between_the_two() {
    let app = TestApp::start().await;
    let [ada, eve, finn] = [app.person("ada").await, app.person("eve").await, app.person("finn").await];
    let request = eve.ask(&ada).await;
    ada.ask(&finn).await;
    let mut e = eve.socket().await;
    block(&ada, &eve).await;
    block(&ada, &finn).await;
    assert_eq!(pending(&ada, "incoming").await, json!([]));
    assert_eq!(pending(&eve, "outgoing").await[0]["id"], json!(request), "she learns nothing");
    assert_eq!(pending(&finn, "incoming").await, json!([]), "nobody asks him any more");
    ada.answer("accept", &request).await.refused(404, "not_found");
    // Whatever is done twice is done.
    block(&ada, &eve).await;
    unblock(&ada, &finn).await;
    unblock(&ada, &finn).await;
    finn.ask(&ada).await;
    finn.ask(&eve).await;
    e.hear("friend_request_received").await;
    assert_eq!(e.passed_over("friend_request_changed"), 0);
}

#[tokio::test]
async fn contacts_stay_contacts_and_neither_sees_the_other_nor_writes() {
    let app = TestApp::start().await;
    let (ada, ben, talk) = app.contacts("ada", "ben").await;
    let own = ben.write(&talk, "before").await;
    let (mut a, mut b) = (ada.socket().await, ben.socket().await);
    a.hear("presence_changed").await;
    block(&ada, &ben).await;
    a.hear("contacts_updated").await;
    let gone = b.hear("presence_changed").await;
    assert_eq!((&gone["user_id"], &gone["online"]), (&json!(ada.id), &json!(false)));
    let [of_ben, of_ada] = [ada.get("/api/contacts").await.ok(), ben.get("/api/contacts").await.ok()];
    assert_eq!((&of_ben[0]["online"], &of_ben[0]["last_seen"]), (&json!(false), &json!(null)));
    assert_eq!((&of_ada[0]["online"], &of_ada[0]["last_seen"]), (&json!(false), &gone["last_seen"]));
    assert_eq!(ben.get("/api/users/search?q=ada").await.ok()[0]["online"], json!(false));
    // Coming and going is told to neither.
    drop(ada.socket().await);
    let other = ben.on_another_device().await;
    drop(other.socket().await);
    // What was said stays, and what one has said oneself can be erased; nothing else.
    for who in [&ada, &ben] {
        assert_eq!(who.history(&talk, "").await.ok()["messages"][0]["body"], "before");
        who.try_write(&talk, &message_id(), "after").await.refused(403, "not_allowed");
    }
    let why = ben.try_write(&talk, &message_id(), "after").await.text;
    assert!(!why.contains("block"), "nothing tells him: {why}");
    let path = format!("/api/conversations/{talk}/messages/{}", own["id"].as_str().expect("an id"));
    ben.post(&format!("{path}/edit"), json!({ "body": "otherwise" })).await.refused(403, "not_allowed");
    ada.post(&format!("{path}/react"), json!({ "emoji": "👍", "on": true }))
        .await
        .refused(403, "not_allowed");
    b.say(json!({ "type": "typing", "conversation_id": talk })).await;
    let id = message_id();
    b.say(json!({ "type": "send_private_message", "id": id, "conversation_id": talk, "body": "x" })).await;
    assert_eq!(b.hear("message_refused").await["error"]["code"], "not_allowed");
    assert_eq!((a.passed_over("typing"), b.passed_over("error")), (0, 0));
    ben.post(&format!("{path}/delete"), json!({})).await.ok();
    a.hear("message_changed").await;
    // Nor is reading, which is as good as coming.
    a.say(json!({ "type": "mark_read", "conversation_id": talk, "seq": own["seq"] })).await;
    a.hear("read_cursor_moved").await;
    assert_eq!(a.passed_over("presence_changed") + b.passed_over("presence_changed"), 0);
    unblock(&ada, &ben).await;
    let back = b.hear("presence_changed").await;
    assert_eq!(b.passed_over("read_cursor_moved"), 0);
    assert_eq!((&back["user_id"], &back["online"]), (&json!(ada.id), &json!(true)));
    ben.write(&talk, "after").await;
    assert_eq!(a.hear_bodies(1).await, ["after"]);
}

#[tokio::test]
async fn what_waits_for_its_turn_while_one_is_blocked_is_not_taken() {
    let app = TestApp::start().await;
    let (ada, ben, talk) = app.contacts("ada", "ben").await;
    let (turn, ready) = (tokio::sync::oneshot::channel::<()>(), tokio::sync::oneshot::channel::<()>());
    let (live, id) = (app.state.live.clone(), talk.parse().map(ConversationId).expect("an id"));
    let holding = tokio::spawn(async move {
        let held = async move {
            ready.0.send(()).expect("a test that waits");
            turn.1.await.map_err(AppError::internal)
        };
        live.in_lane(id, held).await
    });
    ready.1.await.expect("the lane");
    let (store, [a, b]) =
        (app.store.clone(), [&ada.id, &ben.id].map(|id| UserId(id.parse().expect("an id"))));
    let ids = [message_id(), message_id()];
    let writes = async {
        tokio::join!(ben.try_write(&talk, &ids[0], "too late"), ada.try_write(&talk, &ids[1], "too late"))
    };
    let blocks = async {
        // By then both wait. Nothing shows that they do, and one that comes later is refused all the same.
        tokio::time::sleep(Duration::from_millis(200)).await;
        let pair = Pair::of(a, b).expect("two people");
        let before = store.friendship(pair).await.expect("a store").expect("contacts");
        let after = Friendship::after(Some(&before), pair, a, Move::Block, now());
        let after = after.expect("a move").expect("a change");
        assert_eq!(store.commit_friendship(&after).await, Ok(true));
        turn.0.send(()).expect("a lane that waits");
    };
    let ((of_ben, of_ada), ()) = tokio::join!(writes, blocks);
    of_ben.refused(403, "not_allowed");
    of_ada.refused(403, "not_allowed");
    holding.await.expect("a task").expect("a lane");
}

#[tokio::test]
async fn whoever_is_blocked_draws_nobody_into_groups() {
    let app = TestApp::start().await;
    let [ada, ben, eve] = [app.person("ada").await, app.person("ben").await, app.person("eve").await];
    eve.befriend(&ada).await;
    eve.befriend(&ben).await;
    let group = eve.make_group("Before", &[&ben]).await;
    let dora = app.person("dora").await;
    dora.befriend(&eve).await;
    let asked = dora.make_group("Dora's", &[&eve]).await;
    eve.in_group(&asked, "add", json!({ "members": [ada.id] })).await.ok();
    let mut a = ada.socket().await;
    block(&ada, &eve).await;
    eve.add(&group, &ada).await.ok();
    let made = eve.post("/api/groups", json!({ "name": "After", "members": [ada.id, ben.id] })).await.ok();
    assert_eq!(made["members"].as_array().map(Vec::len), Some(2), "herself and Ben");
    let made = made["id"].as_str().expect("an id").to_owned();
    for group in [&group, &made] {
        let seen = eve.get(&format!("/api/groups/{group}/invites")).await.ok();
        assert_eq!(seen["invited"][0]["user"]["id"], json!(ada.id), "it looks asked");
        ada.history(group, "").await.refused(404, "not_found");
        ada.in_group(group, "accept", json!({})).await.refused(404, "not_found");
    }
    assert_eq!(ada.get("/api/groups/invitations").await.ok(), json!([]));
    // Asking again costs as little as it does where nobody is blocked.
    for _ in 0..32 {
        eve.add(&group, &ada).await.ok();
    }
    ben.ask(&ada).await;
    a.hear("friend_request_received").await;
    assert_eq!(a.passed_over("invited") + a.passed_over("conversation_changed"), 0);
    // Whoever blocks adds them nowhere.
    let own = ada.get("/api/conversations").await.ok();
    assert_eq!(
        own.as_array().map(Vec::len),
        Some(2),
        "the direct one, and Dora's group, which she is in already: {own}"
    );
    ada.post("/api/groups", json!({ "name": "Mine", "members": [eve.id] })).await.refused(403, "not_allowed");
}

#[tokio::test]
async fn an_invitation_from_whoever_is_blocked_is_gone() {
    let app = TestApp::start().await;
    let [ada, ben, eve] = [app.person("ada").await, app.person("ben").await, app.person("eve").await];
    eve.befriend(&ben).await;
    let group = eve.make_group("Ducks", &[&ben]).await;
    eve.add(&group, &ada).await.ok();
    ben.befriend(&app.person("finn").await).await;
    let mut a = ada.socket().await;
    block(&ada, &eve).await;
    assert_eq!(a.hear("invitation_ended").await["conversation_id"], json!(group));
    ada.in_group(&group, "accept", json!({})).await.refused(404, "not_found");
    let seen = eve.get(&format!("/api/groups/{group}/invites")).await.ok();
    assert_eq!(seen["invited"][0]["user"]["id"], json!(ada.id), "she learns nothing");
    // And the other way round: what the blocker has sent is taken back.
    let mine = ben.make_group("Ben's", &[&eve]).await;
    ben.in_group(&mine, "remove", json!({ "member": eve.id })).await.ok();
    ben.post("/api/contacts/remove", json!({ "contact_id": eve.id })).await.ok();
    ben.add(&mine, &eve).await.ok();
    assert_eq!(eve.get("/api/groups/invitations").await.ok().as_array().map(Vec::len), Some(1));
    block(&ben, &eve).await;
    assert_eq!(eve.get("/api/groups/invitations").await.ok(), json!([]));
    ben.add(&mine, &eve).await.refused(403, "not_allowed");
}

#[tokio::test]
async fn those_blocked_stand_in_the_settings_and_in_the_download_and_go_with_an_account() {
    let app = TestApp::start().await;
    let [ada, eve] = [app.person("ada").await, app.person("eve").await];
    ada.post("/api/people/block", json!({ "user_id": ada.id })).await.refused(422, "own_account");
    ada.post("/api/people/block", json!({ "user_id": message_id() })).await.refused(404, "not_found");
    block(&ada, &eve).await;
    let page = ada.get("/settings").await.text;
    assert!(page.contains("Unblock eve"), "{page}");
    assert_eq!(ada.get("/api/me/export").await.ok()["blocked"][0]["username"], "eve");
    let theirs = eve.get("/api/me/export").await;
    assert!(!theirs.text.contains("\"ada\""), "{}", theirs.text);
    let done = ada.post_form("/api/people/unblock", "/settings", &[("user_id", &eve.id)]).await;
    assert_eq!(done.redirect(), "/settings");
    assert!(!ada.get("/settings").await.text.contains("Unblock eve"));
    block(&ada, &eve).await;
    eve.post("/api/me/delete", json!({ "password": crate::app::PASSWORD })).await.done();
    assert_eq!(ada.get("/api/me/export").await.ok()["blocked"], json!([]));
}

#[tokio::test]
async fn pages_without_scripting_ask_show_and_end_it() {
    let app = TestApp::start().await;
    let (ada, ben, talk) = app.contacts("ada", "ben").await;
    let asking = ada.get(&format!("/c/{talk}?block={}", ben.id)).await.text;
    assert!(asking.contains("Block ben?") && asking.contains("/api/people/block"), "{asking}");
    let from = format!("/c/{talk}?block={}", ben.id);
    let done = ada.post_form("/api/people/block", &from, &[("user_id", &ben.id)]).await;
    assert_eq!(done.redirect(), format!("/c/{talk}"));
    let page = ada.get(&format!("/c/{talk}")).await.text;
    assert!(page.contains("You have blocked ben."), "{page}");
    assert!(!page.contains("<textarea"), "there is no composer");
    assert!(ben.get(&format!("/c/{talk}")).await.text.contains("<textarea"), "nothing tells him");
    let asking = ada.get(&from).await.text;
    assert!(asking.contains("Unblock ben?") && asking.contains("/api/people/unblock"), "{asking}");
    let card = ada.get(&format!("/c/{talk}?person={}", ben.id)).await.text;
    assert!(card.contains("You have blocked them."), "{card}");
}

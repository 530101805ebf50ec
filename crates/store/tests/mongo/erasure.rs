//! What is erased is gone from the database, also if a crash came between.

use crate::{
    backend::Backend,
    conformance::given,
    mongod::{Database, ReplicaSet, until},
};
use model::{
    friendship::{Move, Pair},
    id::{ConversationId, MessageId},
    prefs::PrefsChange,
};
use mongodb::bson::{Document, Uuid, doc};
use store::{Membership, Store};

async fn talk(store: &dyn Store) -> (Pair, ConversationId) {
    let [anna, ben] = given::users(store, ["anna", "ben"]).await;
    let conversation = given::contacts(store, anna, ben).await;
    given::many_sent(store, conversation, anna, 30).await;
    let file = given::file(store, anna).await;
    store.append_message(given::with_files(conversation, anna, &[&file])).await.expect("a stored message");
    store.advance_read_cursor(ben, conversation, 30).await.expect("an answer");
    let mark = PrefsChange { unread: Some(true), ..PrefsChange::default() };
    store.set_prefs(ben, conversation, mark, given::NOW).await.expect("an answer").expect("a change");
    (Pair::of(anna, ben).expect("two people"), conversation)
}

/// How many documents of a conversation there are.
async fn left(raw: &mongodb::Database, conversation: ConversationId) -> u64 {
    let id = Uuid::from_bytes(conversation.0.into_bytes());
    let mut left = 0;
    for name in ["messages", "files", "read_cursors", "prefs"] {
        let collection = raw.collection::<Document>(name);
        left += collection.count_documents(doc! { "conversation": id }).await.expect("a count");
    }
    left
}

async fn noted(raw: &mongodb::Database) -> u64 {
    let noted = doc! { "erasing.0": { "$exists": true } };
    raw.collection::<Document>("friendships").count_documents(noted).await.expect("a count")
}

#[tokio::test]
async fn the_words_of_a_removed_contact_are_gone_from_the_database() {
    let place = Database::<ReplicaSet>::default();
    let (store, raw) = (place.open().await, place.raw().await);
    let (pair, conversation) = talk(&*store).await;
    assert_eq!(left(&raw, conversation).await, 34);
    given::make_move(&*store, pair, pair.min, Move::Remove, given::NOW).await.expect("a removal");
    assert_eq!((left(&raw, conversation).await, noted(&raw).await), (0, 0));
}

#[tokio::test]
async fn an_erasure_that_a_crash_cut_short_is_completed_by_the_next_start() {
    let place = Database::<ReplicaSet>::default();
    let (store, raw) = (place.open().await, place.raw().await);
    let (_, conversation) = talk(&*store).await;
    store.close().await;
    // As the first of the steps leaves it.
    let id = Uuid::from_bytes(conversation.0.into_bytes());
    let ended =
        doc! { "$unset": { "conversation": "" }, "$set": { "state": "ended" }, "$push": { "erasing": id } };
    let friendships = raw.collection::<Document>("friendships");
    friendships.update_one(doc! { "conversation": id }, ended).await.expect("an ended friendship");
    assert_eq!((left(&raw, conversation).await, noted(&raw).await), (34, 1));

    let _store = place.open().await;
    until("a completed erasure", async || left(&raw, conversation).await + noted(&raw).await == 0).await;
}

#[tokio::test]
async fn an_account_whose_deletion_a_crash_cut_short_is_gone_after_the_next_start() {
    let place = Database::<ReplicaSet>::default();
    let (store, raw) = (place.open().await, place.raw().await);
    let (pair, conversation) = talk(&*store).await;
    store.close().await;
    // As the first of the steps leaves it.
    let id = Uuid::from_bytes(pair.min.0.into_bytes());
    let going = doc! { "$set": { "going": true } };
    raw.collection::<Document>("users").update_one(doc! { "_id": id }, going).await.expect("a note");

    let store = place.open().await;
    let is_gone = async || store.account(pair.min).await.expect("an answer").is_none();
    until("a completed deletion", is_gone).await;
    assert_eq!(left(&raw, conversation).await, 0);
    assert!(store.friendship(pair).await.expect("an answer").is_none());
}

#[tokio::test]
async fn what_is_written_while_a_contact_is_removed_is_gone_too() {
    let place = Database::<ReplicaSet>::default();
    let (store, raw) = (place.open().await, place.raw().await);
    for round in 0..10 {
        let names = [format!("anna{round}"), format!("ben{round}")];
        let [anna, ben] = given::users(&*store, names.each_ref().map(String::as_str)).await;
        let conversation = given::contacts(&*store, anna, ben).await;
        let pair = Pair::of(anna, ben).expect("two people");
        let writing = async {
            let write = async |sender| {
                for _ in 0..20 {
                    if store.append_message(given::message(conversation, sender, "words")).await.is_err() {
                        break;
                    }
                }
            };
            futures::join!(write(anna), write(anna), write(ben), write(ben));
        };
        let removing = given::make_move(&*store, pair, pair.min, Move::Remove, given::NOW);
        let (_, removed) = futures::join!(writing, removing);
        removed.expect("a removal");
        assert_eq!((left(&raw, conversation).await, noted(&raw).await), (0, 0), "in round {round}");
    }
}

#[tokio::test]
async fn what_somebody_kept_of_a_group_goes_with_them() {
    let place = Database::<ReplicaSet>::default();
    let (store, raw) = (place.open().await, place.raw().await);
    let [anna, ben] = given::users(&*store, ["anna", "ben"]).await;
    let group = ConversationId::new();
    let change = |by, member| {
        let (message, at) = (MessageId::new(), given::NOW);
        Membership { conversation: group, member, by, message, at }
    };
    let mark = PrefsChange { unread: Some(true), ..PrefsChange::default() };
    store.create_group(change(anna, anna), None, vec![ben]).await.expect("a group");
    let kept = async || raw.collection::<Document>("prefs").count_documents(doc! {}).await.expect("a count");
    for member in [anna, ben] {
        store.set_prefs(member, group, mark, given::NOW).await.expect("an answer").expect("a change");
    }
    assert_eq!(kept().await, 2);
    store.remove_member(change(ben, ben)).await.expect("an answer").expect("a change");
    assert_eq!(kept().await, 1);
    store.add_member(change(anna, ben)).await.expect("an answer").expect("a change");
    store.set_prefs(ben, group, mark, given::NOW).await.expect("an answer").expect("a change");
    store.delete_user(ben).await.expect("an answer");
    assert_eq!(kept().await, 1);
    store.erase_group(change(anna, anna)).await.expect("an answer");
    assert_eq!(kept().await, 0);
}

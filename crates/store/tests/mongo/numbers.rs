//! Numbers of a conversation whose messages change, with several servers on one database.

use crate::{
    backend::Backend,
    conformance::given,
    mongod::{Database, ReplicaSet},
};
use model::{
    change::{Change, Emoji},
    id::{ConversationId, UserId},
    message::{Message, MessageBody},
};
use mongodb::{
    bson::{Bson, Document, Uuid, doc},
    error::{ErrorKind, WriteFailure},
};
use store::Store;

fn edit(text: &str) -> Change {
    Change::Edit(MessageBody::parse(text).expect("a text"))
}

/// Changes a message and returns the version that this took.
async fn change(store: &dyn Store, of: &Message, by: UserId, change: &Change) -> Option<u64> {
    loop {
        let stored = store.message(of.conversation_id, of.id).await.expect("an answer").expect("the message");
        let next = stored.after(by, change, given::NOW).expect("an allowed change")?;
        if let Some(changed) = store.commit_message(next).await.expect("an answer") {
            return Some(changed.version);
        }
    }
}

/// The document of a message that would take a version.
fn late(conversation: ConversationId, version: i64) -> Document {
    let id = |uuid: uuid::Uuid| Uuid::from_bytes(uuid.into_bytes());
    doc! {
        "conversation": id(conversation.0), "id": id(uuid::Uuid::now_v7()), "version": version, "seq": version,
        "taken": [version],
    }
}

#[tokio::test]
async fn a_number_that_a_message_had_is_not_given_again() {
    let place = Database::<ReplicaSet>::default();
    let (store, raw) = (place.open().await, place.raw().await);
    let (conversation, anna, _) = given::conversation(&*store).await;
    let message = given::sent(&*store, conversation, anna, "one").await.message;
    for (text, version) in [("two", 2), ("three", 3), ("four", 4)] {
        assert_eq!(change(&*store, &message, anna, &edit(text)).await, Some(version));
    }
    let messages = raw.collection::<Document>("messages");
    for version in 1..=4 {
        // As a slow writer would, who saw the head before the changes.
        let refused = messages.insert_one(late(conversation, version)).await.expect_err("a refusal");
        let ErrorKind::Write(WriteFailure::WriteError(refusal)) = *refused.kind else { panic!("{refused}") };
        assert_eq!(refusal.code, 11000, "version {version} is taken");
    }
    messages.insert_one(late(conversation, 5)).await.expect("the next one is free");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_give_each_number_once() {
    const EACH: usize = 5;
    let place = Database::<ReplicaSet>::default();
    let stores = [place.open().await, place.open().await];
    let (conversation, anna, ben) = given::conversation(&*stores[0]).await;
    let target = given::sent(&*stores[0], conversation, anna, "target").await.message;
    let taken = given::at_once(&stores[0], 12, |_, n| {
        let (store, target) = (stores[n % 2].clone(), target.clone());
        async move {
            let mut taken = Vec::new();
            for round in 0..EACH {
                taken.extend(match n % 3 {
                    0 => Some(given::sent(&*store, conversation, ben, "text").await.message.version),
                    1 => change(&*store, &target, anna, &edit(&format!("{n} {round}"))).await,
                    _ => {
                        let emoji = Emoji::parse(&n.to_string()).expect("an emoji");
                        let react = Change::React { emoji, on: round % 2 == 0 };
                        change(&*store, &target, ben, &react).await
                    }
                });
            }
            taken
        }
    })
    .await;
    let mut taken: Vec<_> = taken.into_iter().flatten().collect();
    taken.sort_unstable();
    assert_eq!(taken, (2..=1 + 12 * EACH as u64).collect::<Vec<_>>());
}

#[tokio::test]
async fn nothing_of_an_old_state_is_left_in_the_database() {
    let place = Database::<ReplicaSet>::default();
    let (store, raw) = (place.open().await, place.raw().await);
    let (conversation, anna, ben) = given::conversation(&*store).await;
    let message = given::sent(&*store, conversation, anna, "canary-one").await.message;
    let everything = async || {
        let found = raw.collection::<Document>("messages").find_one(doc! {}).await;
        Bson::from(found.expect("an answer").expect("the message")).to_string()
    };
    assert!(everything().await.contains("canary-one"), "it would be found");
    let emoji = Emoji::parse("canary-three").expect("an emoji");
    change(&*store, &message, ben, &Change::React { emoji, on: true }).await;
    change(&*store, &message, anna, &edit("canary-two")).await;
    assert!(!everything().await.contains("canary-one"));
    change(&*store, &message, anna, &Change::Delete).await;
    let left = everything().await;
    assert!(!left.contains("canary"), "{left}");
}

#[tokio::test]
async fn messages_from_before_take_the_numbers_that_they_have() {
    let place = Database::<ReplicaSet>::default();
    let (store, raw) = (place.open().await, place.raw().await);
    let (conversation, anna, _) = given::conversation(&*store).await;
    given::many_sent(&*store, conversation, anna, 3).await;
    store.close().await;
    let messages = raw.collection::<Document>("messages");
    messages.drop_index("conversation_1_taken_1").await.expect("an index");
    messages.update_many(doc! {}, doc! { "$unset": { "taken": "" } }).await.expect("older messages");

    let store = place.open().await;
    for version in 1..=3 {
        messages.insert_one(late(conversation, version)).await.expect_err("it is taken");
    }
    assert_eq!(given::sent(&*store, conversation, anna, "next").await.message.version, 4);
}

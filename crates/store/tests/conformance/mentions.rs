//! What means somebody is found by whom it means.

use super::{
    Backend, given,
    given::{NOW, sent},
};
use model::{
    change::Change,
    id::{ConversationId, UserId},
    mention::Mentions,
    message::{MAX_UNREAD, Message, MessageBody},
};
use std::sync::Arc;
use store::{Membership, NewMessage, Store};

fn meant(users: &[UserId], all: bool) -> Mentions {
    Mentions { users: users.to_vec(), all }
}

async fn said(store: &dyn Store, id: ConversationId, by: UserId, mentions: Mentions) -> Arc<Message> {
    let new = NewMessage { mentions, ..given::message(id, by, "words") };
    store.append_message(new).await.expect("a stored message").message
}

async fn changed(store: &dyn Store, of: &Message, what: &Change, mentions: Mentions) -> Arc<Message> {
    let stored = store.message(of.conversation_id, of.id).await.expect("an answer").expect("the message");
    let next = stored.after(of.sender, what, NOW).expect("allowed").expect("a change");
    store.commit_message(Message { mentions, ..next }).await.expect("an answer").expect("nobody else")
}

/// As the summary of a viewer has them.
async fn mentions(store: &dyn Store, id: ConversationId, viewer: UserId) -> Vec<u64> {
    store.summary(id, viewer).await.expect("an answer").expect("a summary").mentions
}

/// Anna's group with Ben and Cleo.
async fn group(store: &dyn Store) -> (ConversationId, [UserId; 3]) {
    let [anna, ben, cleo] = given::users(store, ["anna", "ben", "cleo"]).await;
    let id = ConversationId::new();
    let message = model::id::MessageId::new();
    let first = Membership { conversation: id, member: anna, by: anna, message, at: NOW };
    store.create_group(first, None, vec![ben, cleo]).await.expect("a group");
    (id, [anna, ben, cleo])
}

pub async fn whom_a_message_means_is_stored_with_it(place: impl Backend) {
    let store = place.open().await;
    let (id, [anna, ben, cleo]) = group(&*store).await;
    let both = said(&*store, id, anna, meant(&[cleo, ben], false)).await;
    assert_eq!(both.mentions, meant(&[cleo, ben], false), "in this order");
    assert_eq!(store.message(id, both.id).await, Ok(Some(both.clone())));
    let all = said(&*store, id, anna, meant(&[ben], true)).await;
    sent(&*store, id, anna, "nobody").await;
    assert_eq!(
        store.message(id, all.id).await.expect("an answer").expect("it").mentions,
        meant(&[ben], true)
    );
    assert_eq!(mentions(&*store, id, ben).await, [both.seq, all.seq], "each once");
    assert_eq!(mentions(&*store, id, cleo).await, [both.seq, all.seq]);
    assert!(mentions(&*store, id, anna).await.is_empty(), "nobody means themselves");
    store.advance_read_cursor(ben, id, both.seq).await.expect("an answer");
    assert_eq!(mentions(&*store, id, ben).await, [all.seq]);
    store.advance_read_cursor(ben, id, u64::MAX).await.expect("an answer");
    assert!(mentions(&*store, id, ben).await.is_empty());
}

pub async fn other_words_mean_others_and_none_nobody(place: impl Backend) {
    let store = place.open().await;
    let (id, [anna, ben, cleo]) = group(&*store).await;
    let message = said(&*store, id, anna, meant(&[ben], true)).await;
    let edit = Change::Edit(MessageBody::parse("other words").expect("a text"));
    let edited = changed(&*store, &message, &edit, meant(&[cleo], false)).await;
    assert_eq!(edited.mentions, meant(&[cleo], false));
    assert_eq!(
        (mentions(&*store, id, ben).await, mentions(&*store, id, cleo).await),
        (vec![], vec![message.seq])
    );
    let gone = changed(&*store, &message, &Change::Delete, Mentions::default()).await;
    assert!(gone.mentions.is_empty());
    assert_eq!(store.message(id, message.id).await, Ok(Some(gone)));
    assert!(mentions(&*store, id, cleo).await.is_empty());
}

pub async fn who_is_gone_is_not_meant(place: impl Backend) {
    let store = place.open().await;
    let (id, [anna, ben, cleo]) = group(&*store).await;
    let message = said(&*store, id, anna, meant(&[ben, cleo], false)).await;
    let of_ben = said(&*store, id, ben, meant(&[cleo], false)).await;
    assert_eq!(mentions(&*store, id, cleo).await, [message.seq, of_ben.seq]);
    assert_eq!(store.delete_user(ben).await, Ok(true));
    assert_eq!(
        store.message(id, message.id).await.expect("an answer").expect("it").mentions,
        meant(&[cleo], false)
    );
    assert_eq!(mentions(&*store, id, cleo).await, [message.seq]);
}

pub async fn a_hundred_mentions_are_named(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    let all = (0..MAX_UNREAD + 5).map(|_| said(&*store, id, anna, meant(&[ben], false)));
    for said in all.collect::<Vec<_>>() {
        said.await;
    }
    assert_eq!(mentions(&*store, id, ben).await, (1..=MAX_UNREAD).collect::<Vec<_>>(), "the first of them");
}

//! What is pinned is a state of its message, and found by its conversation.

use super::{
    Backend, given,
    given::{NOW, sent},
};
use model::{
    change::{Change, MAX_PINS},
    group::{HISTORY, SHOWN, Settings},
    id::{ConversationId, MessageId, UserId},
    message::{Message, Pinned},
    time::Timestamp,
};
use std::sync::Arc;
use store::{GroupChange, Membership, Store};

fn after(minutes: i64) -> Timestamp {
    Timestamp(NOW.0 + minutes * 60_000)
}

async fn pin(store: &dyn Store, of: &Message, by: UserId, on: bool, at: Timestamp) -> Arc<Message> {
    changed(store, of, by, &Change::Pin { on }, at).await
}

async fn changed(store: &dyn Store, of: &Message, by: UserId, what: &Change, at: Timestamp) -> Arc<Message> {
    let stored = store.message(of.conversation_id, of.id).await.expect("an answer").expect("the message");
    let next = stored.after(by, what, at).expect("allowed").expect("a change");
    store.commit_message(next).await.expect("an answer").expect("nobody else")
}

/// As the store has them, and as a summary names them.
async fn pins(store: &dyn Store, id: ConversationId, viewer: UserId) -> (Vec<MessageId>, Vec<MessageId>) {
    let all = store.pins(id).await.expect("an answer").iter().map(|message| message.id).collect();
    (all, store.summary(id, viewer).await.expect("an answer").expect("a summary").pins)
}

pub async fn pins_stand_in_the_order_in_which_they_were_made(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    let first = sent(&*store, id, anna, "one").await.message;
    let second = sent(&*store, id, ben, "two").await.message;
    assert_eq!(pins(&*store, id, anna).await, (vec![], vec![]));
    let pinned = pin(&*store, &second, anna, true, after(1)).await;
    assert_eq!((pinned.pinned, pinned.version), (Some(Pinned { by: anna, at: after(1) }), 3));
    assert_eq!(store.message(id, second.id).await, Ok(Some(pinned.clone())));
    pin(&*store, &first, ben, true, after(2)).await;
    let both = vec![second.id, first.id];
    assert_eq!(pins(&*store, id, ben).await, (both.clone(), both));
    assert_eq!(store.pins(id).await.expect("an answer")[0], pinned);
    let unpinned = pin(&*store, &second, ben, false, after(3)).await;
    assert_eq!(*unpinned, Message { version: 5, ..Message::clone(&second) }, "as if it had never been");
    assert_eq!(pins(&*store, id, ben).await, (vec![first.id], vec![first.id]));
    pin(&*store, &second, ben, true, after(4)).await;
    assert_eq!(pins(&*store, id, ben).await.0, [first.id, second.id], "pinned anew it is the last");
    assert_eq!(store.pins(ConversationId::new()).await, Ok(vec![]));
}

pub async fn what_is_deleted_is_not_pinned(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    let message = sent(&*store, id, anna, "a secret").await.message;
    let pinned = pin(&*store, &message, ben, true, after(1)).await;
    assert_eq!(pinned.after(anna, &Change::Pin { on: true }, after(2)), Ok(None), "it is so already");
    let gone = changed(&*store, &message, anna, &Change::Delete, after(2)).await;
    assert_eq!(gone.pinned, None);
    assert_eq!(pins(&*store, id, ben).await, (vec![], vec![]));
    assert_eq!(gone.after(anna, &Change::Pin { on: false }, after(3)), Ok(None));
    assert!(gone.after(anna, &Change::Pin { on: true }, after(3)).is_err());
}

pub async fn summaries_name_those_pins_alone_that_their_viewer_sees(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben] = given::users(&*store, ["anna", "ben"]).await;
    let id = ConversationId::new();
    let by = |member, message| Membership { conversation: id, member, by: anna, message, at: NOW };
    store.create_group(by(anna, MessageId::new()), None, vec![]).await.expect("a group");
    let early = sent(&*store, id, anna, "early").await.message;
    store.add_member(by(ben, MessageId::new())).await.expect("an answer").expect("a new member");
    let late = sent(&*store, id, anna, "late").await.message;
    pin(&*store, &late, anna, true, after(1)).await;
    pin(&*store, &early, anna, true, after(2)).await;
    assert_eq!(pins(&*store, id, anna).await.1, [late.id, early.id]);
    assert_eq!(pins(&*store, id, ben).await.1, [late.id]);
    let shown = Settings::from([(HISTORY.to_owned(), SHOWN.to_owned())]);
    let set = store.change_group(by(anna, MessageId::new()), GroupChange::Settings(shown)).await;
    set.expect("an answer").expect("a change");
    assert_eq!(pins(&*store, id, ben).await.1, [late.id, early.id]);
}

pub async fn nothing_stays_pinned_of_somebody_or_by_somebody_who_is_gone(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben] = given::users(&*store, ["anna", "ben"]).await;
    let id = ConversationId::new();
    let first = Membership { conversation: id, member: anna, by: anna, message: MessageId::new(), at: NOW };
    store.create_group(first, None, vec![ben]).await.expect("a group");
    let of_ben = sent(&*store, id, ben, "by ben").await.message;
    let [by_ben, by_anna] = [sent(&*store, id, anna, "one").await, sent(&*store, id, anna, "two").await];
    pin(&*store, &of_ben, anna, true, after(1)).await;
    pin(&*store, &by_ben.message, ben, true, after(2)).await;
    pin(&*store, &by_anna.message, anna, true, after(3)).await;
    assert_eq!(store.delete_user(ben).await, Ok(true));
    let left = by_anna.message.id;
    assert_eq!(pins(&*store, id, anna).await, (vec![left], vec![left]));
}

pub async fn the_newest_hundred_are_given(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, _) = given::conversation(&*store).await;
    let mut all = Vec::new();
    for n in 0..=MAX_PINS as i64 {
        let message = sent(&*store, id, anna, "text").await.message;
        all.push(pin(&*store, &message, anna, true, after(n)).await.id);
    }
    assert_eq!(pins(&*store, id, anna).await, (all[1..].to_vec(), all[1..].to_vec()));
}

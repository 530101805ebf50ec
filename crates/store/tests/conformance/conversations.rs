use super::{
    Backend, given,
    given::{NOW, make_move},
};
use model::{
    friendship::{Move, Pair},
    id::{ConversationId, UserId},
    message::{ConversationKind, MAX_UNREAD},
};
use std::collections::BTreeMap;
use store::{Store, StoreError};

async fn unread(store: &dyn Store, id: ConversationId, viewer: UserId) -> u64 {
    store.summary(id, viewer).await.expect("an answer").expect("a summary").unread
}

pub async fn becoming_contacts_makes_a_direct_conversation_of_both(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    let mut found = store.conversation(id).await.expect("an answer").expect("the conversation");
    found.members.sort_unstable();
    assert_eq!((found.id, found.kind, found.members), (id, ConversationKind::Direct, vec![anna, ben]));
}

pub async fn an_unknown_conversation_is_none(place: impl Backend) {
    let store = place.open().await;
    let (_, anna, _) = given::conversation(&*store).await;
    assert_eq!(store.conversation(ConversationId::new()).await, Ok(None));
    assert_eq!(store.summary(ConversationId::new(), anna).await, Ok(None));
}

pub async fn a_stranger_sees_no_summary(place: impl Backend) {
    let store = place.open().await;
    let (id, _, _) = given::conversation(&*store).await;
    let [mallory] = given::users(&*store, ["mallory"]).await;
    assert_eq!(store.summary(id, mallory).await, Ok(None));
    assert_eq!(store.summary(id, UserId::new()).await, Ok(None));
    assert_eq!(store.summaries(mallory).await, Ok(vec![]));
}

pub async fn a_new_conversation_is_empty(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, _) = given::conversation(&*store).await;
    let summary = store.summary(id, anna).await.expect("an answer").expect("a summary");
    assert_eq!((summary.head, summary.unread, summary.last_message), (0, 0, None));
    assert_eq!(summary.read, BTreeMap::new());
}

pub async fn a_summary_shows_head_cursors_and_the_newest_message(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    given::many_sent(&*store, id, anna, 3).await;
    let last = given::sent(&*store, id, ben, "newest").await.message;
    store.advance_read_cursor(ben, id, 2).await.expect("an answer");
    let summary = store.summary(id, ben).await.expect("an answer").expect("a summary");
    assert_eq!((summary.head, summary.unread), (4, 1));
    assert_eq!(summary.last_message, Some(last));
    assert_eq!(summary.read, BTreeMap::from([(ben, 2)]), "Anna has read nothing");
    assert_eq!(store.summaries(ben).await, Ok(vec![summary]), "a list shows the same");
}

pub async fn a_list_holds_all_conversations_of_the_viewer_and_no_others(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben, cleo, dora] = given::users(&*store, ["anna", "ben", "cleo", "dora"]).await;
    let mut hers = Vec::new();
    for other in [ben, cleo, dora] {
        hers.push(given::contacts(&*store, other, anna).await);
    }
    let bens = given::contacts(&*store, ben, cleo).await;
    given::sent(&*store, bens, cleo, "for Ben alone").await;
    given::sent(&*store, hers[1], cleo, "for Anna").await;

    let mut list = store.summaries(anna).await.expect("an answer");
    list.sort_by_key(|summary| summary.conversation.id);
    hers.sort_unstable();
    let shown: Vec<_> = list.iter().map(|summary| (summary.conversation.id, summary.unread)).collect();
    assert_eq!(shown, [(hers[0], 0), (hers[1], 1), (hers[2], 0)]);
}

pub async fn a_direct_conversation_ends_when_they_are_no_longer_contacts(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    given::many_sent(&*store, id, anna, 2).await;
    store.advance_read_cursor(ben, id, 1).await.expect("an answer");
    let pair = Pair::of(anna, ben).expect("two people");
    make_move(&*store, pair, anna, Move::Remove, NOW).await.expect("a change");
    assert_eq!(store.conversation(id).await, Ok(None));
    for user in [anna, ben] {
        assert_eq!(store.summary(id, user).await, Ok(None));
        assert_eq!(store.summaries(user).await, Ok(vec![]));
        assert_eq!(store.advance_read_cursor(user, id, 2).await, Err(StoreError::NotFound));
        let late = given::message(id, user, "late");
        assert_eq!(store.append_message(late).await, Err(StoreError::NotFound));
    }

    let next = given::contacts(&*store, ben, anna).await;
    let list = store.summaries(ben).await.expect("an answer");
    let list: Vec<_> = list.iter().map(|summary| (summary.conversation.id, summary.head)).collect();
    assert_eq!(list, [(next, 0)], "another one, and empty");
    assert_ne!(next, id);
}

pub async fn unread_counts_only_what_others_wrote_after_my_cursor(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    given::many_sent(&*store, id, anna, 3).await; // 1 to 3
    given::many_sent(&*store, id, ben, 2).await; // 4, 5
    given::many_sent(&*store, id, anna, 2).await; // 6, 7
    assert_eq!(unread(&*store, id, anna).await, 2);
    assert_eq!(unread(&*store, id, ben).await, 5);
    for (seq, expected) in [(2, 3), (3, 2), (5, 2), (6, 1), (7, 0)] {
        store.advance_read_cursor(ben, id, seq).await.expect("an answer");
        assert_eq!(unread(&*store, id, ben).await, expected, "read up to {seq}");
    }
    assert_eq!(unread(&*store, id, anna).await, 2, "each has a cursor of their own");
}

pub async fn unread_counts_stop_at_a_hundred(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    given::many_sent(&*store, id, ben, 5).await;
    given::many_sent(&*store, id, anna, 99).await;
    assert_eq!(unread(&*store, id, ben).await, 99);
    given::many_sent(&*store, id, anna, 1).await;
    assert_eq!(unread(&*store, id, ben).await, 100);
    given::many_sent(&*store, id, anna, 10).await;
    assert_eq!(unread(&*store, id, ben).await, MAX_UNREAD);
}

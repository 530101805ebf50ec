use super::{Backend, given};
use futures::FutureExt;
use model::{
    id::{ConversationId, UserId},
    message::PageRequest,
    search::SearchTerm,
    time::Timestamp,
};
use store::{SessionRecord, StoreError};

pub async fn what_was_stored_is_there_after_reopening(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    given::many_sent(&*store, id, anna, 3).await;
    store.advance_read_cursor(ben, id, 2).await.expect("an answer");
    let later = Timestamp(given::NOW.0 + 1);
    let session = SessionRecord { id: 7, user: Some(anna), data: "{}".into(), expires_at: later };
    store.create_session(session.clone()).await.expect("an answer");
    let before = (
        store.account(anna).await,
        store.friendships_of(anna).await,
        store.summary(id, ben).await,
        store.page(id, PageRequest::default()).await,
    );
    store.close().await;
    drop(store);

    let store = place.open().await;
    let after = (
        store.account(anna).await,
        store.friendships_of(anna).await,
        store.summary(id, ben).await,
        store.page(id, PageRequest::default()).await,
    );
    assert_eq!(after, before);
    assert_eq!(store.session(7, given::NOW).await, Ok(Some(session)));
    let term = SearchTerm::parse("nna").expect("a valid term");
    assert_eq!(store.search_users(&term, ben, 10).await.expect("an answer").len(), 1);
    assert_eq!(given::sent(&*store, id, ben, "next").await.message.seq, 4);
}

pub async fn a_write_goes_on_when_its_caller_has_left(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    let left = given::message(id, anna, "sent, and the tab closed");
    // Polled once, which hands it over, and dropped.
    assert!(store.append_message(left.clone()).now_or_never().is_none());
    // What is handed over later is stored later.
    let next = given::sent(&*store, id, ben, "next").await.message;
    assert_eq!(next.seq, 2);
    let again = store.append_message(left).await.expect("the stored message");
    assert_eq!((again.is_new, again.message.seq), (false, 1));
}

pub async fn an_open_store_is_ready(place: impl Backend) {
    let store = place.open().await;
    assert_eq!(store.check_ready().await, Ok(()));
}

pub async fn a_closed_store_is_unavailable(place: impl Backend) {
    let store = place.open().await;
    let [anna] = given::users(&*store, ["anna"]).await;
    store.close().await;
    store.close().await; // twice is once
    let refusals = [
        store.check_ready().await.err(),
        store.account(anna).await.err(),
        store.set_last_seen(anna, given::NOW).await.err(),
        store.page(ConversationId::new(), PageRequest::default()).await.err(),
        store.users(&[UserId::new()]).await.err(),
    ];
    for refusal in refusals {
        assert!(matches!(refusal, Some(StoreError::Unavailable(_))), "{refusal:?}");
    }
}

pub async fn closing_finishes_what_is_queued(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, _) = given::conversation(&*store).await;
    let sends = (0..200).map(|_| store.append_message(given::message(id, anna, "text")));
    // The sends are polled, and so queued, before the close is.
    let (sent, ()) = futures::future::join(futures::future::join_all(sends), store.close()).await;
    assert_eq!(given::successes(&sent), 200);
    drop(store);
    let store = place.open().await;
    assert_eq!(store.changes(id, 0, 500).await.expect("an answer").messages.len(), 200);
}

pub async fn a_store_has_one_secret_for_ever(place: impl Backend) {
    let store = place.open().await;
    let secret = store.secret().await.expect("an answer");
    assert_ne!(secret, [0; 32]);
    assert_eq!(store.secret().await, Ok(secret));
    store.close().await;
    drop(store);
    assert_eq!(place.open().await.secret().await, Ok(secret));
}

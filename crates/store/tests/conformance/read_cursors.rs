use super::{Backend, given};
use model::id::{ConversationId, UserId};
use store::StoreError;

pub async fn a_cursor_only_grows(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    given::many_sent(&*store, id, anna, 9).await;
    for (seq, moved_to) in
        [(0, None), (4, Some(4)), (4, None), (2, None), (0, None), (5, Some(5)), (9, Some(9))]
    {
        assert_eq!(store.advance_read_cursor(ben, id, seq).await, Ok(moved_to), "{seq}");
    }
    let read = store.summary(id, anna).await.expect("an answer").expect("a summary").read;
    assert_eq!(Vec::from_iter(read), [(ben, 9)]);
}

pub async fn a_cursor_stops_at_the_head(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    assert_eq!(store.advance_read_cursor(ben, id, 7).await, Ok(None), "there is nothing to read");
    given::many_sent(&*store, id, anna, 3).await;
    assert_eq!(store.advance_read_cursor(ben, id, u64::MAX).await, Ok(Some(3)));
    assert_eq!(store.advance_read_cursor(ben, id, 4).await, Ok(None));
    given::many_sent(&*store, id, anna, 1).await;
    let summary = store.summary(id, ben).await.expect("an answer").expect("a summary");
    assert_eq!(summary.unread, 1, "a cursor cannot run ahead of what was written");
    assert_eq!(store.advance_read_cursor(ben, id, 4).await, Ok(Some(4)));
}

pub async fn strangers_have_no_cursor(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, _) = given::conversation(&*store).await;
    given::many_sent(&*store, id, anna, 1).await;
    let [mallory] = given::users(&*store, ["mallory"]).await;
    let strangers = [(mallory, id), (UserId::new(), id), (anna, ConversationId::new())];
    for (user, conversation) in strangers {
        let refused = store.advance_read_cursor(user, conversation, 1).await;
        assert_eq!(refused, Err(StoreError::NotFound));
    }
    let summary = store.summary(id, anna).await.expect("an answer").expect("a summary");
    assert!(summary.read.is_empty());
}

pub async fn of_many_moves_at_once_the_furthest_stays(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    given::many_sent(&*store, id, anna, 40).await;
    let moves = given::at_once(&store, 40, |store, n| async move {
        let seq = (n * 17 % 40 + 1) as u64; // every seq once, in no order
        store.advance_read_cursor(ben, id, seq).await.expect("an answer")
    })
    .await;
    assert!(moves.contains(&Some(40)));
    let read = store.summary(id, ben).await.expect("an answer").expect("a summary").read;
    assert_eq!(read[&ben], 40);
}

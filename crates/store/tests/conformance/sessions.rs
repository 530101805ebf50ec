use super::{Backend, given, given::NOW};
use model::{id::UserId, time::Timestamp};
use store::SessionRecord;

const LATER: Timestamp = Timestamp(NOW.0 + 1_000);
const LATEST: Timestamp = Timestamp(NOW.0 + 2_000);

/// Ends at [`LATER`].
fn session(id: i128, user: Option<UserId>) -> SessionRecord {
    SessionRecord { id, user, data: format!(r#"{{"of":"{id}"}}"#), expires_at: LATER }
}

pub async fn a_session_is_found_until_it_expires(place: impl Backend) {
    let store = place.open().await;
    let [anna] = given::users(&*store, ["anna"]).await;
    for (id, user) in [(i128::MIN, Some(anna)), (-1, None), (0, None), (1, None), (i128::MAX, Some(anna))] {
        let new = session(id, user);
        assert_eq!(store.create_session(new.clone()).await, Ok(true));
        assert_eq!(store.session(id, NOW).await, Ok(Some(new.clone())));
        assert_eq!(store.session(id, Timestamp(LATER.0 - 1)).await, Ok(Some(new)));
        assert_eq!(store.session(id, LATER).await, Ok(None));
    }
    assert_eq!(store.session(2, NOW).await, Ok(None));
}

pub async fn an_id_in_use_is_not_given_again(place: impl Backend) {
    let store = place.open().await;
    let [anna] = given::users(&*store, ["anna"]).await;
    assert_eq!(store.create_session(session(7, Some(anna))).await, Ok(true));
    assert_eq!(store.create_session(session(7, None)).await, Ok(false));
    assert_eq!(store.session(7, NOW).await, Ok(Some(session(7, Some(anna)))));

    let outcomes =
        given::at_once(&store, 20, |store, _| async move { store.create_session(session(8, None)).await });
    assert_eq!(outcomes.await.into_iter().filter(|made| *made == Ok(true)).count(), 1);
}

pub async fn a_session_is_replaced_when_saved(place: impl Backend) {
    let store = place.open().await;
    let [anna] = given::users(&*store, ["anna"]).await;
    store.create_session(session(7, None)).await.expect("an answer");
    let next = SessionRecord { data: "{}".into(), expires_at: LATEST, ..session(7, Some(anna)) };
    assert_eq!(store.save_session(next.clone(), NOW).await, Ok(true));
    assert_eq!(store.session(7, LATER).await, Ok(Some(next)));
}

pub async fn a_deleted_session_cannot_be_saved_back(place: impl Backend) {
    let store = place.open().await;
    store.create_session(session(7, None)).await.expect("an answer");
    assert_eq!(store.delete_session(7).await, Ok(()));
    assert_eq!(store.session(7, NOW).await, Ok(None));
    assert_eq!(store.save_session(session(7, None), NOW).await, Ok(false));
    assert_eq!(store.session(7, NOW).await, Ok(None));
    assert_eq!(store.delete_session(7).await, Ok(()), "deleting again is no error");
}

pub async fn an_expired_session_cannot_be_saved_back(place: impl Backend) {
    let store = place.open().await;
    store.create_session(session(7, None)).await.expect("an answer");
    let longer = SessionRecord { expires_at: LATEST, ..session(7, None) };
    assert_eq!(store.save_session(longer, LATER).await, Ok(false));
    assert_eq!(store.session(7, LATER).await, Ok(None));
}

pub async fn all_sessions_of_a_user_end_but_the_one_to_keep(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben] = given::users(&*store, ["anna", "ben"]).await;
    for id in 1..=4 {
        store.create_session(session(id, Some(anna))).await.expect("an answer");
    }
    store.create_session(session(5, Some(ben))).await.expect("an answer");
    store.create_session(session(6, None)).await.expect("an answer");

    assert_eq!(store.delete_sessions_of(anna, Some(3)).await, Ok(3));
    for (id, kept) in [(1, false), (2, false), (3, true), (4, false), (5, true), (6, true)] {
        assert_eq!(store.session(id, NOW).await.expect("an answer").is_some(), kept, "{id}");
    }
    assert_eq!(store.delete_sessions_of(anna, None).await, Ok(1));
    assert_eq!(store.delete_sessions_of(anna, None).await, Ok(0));
    assert_eq!(store.save_session(session(1, Some(anna)), NOW).await, Ok(false), "they do not come back");
}

pub async fn expired_sessions_are_swept_away(place: impl Backend) {
    let store = place.open().await;
    for id in 1..=3 {
        store.create_session(session(id, None)).await.expect("an answer");
    }
    store.create_session(SessionRecord { expires_at: LATEST, ..session(4, None) }).await.expect("an answer");
    assert_eq!(store.delete_expired_sessions(NOW).await, Ok(0));
    assert_eq!(store.delete_expired_sessions(LATER).await, Ok(3));
    assert_eq!(store.delete_expired_sessions(LATER).await, Ok(0));
    assert_eq!(store.session(1, NOW).await, Ok(None), "gone even for a clock that goes back");
    assert!(store.session(4, LATER).await.expect("an answer").is_some());
}

pub async fn the_sessions_of_a_user_are_listed_until_they_expire(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben] = given::users(&*store, ["anna", "ben"]).await;
    let longer = SessionRecord { expires_at: LATEST, ..session(2, Some(anna)) };
    for new in [session(1, Some(anna)), longer.clone(), session(3, Some(ben)), session(4, None)] {
        store.create_session(new).await.expect("an answer");
    }
    assert_eq!(store.sessions_of(anna, NOW).await, Ok(vec![longer.clone(), session(1, Some(anna))]));
    assert_eq!(store.sessions_of(anna, LATER).await, Ok(vec![longer]));
    assert_eq!(store.sessions_of(anna, LATEST).await, Ok(vec![]));
    assert_eq!(store.sessions_of(UserId::new(), NOW).await, Ok(vec![]));
}

pub async fn of_many_sessions_the_live_ones_are_told(place: impl Backend) {
    let store = place.open().await;
    let [anna] = given::users(&*store, ["anna"]).await;
    let longer = SessionRecord { expires_at: LATEST, ..session(i128::MIN, Some(anna)) };
    for new in [longer, session(2, Some(anna)), session(3, None)] {
        store.create_session(new).await.expect("an answer");
    }
    let asked: Vec<_> = (0..5_000).chain([i128::MIN, -1]).collect();
    let mut live = store.live_sessions(&asked, NOW).await.expect("an answer");
    live.sort_unstable();
    assert_eq!(live, [i128::MIN, 2, 3]);
    assert_eq!(store.live_sessions(&asked, LATER).await, Ok(vec![i128::MIN]));
    assert_eq!(store.live_sessions(&[], NOW).await, Ok(vec![]));
}

pub async fn endings_are_counted(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben] = given::users(&*store, ["anna", "ben"]).await;
    for (id, user) in [(1, Some(anna)), (2, Some(anna)), (3, Some(ben)), (4, None)] {
        store.create_session(session(id, user)).await.expect("an answer");
    }
    let before = store.sessions_ended().await.expect("an answer");
    store.save_session(session(1, Some(anna)), NOW).await.expect("an answer");
    store.delete_session(4).await.expect("an answer");
    store.delete_session(5).await.expect("an answer");
    assert_eq!(store.sessions_ended().await, Ok(before), "nobody was signed out");

    let mut known = before;
    let mut grew = async |what: &str| {
        let now = store.sessions_ended().await.expect("an answer");
        assert!(now > known, "{what}");
        known = now;
    };
    store.delete_session(1).await.expect("an answer");
    grew("a log-out").await;
    store.delete_sessions_of(anna, None).await.expect("an answer");
    grew("the end of all sessions of a user").await;
    // Again, for one that was cut short between its two steps.
    store.delete_sessions_of(anna, None).await.expect("an answer");
    grew("the same again").await;
    store.delete_user(ben).await.expect("an answer");
    grew("a deleted user").await;
    store.close().await;
    drop(store);
    assert_eq!(place.open().await.sessions_ended().await, Ok(known), "and it is kept");
}

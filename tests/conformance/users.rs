use super::{Backend, given};
use sotto::{auth::model::Username, id::UserId, store::StoreError, time::Timestamp};

pub async fn an_account_is_found_by_id_and_by_name_regardless_of_case(place: impl Backend) {
    let store = place.open().await;
    let new = given::account("Anna.Lee");
    let user = store.create_user(new.clone()).await.expect("a free name");
    assert_eq!((user.id, user.username.as_str()), (new.id, "Anna.Lee"));

    let by_id = store.account(user.id).await.expect("an answer").expect("Anna");
    assert_eq!((&by_id.user, &by_id.password_hash, by_id.last_seen), (&user, &new.password_hash, None));
    for name in ["Anna.Lee", "anna.lee", "ANNA.LEE"] {
        let name = Username::parse(name).expect("a valid name");
        assert_eq!(store.account_by_name(&name).await.expect("an answer").as_ref(), Some(&by_id));
    }
    assert_eq!(store.account(UserId::new()).await, Ok(None));
    assert_eq!(store.account_by_name(&given::account("anna").username).await, Ok(None));
}

pub async fn names_are_unique_regardless_of_case(place: impl Backend) {
    let store = place.open().await;
    let first = given::user(&*store, "Anna").await;
    for name in ["Anna", "anna", "ANNA"] {
        assert_eq!(store.create_user(given::account(name)).await, Err(StoreError::UsernameTaken), "{name}");
    }
    let stored = store.account_by_name(&first.username).await.expect("an answer").expect("Anna");
    assert_eq!(stored.user, first, "the refused ones changed nothing");
    given::user(&*store, "Anna2").await;
}

pub async fn of_fifty_who_want_one_name_at_once_one_gets_it(place: impl Backend) {
    let store = place.open().await;
    let outcomes = given::at_once(&store, 50, |store, n| async move {
        store.create_user(given::account(if n % 2 == 0 { "Anna" } else { "aNNA" })).await
    })
    .await;
    assert_eq!(given::successes(&outcomes), 1);
    for outcome in outcomes {
        assert!(matches!(outcome, Ok(_) | Err(StoreError::UsernameTaken)), "{outcome:?}");
    }
}

pub async fn several_users_are_read_at_once_and_unknown_ones_left_out(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben, _cleo] = given::users(&*store, ["anna", "ben", "cleo"]).await;
    let found = store.users(&[ben, UserId::new(), anna, ben]).await.expect("an answer");
    let mut found: Vec<_> = found.into_iter().map(|account| account.user.id).collect();
    found.sort_unstable();
    assert_eq!(found, [anna, ben]);
    assert_eq!(store.users(&[]).await, Ok(vec![]));
}

pub async fn last_seen_only_moves_forward(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben] = given::users(&*store, ["anna", "ben"]).await;
    for (at, expected) in [(2_000, 2_000), (1_000, 2_000), (3_000, 3_000)] {
        store.set_last_seen(anna, Timestamp(at)).await.expect("a stored moment");
        let seen = store.account(anna).await.expect("an answer").expect("Anna").last_seen;
        assert_eq!(seen, Some(Timestamp(expected)));
    }
    assert_eq!(store.account(ben).await.expect("an answer").expect("Ben").last_seen, None);
}

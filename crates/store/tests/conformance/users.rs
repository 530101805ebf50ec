use super::{Backend, given};
use model::{
    friendship::{Move, Pair},
    id::{ConversationId, MessageId, UserId},
    message::PageRequest,
    search::SearchTerm,
    time::Timestamp,
    user::{DisplayName, Username},
};
use store::{Membership, PasswordHash, SessionRecord, Store, StoreError};

pub async fn an_account_is_found_by_id_and_by_name_regardless_of_case(place: impl Backend) {
    let store = place.open().await;
    let new = given::account("Anna.Lee");
    let user = store.create_user(new.clone()).await.expect("a free name");
    assert_eq!((user.id, user.username.as_str()), (new.id, "Anna.Lee"));

    let by_id = store.account(user.id).await.expect("an answer").expect("Anna");
    assert_eq!((&by_id.user, &by_id.password_hash, by_id.last_seen), (&user, &new.password_hash, None));
    assert_eq!((by_id.created_at, by_id.disabled_at), (new.created_at, None));
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

pub async fn users_are_listed_by_name_in_pages(place: impl Backend) {
    let store = place.open().await;
    given::users(&*store, ["cleo", "Anna", "ben", "anna-b", "Dora"]).await;
    let mut after: Option<Username> = None;
    for expected in [&["Anna", "anna-b"][..], &["ben", "cleo"], &["Dora"], &[]] {
        let page = store.users_page(after.as_ref(), 2).await.expect("an answer");
        let names: Vec<_> = page.iter().map(|account| account.user.username.as_str()).collect();
        assert_eq!(names, expected);
        after = page.last().map(|account| account.user.username.clone()).or(after);
    }
    // From a name that nobody has, in whatever case.
    let after = Username::parse("ANNA-C").expect("a valid name");
    let page = store.users_page(Some(&after), 1).await.expect("an answer");
    assert_eq!(page[0].user.username.as_str(), "ben");
    assert_eq!(page[0].password_hash, given::account("ben").password_hash);
}

/// Three sessions of the first, and one of the second.
async fn sign_in(store: &dyn Store, first: UserId, second: UserId) {
    let expires_at = Timestamp(given::NOW.0 + 1);
    for (id, user) in [(1, first), (2, first), (3, first), (4, second)] {
        let new = SessionRecord { id, user: Some(user), data: "{}".into(), expires_at };
        assert_eq!(store.create_session(new).await, Ok(true));
    }
}

async fn live(store: &dyn Store) -> Vec<i128> {
    let mut live = store.live_sessions(&[1, 2, 3, 4], given::NOW).await.expect("an answer");
    live.sort_unstable();
    live
}

pub async fn a_password_is_replaced_and_every_session_but_one_with_it(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben] = given::users(&*store, ["anna", "ben"]).await;
    sign_in(&*store, anna, ben).await;
    let before = store.account(anna).await.expect("an answer").expect("Anna");
    let hash = PasswordHash("another hash".into());
    let ended = store.sessions_ended().await.expect("an answer");
    assert_eq!(store.set_password(UserId::new(), hash.clone(), Some(1)).await, Ok(None));
    assert_eq!((live(&*store).await, store.sessions_ended().await), (vec![1, 2, 3, 4], Ok(ended)));
    assert_eq!(store.set_password(anna, hash.clone(), Some(2)).await, Ok(Some(2)));
    assert_eq!(live(&*store).await, [2, 4]);
    assert!(store.sessions_ended().await.expect("an answer") > ended, "open sockets are looked at");
    assert_eq!(store.set_password(anna, hash.clone(), None).await, Ok(Some(1)));
    assert_eq!(live(&*store).await, [4]);
    let after = store.account(anna).await.expect("an answer").expect("Anna");
    assert_eq!(after.password_hash, hash);
    assert_eq!((after.user, after.created_at), (before.user, before.created_at));
    let ben = store.account(ben).await.expect("an answer").expect("Ben");
    assert_eq!(ben.password_hash, given::account("ben").password_hash);
}

pub async fn an_account_is_disabled_and_enabled(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben] = given::users(&*store, ["anna", "ben"]).await;
    for at in [Some(given::NOW), Some(Timestamp(given::NOW.0 + 1)), None] {
        assert_eq!(store.set_disabled(anna, at).await, Ok(Some(0)));
        let account = store.account(anna).await.expect("an answer").expect("Anna");
        assert_eq!(account.disabled_at, at);
        assert_eq!(store.account_by_name(&account.user.username).await, Ok(Some(account)));
    }
    assert_eq!(store.account(ben).await.expect("an answer").expect("Ben").disabled_at, None);
    assert_eq!(store.set_disabled(UserId::new(), Some(given::NOW)).await, Ok(None));
}

pub async fn disabling_an_account_ends_its_sessions(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben] = given::users(&*store, ["anna", "ben"]).await;
    sign_in(&*store, anna, ben).await;
    let ended = store.sessions_ended().await.expect("an answer");
    assert_eq!(store.set_disabled(anna, None).await, Ok(Some(0)), "enabling ends none");
    assert_eq!((live(&*store).await, store.sessions_ended().await), (vec![1, 2, 3, 4], Ok(ended)));
    assert_eq!(store.set_disabled(anna, Some(given::NOW)).await, Ok(Some(3)));
    assert_eq!(live(&*store).await, [4]);
    assert!(store.sessions_ended().await.expect("an answer") > ended, "open sockets are looked at");
}

pub async fn a_deleted_user_is_gone_with_all_that_was_theirs(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben, cleo, dora] = given::users(&*store, ["anna", "ben", "cleo", "dora"]).await;
    let with_ben = given::contacts(&*store, anna, ben).await;
    let of_others = given::contacts(&*store, ben, cleo).await;
    let asked = Pair::of(anna, dora).expect("two people");
    let request = given::make_move(&*store, asked, dora, Move::Request, given::NOW).await.expect("a request");
    for (conversation, sender) in [(with_ben, anna), (with_ben, ben), (of_others, ben)] {
        given::sent(&*store, conversation, sender, "text").await;
    }
    store.advance_read_cursor(ben, with_ben, 2).await.expect("an answer");
    let later = Timestamp(given::NOW.0 + 1);
    for (id, user) in [(1, anna), (2, ben)] {
        let new = SessionRecord { id, user: Some(user), data: "{}".into(), expires_at: later };
        store.create_session(new).await.expect("an answer");
    }

    assert_eq!(store.delete_user(anna).await, Ok(true));

    assert_eq!(store.account(anna).await, Ok(None));
    let name = given::account("anna").username;
    assert_eq!(store.account_by_name(&name).await, Ok(None));
    for term in ["anna", "nna"] {
        let term = SearchTerm::parse(term).expect("a valid term");
        assert_eq!(store.search_users(&term, ben, 10).await, Ok(vec![]));
    }
    assert_eq!(store.session(1, given::NOW).await, Ok(None));
    assert!(store.session(2, given::NOW).await.expect("an answer").is_some());
    assert_eq!(store.friendship(Pair::of(anna, ben).expect("two people")).await, Ok(None));
    assert_eq!(store.friendship_by_request(request.request_id).await, Ok(None));
    assert_eq!(store.friendships_of(dora).await, Ok(vec![]));
    assert_eq!(store.friendships_of(ben).await.expect("an answer").len(), 1);
    assert_eq!(store.conversation(with_ben).await, Ok(None));
    assert_eq!(store.page(with_ben, PageRequest::default()).await.expect("an answer").messages, []);
    assert_eq!(store.changes(with_ben, 0, 10).await.expect("an answer").messages, []);
    let left = store.summaries(ben).await.expect("an answer");
    assert_eq!(left.iter().map(|summary| summary.conversation.id).collect::<Vec<_>>(), [of_others]);
    assert_eq!(left[0].head, 1);
    let late = given::message(with_ben, ben, "too late");
    assert_eq!(store.append_message(late).await, Err(StoreError::NotFound));

    let again = given::user(&*store, "Anna").await;
    given::contacts(&*store, again.id, ben).await;
}

pub async fn deleting_again_is_no_error(place: impl Backend) {
    let store = place.open().await;
    let [anna] = given::users(&*store, ["anna"]).await;
    assert_eq!(store.delete_user(anna).await, Ok(true));
    assert_eq!(store.delete_user(anna).await, Ok(false));
    assert_eq!(store.delete_user(UserId::new()).await, Ok(false));
}

pub async fn a_display_name_is_kept_until_it_is_taken_back(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben] = given::users(&*store, ["anna", "ben"]).await;
    let name = DisplayName::parse("Anna \u{1f469}\u{200d}\u{1f680} \u{5d0}").expect("a valid name");
    for called in [Some(name), None] {
        assert_eq!(store.set_display_name(anna, called.clone()).await, Ok(true));
        let account = store.account(anna).await.expect("an answer").expect("Anna");
        assert_eq!(account.user.display_name, called);
        assert_eq!(store.users(&[anna]).await, Ok(vec![account.clone()]));
        let term = SearchTerm::parse("ann").expect("a valid term");
        assert_eq!(store.search_users(&term, ben, 10).await, Ok(vec![account.user]));
    }
    assert_eq!(store.account(ben).await.expect("an answer").expect("Ben").user.display_name, None);
    assert_eq!(store.set_display_name(UserId::new(), None).await, Ok(false));
}

pub async fn a_deletion_says_whom_it_concerns(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben, cleo, dora] = given::users(&*store, ["anna", "ben", "cleo", "dora"]).await;
    let with_ben = given::contacts(&*store, anna, ben).await;
    let asked = Pair::of(anna, cleo).expect("two people");
    given::make_move(&*store, asked, cleo, Move::Request, given::NOW).await.expect("a request");
    given::contacts(&*store, ben, dora).await;
    let group = ConversationId::new();
    let first =
        Membership { conversation: group, member: anna, by: anna, message: MessageId::new(), at: given::NOW };
    store.create_group(first, None, vec![dora]).await.expect("a group");
    assert_eq!(store.partings().await, Ok(vec![]));

    store.delete_user(anna).await.expect("an answer");
    let partings = store.partings().await.expect("an answer");
    let mut concerned: Vec<_> = partings.iter().map(|one| (one.user, one.conversation)).collect();
    concerned.sort_unstable();
    let mut expected = [(ben, Some(with_ben)), (cleo, None), (dora, Some(group))];
    expected.sort_unstable();
    assert_eq!(concerned, expected);
    assert_eq!(partings.last().map(|oldest| oldest.user), Some(dora), "friends are the newest");
    assert_ne!(partings[0].id, partings[1].id);

    store.delete_user(UserId::new()).await.expect("an answer");
    store.delete_user(cleo).await.expect("an answer");
    let left = store.partings().await.expect("an answer");
    assert_eq!(
        left.iter().map(|one| one.user).collect::<Vec<_>>(),
        [ben, dora],
        "not those of who is gone, too"
    );
}

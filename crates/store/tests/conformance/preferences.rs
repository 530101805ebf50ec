use super::{Backend, given};
use model::{
    id::{ConversationId, MessageId, UserId},
    prefs::{ALWAYS, MAX_PINNED, Prefs, PrefsChange},
    time::Timestamp,
};
use store::{Membership, Store, StoreError};

fn pin(pinned: bool) -> PrefsChange {
    PrefsChange { pinned: Some(pinned), ..PrefsChange::default() }
}

fn archive() -> PrefsChange {
    PrefsChange { archived: Some(true), ..PrefsChange::default() }
}

async fn kept(store: &dyn Store, conversation: ConversationId, user: UserId) -> Prefs {
    store.summary(conversation, user).await.expect("an answer").expect("a summary").prefs
}

pub async fn what_a_member_keeps_is_told_in_their_summaries_alone(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    assert_eq!(kept(&*store, id, anna).await, Prefs::default());
    let change = PrefsChange {
        pinned: Some(true),
        muted_until: Some(Some(ALWAYS)),
        mentions: Some(false),
        unread: Some(true),
        ..PrefsChange::default()
    };
    let set = store.set_prefs(anna, id, change, given::NOW).await.expect("an answer").expect("a change");
    let expected = Prefs {
        rev: 1,
        pinned: true,
        pinned_at: Some(given::NOW),
        muted_until: Some(ALWAYS),
        unread: true,
        mentions: false,
        ..Prefs::default()
    };
    assert_eq!(set, expected);
    assert_eq!(store.set_prefs(anna, id, change, given::NOW).await, Ok(None), "it is so already");
    drop(store);
    let store = place.open().await;
    assert_eq!(kept(&*store, id, anna).await, expected);
    let all = store.summaries(anna).await.expect("an answer");
    assert_eq!(all.iter().map(|summary| summary.prefs).collect::<Vec<_>>(), [expected]);
    assert_eq!(kept(&*store, id, ben).await, Prefs::default(), "it is anna's");
    let off = PrefsChange { muted_until: Some(None), ..pin(false) };
    let set = store.set_prefs(anna, id, off, given::NOW).await.expect("an answer").expect("a change");
    assert_eq!((set.rev, set.pinned, set.muted_until, set.unread), (2, false, None, true));
}

pub async fn strangers_keep_nothing(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, _) = given::conversation(&*store).await;
    let [mallory] = given::users(&*store, ["mallory"]).await;
    for (user, conversation) in [(mallory, id), (UserId::new(), id), (anna, ConversationId::new())] {
        let refused = store.set_prefs(user, conversation, pin(true), given::NOW).await;
        assert_eq!(refused, Err(StoreError::NotFound));
    }
}

pub async fn so_many_are_pinned_and_no_more(place: impl Backend) {
    let store = place.open().await;
    let anna = given::user(&*store, "anna").await.id;
    let mut all = Vec::new();
    for n in 0..=MAX_PINNED {
        let other = given::user(&*store, &format!("other{n}")).await.id;
        all.push(given::contacts(&*store, anna, other).await);
    }
    let talks = all.clone();
    let pinned = given::at_once(&store, all.len(), move |store, n| {
        let talk = talks[n];
        async move { store.set_prefs(anna, talk, pin(true), Timestamp(given::NOW.0 + n as i64)).await }
    })
    .await;
    assert_eq!(given::successes(&pinned), MAX_PINNED);
    let refused = pinned.iter().position(|outcome| *outcome == Err(StoreError::Full)).expect("a refusal");
    let other = all[(refused + 1) % all.len()];
    store.set_prefs(anna, other, pin(false), given::NOW).await.expect("an answer").expect("a change");
    let set = store.set_prefs(anna, all[refused], pin(true), given::NOW).await.expect("there is room");
    assert!(set.is_some_and(|prefs| prefs.pinned));
    // What is put away is pinned no longer.
    store.set_prefs(anna, all[refused], archive(), given::NOW).await.expect("an answer").expect("a change");
    store.set_prefs(anna, other, pin(true), given::NOW).await.expect("there is room").expect("a change");
}

pub async fn of_many_changes_at_once_each_is_counted(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, _) = given::conversation(&*store).await;
    let set = given::at_once(&store, 24, move |store, n| async move {
        let until = Timestamp(given::NOW.0 + 1 + n as i64);
        let change = PrefsChange { muted_until: Some(Some(until)), ..PrefsChange::default() };
        store.set_prefs(anna, id, change, given::NOW).await.expect("an answer").expect("a change").rev
    })
    .await;
    let mut revisions = set;
    revisions.sort_unstable();
    assert_eq!(revisions, (1..=24).collect::<Vec<_>>());
}

pub async fn a_new_message_brings_back_what_was_archived(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    given::many_sent(&*store, id, ben, 3).await;
    store.set_prefs(anna, id, archive(), given::NOW).await.expect("an answer").expect("a change");
    let prefs = kept(&*store, id, anna).await;
    assert_eq!((prefs.archived, prefs.archived_at), (true, 3));
    given::sent(&*store, id, ben, "are you there?").await;
    assert!(!kept(&*store, id, anna).await.archived);
    let silent = PrefsChange { muted_until: Some(Some(ALWAYS)), ..archive() };
    store.set_prefs(anna, id, silent, given::NOW).await.expect("an answer").expect("a change");
    given::sent(&*store, id, ben, "are you there?").await;
    assert!(kept(&*store, id, anna).await.archived);
}

pub async fn whoever_comes_back_begins_anew(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben] = given::users(&*store, ["anna", "ben"]).await;
    let group = ConversationId::new();
    let change = |by, member| {
        let (message, at) = (MessageId::new(), given::NOW);
        Membership { conversation: group, member, by, message, at }
    };
    store.create_group(change(anna, anna), None, vec![ben]).await.expect("a group");
    store.set_prefs(ben, group, pin(true), given::NOW).await.expect("an answer").expect("a change");
    store.set_prefs(anna, group, pin(true), given::NOW).await.expect("an answer").expect("a change");
    store.remove_member(change(ben, ben)).await.expect("an answer").expect("a change");
    assert_eq!(store.set_prefs(ben, group, pin(false), given::NOW).await, Err(StoreError::NotFound));
    store.add_member(change(anna, ben)).await.expect("an answer").expect("a change");
    assert_eq!(kept(&*store, group, ben).await, Prefs::default());
    assert!(kept(&*store, group, anna).await.pinned);
    let set = store.set_prefs(ben, group, pin(true), given::NOW).await.expect("an answer");
    assert_eq!(set.map(|prefs| prefs.rev), Some(1));
    assert!(kept(&*store, group, ben).await.pinned);
}

use super::{
    Backend, given,
    given::{NOW, make_move},
};
use model::{
    friendship::{Friendship, Move, Pair, REJECTED_FOR, State},
    id::{RequestId, UserId},
    time::Timestamp,
};
use store::Store;

async fn two(store: &dyn Store) -> (Pair, UserId, UserId) {
    let [anna, ben] = given::users(store, ["anna", "ben"]).await;
    (Pair::of(anna, ben).expect("two people"), anna, ben)
}

fn requested(pair: Pair, by: UserId) -> Friendship {
    Friendship::after(None, pair, by, Move::Request, NOW).expect("allowed").expect("a change")
}

pub async fn strangers_have_no_record(place: impl Backend) {
    let store = place.open().await;
    let (pair, anna, _) = two(&*store).await;
    assert_eq!(store.friendship(pair).await, Ok(None));
    assert_eq!(store.friendships_of(anna).await, Ok(vec![]));
    assert_eq!(store.friendship_by_request(RequestId::new()).await, Ok(None));
}

pub async fn a_request_is_found_by_both_and_by_its_id(place: impl Backend) {
    let store = place.open().await;
    let (pair, anna, ben) = two(&*store).await;
    let [cleo] = given::users(&*store, ["cleo"]).await;
    // Whoever of the two asks, the record is the pair's.
    for asker in [anna, ben] {
        let asked = make_move(&*store, pair, asker, Move::Request, NOW).await.expect("a request");
        for user in [anna, ben] {
            assert_eq!(store.friendships_of(user).await, Ok(vec![asked.clone()]));
        }
        assert_eq!(store.friendship(pair).await, Ok(Some(asked.clone())));
        assert_eq!(store.friendship_by_request(asked.request_id).await, Ok(Some(asked.clone())));
        make_move(&*store, pair, asker, Move::Cancel, NOW).await.expect("cancelled");
    }
    assert_eq!(store.friendships_of(cleo).await, Ok(vec![]));
}

pub async fn a_stale_revision_is_refused(place: impl Backend) {
    let store = place.open().await;
    let (pair, anna, ben) = two(&*store).await;
    let first = requested(pair, anna);
    assert_eq!(store.commit_friendship(&first).await, Ok(true));
    let after = |who, action| {
        Friendship::after(Some(&first), pair, who, action, NOW).expect("allowed").expect("a change")
    };
    let (accepted, cancelled) = (after(ben, Move::Accept), after(anna, Move::Cancel));
    assert_eq!(store.commit_friendship(&cancelled).await, Ok(true));
    assert_eq!(store.commit_friendship(&accepted).await, Ok(false), "the request is gone");
    assert_eq!(store.commit_friendship(&cancelled).await, Ok(false), "not twice");
    let ahead = Friendship { rev: 9, ..cancelled.clone() };
    assert_eq!(store.commit_friendship(&ahead).await, Ok(false), "revisions are not skipped");

    assert_eq!(store.friendship(pair).await, Ok(Some(cancelled)));
    let refused = accepted.conversation.expect("contacts have a conversation");
    assert_eq!(store.conversation(refused).await, Ok(None), "nothing of a refused write stays");
    assert_eq!(store.summaries(anna).await, Ok(vec![]));
}

pub async fn a_first_write_is_refused_if_there_was_one(place: impl Backend) {
    let store = place.open().await;
    let (pair, anna, ben) = two(&*store).await;
    let (first, second) = (requested(pair, anna), requested(pair, ben));
    assert_eq!(store.commit_friendship(&first).await, Ok(true));
    assert_eq!(store.commit_friendship(&second).await, Ok(false));
    assert_eq!(store.friendship(pair).await, Ok(Some(first)));
    assert_eq!(store.friendship_by_request(second.request_id).await, Ok(None));
}

pub async fn every_move_is_stored_as_decided(place: impl Backend) {
    let store = place.open().await;
    let (pair, anna, ben) = two(&*store).await;
    let day = |n: i64| Timestamp(NOW.0 + n * REJECTED_FOR);
    let life = [
        (anna, Move::Request, day(0), State::Requested),
        (anna, Move::Cancel, day(0), State::Ended),
        (anna, Move::Request, day(0), State::Requested),
        (ben, Move::Reject, day(0), State::Rejected),
        (anna, Move::Cancel, day(0), State::Withdrawn),
        (anna, Move::Request, day(0), State::Rejected),
        (anna, Move::Request, day(1), State::Requested),
        (ben, Move::Accept, day(1), State::Contacts),
        (anna, Move::Remove, day(2), State::Ended),
        (ben, Move::Request, day(2), State::Requested),
        (anna, Move::Reject, day(2), State::Rejected),
        (anna, Move::Request, day(2), State::Contacts),
        (ben, Move::Remove, day(3), State::Ended),
        (anna, Move::Request, day(3), State::Requested),
        (ben, Move::Request, day(3), State::Contacts),
    ];
    for (rev, (actor, action, at, state)) in (1..).zip(life) {
        let decided = make_move(&*store, pair, actor, action, at).await.expect("a change");
        assert_eq!((decided.rev, decided.state), (rev, state), "{action:?}");
        assert_eq!(store.friendship(pair).await, Ok(Some(decided.clone())));
        assert_eq!(store.friendship_by_request(decided.request_id).await, Ok(Some(decided.clone())));
        for user in [anna, ben] {
            assert_eq!(store.friendships_of(user).await, Ok(vec![decided.clone()]));
        }
        if let Some(conversation) = decided.conversation {
            let made = store.conversation(conversation).await.expect("an answer");
            assert!(made.is_some(), "contacts have their conversation from the same moment on");
        }
    }
}

pub async fn records_come_newest_change_first(place: impl Backend) {
    let store = place.open().await;
    // Ids rise, so Ben stands first in some of these pairs and last in others.
    let [anna, ben, cleo, dora] = given::users(&*store, ["anna", "ben", "cleo", "dora"]).await;
    for (other, at) in [(anna, 2), (cleo, 1), (dora, 3)] {
        let pair = Pair::of(ben, other).expect("two people");
        make_move(&*store, pair, other, Move::Request, Timestamp(at)).await.expect("a request");
    }
    let others = |records: Vec<Friendship>| records.iter().map(|one| one.pair.other(ben)).collect::<Vec<_>>();
    assert_eq!(others(store.friendships_of(ben).await.expect("an answer")), [dora, anna, cleo]);

    let pair = Pair::of(ben, cleo).expect("two people");
    make_move(&*store, pair, ben, Move::Reject, Timestamp(4)).await.expect("a change");
    assert_eq!(others(store.friendships_of(ben).await.expect("an answer")), [cleo, dora, anna]);
}

pub async fn two_crossed_requests_make_one_friendship_and_one_conversation(place: impl Backend) {
    let store = place.open().await;
    for round in 0..10 {
        let [a, b] = given::users(&*store, [&format!("a{round}x"), &format!("b{round}x")]).await;
        let pair = Pair::of(a, b).expect("two people");
        given::at_once(&store, 2, |store, n| async move {
            make_move(&*store, pair, [a, b][n], Move::Request, NOW).await.expect("a change");
        })
        .await;
        one_friendship_and_one_conversation(&*store, pair).await;
    }
}

pub async fn a_hundred_tries_at_once_make_one_friendship_and_one_conversation(place: impl Backend) {
    let store = place.open().await;
    let (pair, anna, ben) = two(&*store).await;
    let outcomes = given::at_once(&store, 100, |store, n| async move {
        make_move(&*store, pair, [anna, ben][n % 2], Move::Request, NOW).await
    })
    .await;
    assert_eq!(outcomes.iter().flatten().count(), 2, "one asked, the other's request answered");
    one_friendship_and_one_conversation(&*store, pair).await;
}

async fn one_friendship_and_one_conversation(store: &dyn Store, pair: Pair) {
    let stored = store.friendship(pair).await.expect("an answer").expect("a record");
    assert_eq!((stored.state, stored.rev), (State::Contacts, 2));
    for user in [pair.min, pair.max] {
        assert_eq!(store.friendships_of(user).await, Ok(vec![stored.clone()]));
        let list = store.summaries(user).await.expect("an answer");
        let ids: Vec<_> = list.iter().map(|one| one.conversation.id).collect();
        assert_eq!(ids, Vec::from_iter(stored.conversation));
    }
}

pub async fn a_block_is_kept_through_every_move_and_closes_the_conversation(place: impl Backend) {
    let store = place.open().await;
    let (pair, anna, ben) = two(&*store).await;
    let talk = given::contacts(&*store, anna, ben).await;
    let closed = async || store.conversation(talk).await.expect("an answer").map(|talk| talk.closed);
    assert_eq!(closed().await, Some(false));
    for (blocker, other) in [(anna, ben), (ben, anna)] {
        let blocked = make_move(&*store, pair, blocker, Move::Block, NOW).await.expect("a block");
        assert_eq!((blocked.blocked_by(blocker), blocked.blocked_by(other)), (Some(NOW), None));
        assert_eq!(store.friendship(pair).await, Ok(Some(blocked.clone())));
        assert_eq!(store.friendships_of(other).await, Ok(vec![blocked]));
        assert_eq!(closed().await, Some(true));
        make_move(&*store, pair, blocker, Move::Unblock, NOW).await.expect("an end");
        assert_eq!(closed().await, Some(false));
    }
    given::sent(&*store, talk, anna, "still here").await;
    make_move(&*store, pair, anna, Move::Block, NOW).await.expect("a block");
    make_move(&*store, pair, ben, Move::Remove, NOW).await.expect("a removal");
    assert_eq!(closed().await, None);
    let stored = store.friendship(pair).await.expect("an answer").expect("a record");
    assert_eq!((stored.state, stored.blocked_by(anna)), (State::Ended, Some(NOW)));
    // What one has set goes with the account of either.
    assert_eq!(store.delete_user(ben).await, Ok(true));
    assert_eq!(store.friendships_of(anna).await, Ok(vec![]));
}

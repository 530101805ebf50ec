use super::{Backend, given, given::NOW};
use model::{
    group_invitation::{DECLINED_FOR, Invite, LASTS, MAX_INVITATIONS, MAX_INVITED},
    id::{ConversationId, MessageId, UserId},
    time::Timestamp,
};
use store::{Membership, Store, StoreError};

fn membership(conversation: ConversationId, by: UserId, member: UserId) -> Membership {
    Membership { conversation, member, by, message: MessageId::new(), at: NOW }
}

/// A new group of these two.
async fn group(store: &dyn Store, anna: UserId, ben: UserId) -> ConversationId {
    let first = membership(ConversationId::new(), anna, anna);
    store.create_group(first, None, vec![ben]).await.expect("a group");
    first.conversation
}

fn later(ms: i64) -> Timestamp {
    Timestamp(NOW.0 + ms)
}

pub async fn whoever_is_asked_is_asked_once_until_it_ends(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben, cleo] = given::users(&*store, ["anna", "ben", "cleo"]).await;
    let group = group(&*store, anna, ben).await;
    let first = Invite::new(group, cleo, anna, NOW);
    assert_eq!(store.invite(&first).await, Ok(true));
    assert_eq!(store.invite(&Invite::new(group, cleo, ben, later(1))).await, Ok(false));
    assert_eq!(store.invite_of(group, cleo).await, Ok(Some(first.clone())));
    assert_eq!(store.invites_for(cleo).await, Ok(vec![first.clone()]));
    assert_eq!(store.invites_into(group).await, Ok(vec![first]));
    assert_eq!(store.invites_for(anna).await, Ok(vec![]));
    let again = Invite::new(group, cleo, ben, later(LASTS));
    assert_eq!(store.invite(&again).await, Ok(true), "the first has ended");
    assert_eq!(store.invites_into(group).await, Ok(vec![again]));
    assert_eq!(store.end_invite(group, cleo).await, Ok(true));
    assert_eq!(store.end_invite(group, cleo).await, Ok(false));
    assert_eq!(store.invite_of(group, cleo).await, Ok(None));
    // Many who ask the same person at once.
    let asked = given::at_once(&store, 8, |store, n| async move {
        store.invite(&Invite::new(group, cleo, [anna, ben][n % 2], later(n as i64))).await
    });
    let asked = asked.await;
    assert_eq!(asked.iter().filter(|outcome| **outcome == Ok(true)).count(), 1, "{asked:?}");
}

pub async fn what_was_declined_waits_for_the_group_and_can_be_sent_again_later(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben, cleo] = given::users(&*store, ["anna", "ben", "cleo"]).await;
    let group = group(&*store, anna, ben).await;
    assert_eq!(store.decline_invite(group, cleo, NOW).await, Ok(false));
    let first = Invite::new(group, cleo, anna, NOW);
    store.invite(&first).await.expect("an answer");
    assert_eq!(store.decline_invite(group, cleo, first.expires_at).await, Ok(false), "it has ended");
    assert_eq!(store.decline_invite(group, cleo, later(5)).await, Ok(true));
    assert_eq!(store.decline_invite(group, cleo, later(6)).await, Ok(false));
    let declined = Invite { declined_at: Some(later(5)), ..first };
    assert_eq!(store.invites_into(group).await, Ok(vec![declined.clone()]));
    let early = Invite::new(group, cleo, ben, later(4 + DECLINED_FOR));
    assert_eq!(store.invite(&early).await, Ok(false));
    assert_eq!(store.invite_of(group, cleo).await, Ok(Some(declined)));
    let in_time = Invite::new(group, cleo, ben, later(5 + DECLINED_FOR));
    assert_eq!(store.invite(&in_time).await, Ok(true));
    assert_eq!(store.invites_for(cleo).await, Ok(vec![in_time]));
}

pub async fn one_that_was_sent_in_vain_stands_in_nobody_elses_way(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben, cleo] = given::users(&*store, ["anna", "ben", "cleo"]).await;
    let group = group(&*store, anna, ben).await;
    let in_vain = Invite::new(group, cleo, anna, NOW).in_vain();
    assert_eq!(store.invite(&in_vain).await, Ok(true));
    assert_eq!(store.invite(&Invite::new(group, cleo, anna, later(1))).await, Ok(false));
    assert_eq!(store.invite_of(group, cleo).await, Ok(Some(in_vain)));
    let other = Invite::new(group, cleo, ben, later(2));
    assert_eq!(store.invite(&other).await, Ok(true));
    assert_eq!(store.invites_into(group).await, Ok(vec![other]));
}

pub async fn joining_ends_an_invitation_and_leaving_those_that_one_has_sent(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben, cleo] = given::users(&*store, ["anna", "ben", "cleo"]).await;
    let [dora, eve] = given::users(&*store, ["dora", "eve"]).await;
    let group = group(&*store, anna, ben).await;
    for (user, by) in [(cleo, anna), (dora, anna), (eve, ben)] {
        store.invite(&Invite::new(group, user, by, NOW)).await.expect("an answer");
    }
    // They come by themselves.
    assert!(store.add_member(membership(group, cleo, cleo)).await.expect("an answer").is_some());
    assert_eq!(store.invite_of(group, cleo).await, Ok(None));
    store.remove_member(membership(group, ben, anna)).await.expect("an answer");
    assert_eq!(store.invite_of(group, dora).await, Ok(None));
    assert!(store.invite_of(group, eve).await.expect("an answer").is_some());
}

pub async fn nobody_is_asked_too_often_at_one_time(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben, cleo] = given::users(&*store, ["anna", "ben", "cleo"]).await;
    let first = group(&*store, anna, ben).await;
    for n in 0..MAX_INVITED {
        let one = given::user(&*store, &format!("user{n}")).await.id;
        assert_eq!(store.invite(&Invite::new(first, one, anna, NOW)).await, Ok(true));
    }
    let asked = store.invite(&Invite::new(first, cleo, anna, NOW)).await;
    assert_eq!(asked, Err(StoreError::TooManyInvitations));
    let mut last = first;
    for _ in 0..MAX_INVITATIONS {
        last = group(&*store, anna, ben).await;
        assert_eq!(store.invite(&Invite::new(last, cleo, anna, NOW)).await, Ok(true));
    }
    let group = group(&*store, anna, ben).await;
    let asked = store.invite(&Invite::new(group, cleo, anna, NOW)).await;
    assert_eq!(asked, Err(StoreError::TooManyInvitations));
    // Those that were declined, or have ended, count no more.
    assert_eq!(store.decline_invite(last, cleo, later(1)).await, Ok(true));
    assert_eq!(store.invite(&Invite::new(group, cleo, anna, later(2))).await, Ok(true));
    let other = self::group(&*store, anna, ben).await;
    let asked = store.invite(&Invite::new(other, cleo, anna, later(3))).await;
    assert_eq!(asked, Err(StoreError::TooManyInvitations));
    assert_eq!(store.invite(&Invite::new(other, cleo, anna, later(LASTS + 2))).await, Ok(true));
}

pub async fn the_invitations_of_a_group_or_a_user_that_is_gone_are_gone(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben, cleo] = given::users(&*store, ["anna", "ben", "cleo"]).await;
    let [erased, kept] = [group(&*store, anna, ben).await, group(&*store, anna, ben).await];
    let [dora, eve] = given::users(&*store, ["dora", "eve"]).await;
    for (group, user, by) in [(erased, cleo, anna), (kept, cleo, anna), (kept, dora, ben), (kept, eve, anna)]
    {
        store.invite(&Invite::new(group, user, by, NOW)).await.expect("an answer");
    }
    store.erase_group(membership(erased, anna, anna)).await.expect("an answer");
    assert_eq!(store.invites_into(erased).await, Ok(vec![]));
    assert_eq!(store.invites_for(cleo).await.map(|all| all.len()), Ok(1));
    assert_eq!(store.delete_user(ben).await, Ok(true));
    assert_eq!(store.invite_of(kept, dora).await, Ok(None), "whoever has sent it is gone");
    assert_eq!(store.delete_user(cleo).await, Ok(true));
    assert_eq!(store.invites_into(kept).await, Ok(vec![Invite::new(kept, eve, anna, NOW)]));
}

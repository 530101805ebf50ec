use super::{Backend, given, given::NOW};
use model::{
    id::{ConversationId, MessageId, UserId},
    invitation::{Invitation, InvitationToken},
    message::MAX_MEMBERS,
    time::Timestamp,
};
use store::{Membership, Store, StoreError};

/// Good for a day.
async fn invited(store: &dyn Store, made_by: Option<UserId>, uses: u32) -> Invitation {
    let invitation = Invitation::new(made_by, uses, 1, NOW);
    store.create_invitation(invitation.clone()).await.expect("an answer");
    invitation
}

pub async fn an_invitation_is_good_until_its_end(place: impl Backend) {
    let store = place.open().await;
    let [anna] = given::users(&*store, ["anna"]).await;
    for made_by in [None, Some(anna)] {
        let invitation = invited(&*store, made_by, 3).await;
        let (token, end) = (invitation.token, invitation.expires_at);
        assert_eq!(store.invitation(token, Timestamp(end.0 - 1)).await, Ok(Some(invitation)));
        assert_eq!(store.invitation(token, end).await, Ok(None));
        let late = store::NewAccount { created_at: end, ..given::account("late") };
        assert_eq!(store.create_invited_user(late, token).await, Err(StoreError::NotInvited));
    }
    assert_eq!(store.invitation(InvitationToken::new(), NOW).await, Ok(None));
}

pub async fn an_invitation_makes_as_many_accounts_as_it_says(place: impl Backend) {
    let store = place.open().await;
    let token = invited(&*store, None, 3).await.token;
    let outcomes = given::at_once(&store, 12, |store, n| async move {
        store.create_invited_user(given::account(&format!("guest_{n}")), token).await
    });
    let outcomes = outcomes.await;
    assert_eq!(given::successes(&outcomes), 3);
    for (n, outcome) in outcomes.iter().enumerate() {
        let name = given::account(&format!("guest_{n}")).username;
        let account = store.account_by_name(&name).await.expect("an answer");
        assert_eq!(account.map(|account| account.user), outcome.clone().ok());
        assert!(outcome.is_ok() || *outcome == Err(StoreError::NotInvited), "{outcome:?}");
    }
    assert_eq!(store.invitation(token, NOW).await, Ok(None));
    assert_eq!(store.invitations(None, NOW, 10).await, Ok(Vec::new()));
}

pub async fn a_name_that_is_taken_uses_nothing_up(place: impl Backend) {
    let store = place.open().await;
    let [_] = given::users(&*store, ["anna"]).await;
    let token = invited(&*store, None, 1).await.token;
    let taken = store.create_invited_user(given::account("Anna"), token).await;
    assert_eq!(taken, Err(StoreError::UsernameTaken));
    assert!(store.invitation(token, NOW).await.expect("an answer").is_some());
    assert!(store.create_invited_user(given::account("ben"), token).await.is_ok());
    let second = store.create_invited_user(given::account("carl"), token).await;
    assert_eq!(second, Err(StoreError::NotInvited));
}

pub async fn an_invitation_that_was_taken_back_is_gone(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben] = given::users(&*store, ["anna", "ben"]).await;
    let [of_anna, of_operator] = [Some(anna), None].map(|made_by| invited(&*store, made_by, 2));
    let (of_anna, of_operator) = (of_anna.await.token, of_operator.await.token);
    assert_eq!(store.revoke_invitation(of_anna, Some(ben)).await, Ok(false));
    assert_eq!(store.revoke_invitation(of_operator, Some(ben)).await, Ok(false));
    assert!(store.invitation(of_anna, NOW).await.expect("an answer").is_some());
    assert_eq!(store.revoke_invitation(of_anna, Some(anna)).await, Ok(true));
    assert_eq!(store.revoke_invitation(of_operator, None).await, Ok(true));
    assert_eq!(store.revoke_invitation(of_operator, None).await, Ok(false));
    for token in [of_anna, of_operator] {
        assert_eq!(store.invitation(token, NOW).await, Ok(None));
        let late = store.create_invited_user(given::account("carl"), token).await;
        assert_eq!(late, Err(StoreError::NotInvited));
    }
}

pub async fn good_invitations_are_listed_newest_first(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben] = given::users(&*store, ["anna", "ben"]).await;
    let mut made = Vec::new();
    for (n, made_by) in [Some(anna), None, Some(ben), Some(anna)].into_iter().enumerate() {
        let at = Timestamp(NOW.0 + n as i64);
        let invitation = Invitation::new(made_by, 1, 1 + n as u32, at);
        store.create_invitation(invitation.clone()).await.expect("an answer");
        made.insert(0, invitation);
    }
    let now = Timestamp(NOW.0 + 10);
    assert_eq!(store.invitations(None, now, 10).await, Ok(made.clone()));
    assert_eq!(store.invitations(None, now, 2).await, Ok(made[..2].to_vec()));
    let of_anna = vec![made[0].clone(), made[3].clone()];
    assert_eq!(store.invitations(Some(anna), now, 10).await, Ok(of_anna));
    // The first one has ended by then.
    let later = made[3].expires_at;
    assert_eq!(store.invitations(Some(anna), later, 10).await, Ok(vec![made[0].clone()]));
}

pub async fn the_invitations_of_a_deleted_user_are_gone(place: impl Backend) {
    let store = place.open().await;
    let [anna] = given::users(&*store, ["anna"]).await;
    let token = invited(&*store, Some(anna), 2).await.token;
    store.create_invited_user(given::account("ben"), token).await.expect("an account");
    assert_eq!(store.delete_user(anna).await, Ok(true));
    assert_eq!(store.invitation(token, NOW).await, Ok(None));
}

fn membership(conversation: ConversationId, by: UserId, member: UserId) -> Membership {
    Membership { conversation, member, by, message: MessageId::new(), at: NOW }
}

/// Whoever comes by themselves.
fn coming(group: ConversationId, who: UserId) -> Membership {
    membership(group, who, who)
}

/// A new group of Anna's, and a link into it, good for an hour.
async fn linked(store: &dyn Store, anna: UserId, uses: u32) -> (ConversationId, Invitation) {
    let first = membership(ConversationId::new(), anna, anna);
    store.create_group(first, None, vec![]).await.expect("a group");
    let link = Invitation::into_group(first.conversation, anna, uses, 3600, NOW);
    store.create_invitation(link.clone()).await.expect("an answer");
    (first.conversation, link)
}

pub async fn a_link_lets_as_many_into_its_group_as_it_says(place: impl Backend) {
    let store = place.open().await;
    let [anna] = given::users(&*store, ["anna"]).await;
    let (group, link) = linked(&*store, anna, 3).await;
    assert_eq!(store.invite_links(group, NOW, 10).await, Ok(vec![link.clone()]));
    assert_eq!(store.invitation(link.token, NOW).await, Ok(Some(link.clone())));
    assert_eq!(store.invitations(None, NOW, 10).await, Ok(vec![]), "those for signing up");
    let late = Membership { at: link.expires_at, ..coming(group, UserId::new()) };
    assert_eq!(store.join_by_link(link.token, late).await, Err(StoreError::NotInvited));
    let (other, _) = linked(&*store, anna, 1).await;
    let mut guests = Vec::new();
    for n in 0..8 {
        guests.push(given::user(&*store, &format!("guest{n}")).await.id);
    }
    let elsewhere = store.join_by_link(link.token, coming(other, guests[0])).await;
    assert_eq!(elsewhere, Err(StoreError::NotInvited));
    let joining = guests.clone();
    let outcomes = given::at_once(&store, 8, |store, n| {
        let who = joining[n];
        async move { store.join_by_link(link.token, coming(group, who)).await }
    });
    let outcomes = outcomes.await;
    assert_eq!(given::successes(&outcomes), 3, "{outcomes:?}");
    let members = store.conversation(group).await.expect("an answer").expect("the group").members;
    for (guest, outcome) in guests.iter().zip(&outcomes) {
        assert_eq!(members.contains(guest), outcome.is_ok());
        assert!(outcome.is_ok() || *outcome == Err(StoreError::NotInvited), "{outcome:?}");
    }
    assert_eq!(store.invitation(link.token, NOW).await, Ok(None));
}

pub async fn a_link_is_no_use_where_somebody_is_in_already_or_finds_no_room(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben, cleo] = given::users(&*store, ["anna", "ben", "cleo"]).await;
    let (group, link) = linked(&*store, anna, 2).await;
    assert!(store.join_by_link(link.token, coming(group, ben)).await.expect("an answer").is_some());
    assert_eq!(store.join_by_link(link.token, coming(group, ben)).await, Ok(None));
    let used = async |token| store.invitation(token, NOW).await.expect("an answer").map(|link| link.used);
    assert_eq!(used(link.token).await, Some(1));
    // Whoever has left comes again, and counts again.
    store.remove_member(membership(group, ben, ben)).await.expect("an answer");
    assert!(store.join_by_link(link.token, coming(group, ben)).await.expect("an answer").is_some());
    assert_eq!(used(link.token).await, None);
    let first = membership(ConversationId::new(), anna, anna);
    let mut others = Vec::new();
    for n in 1..MAX_MEMBERS {
        others.push(given::user(&*store, &format!("user{n}")).await.id);
    }
    store.create_group(first, None, others).await.expect("a full group");
    let link = Invitation::into_group(first.conversation, anna, 5, 3600, NOW);
    store.create_invitation(link.clone()).await.expect("an answer");
    let full = store.join_by_link(link.token, coming(first.conversation, cleo)).await;
    assert_eq!((full, used(link.token).await), (Err(StoreError::Full), Some(0)));
}

pub async fn links_end_with_the_group_and_with_whoever_made_them(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben, cleo] = given::users(&*store, ["anna", "ben", "cleo"]).await;
    let (group, of_anna) = linked(&*store, anna, 2).await;
    store.add_member(membership(group, anna, ben)).await.expect("an answer");
    let of_ben = Invitation::into_group(group, ben, 2, 3600, NOW);
    store.create_invitation(of_ben.clone()).await.expect("an answer");
    let (other, elsewhere) = linked(&*store, anna, 2).await;
    assert_eq!(store.revoke_invite_link(of_anna.token, other).await, Ok(false));
    store.remove_member(membership(group, ben, ben)).await.expect("an answer");
    assert_eq!(store.invite_links(group, NOW, 10).await, Ok(vec![of_anna.clone()]));
    assert_eq!(store.revoke_invite_link(of_anna.token, group).await, Ok(true));
    assert_eq!(store.revoke_invite_link(of_anna.token, group).await, Ok(false));
    let taken_back = store.join_by_link(of_anna.token, coming(group, cleo)).await;
    assert_eq!(taken_back, Err(StoreError::NotInvited));
    store.erase_group(membership(other, anna, anna)).await.expect("an answer");
    assert_eq!(store.invitation(elsewhere.token, NOW).await, Ok(None));
    let gone = store.join_by_link(elsewhere.token, coming(other, cleo)).await;
    assert_eq!(gone, Err(StoreError::NotInvited));
}

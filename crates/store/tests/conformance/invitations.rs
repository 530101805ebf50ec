use super::{Backend, given, given::NOW};
use model::{
    id::UserId,
    invitation::{Invitation, InvitationToken},
    time::Timestamp,
};
use store::{Store, StoreError};

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

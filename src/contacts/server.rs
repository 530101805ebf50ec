//! Contacts, and telling them who comes and goes.

use crate::{
    browser::clock,
    chat::server::{Frame, Leaving},
    web::AppState,
};
use model::{
    error::AppError,
    event::ServerEvent,
    friendship::{Contact, Friendship, State},
    id::UserId,
    time::Timestamp,
};
use std::{collections::HashMap, time::Duration};
use store::StoreError;

/// How long somebody may be gone before their contacts hear of it: a reload is no absence.
const ABSENCE: Duration = Duration::from_secs(5);

/// The contacts of a user with their presence, by name.
pub async fn contacts_of(app: &AppState, user: UserId) -> Result<Vec<Contact>, AppError> {
    let friends = friends_of(app, user).await?;
    let ids: Vec<_> = friends.iter().map(|friendship| friendship.pair.other(user)).collect();
    let accounts = app.store.users(&ids).await?;
    let mut accounts: HashMap<_, _> = accounts.into_iter().map(|a| (a.user.id, a)).collect();
    let mut contacts: Vec<_> = friends
        .into_iter()
        .filter_map(|friendship| {
            let account = accounts.remove(&friendship.pair.other(user))?;
            Some(Contact {
                id: account.user.id,
                username: account.user.username,
                display_name: account.user.display_name,
                conversation_id: friendship.conversation?,
                online: app.hub.is_online(account.user.id),
                last_seen: account.last_seen,
            })
        })
        .collect();
    contacts.sort_by_key(|contact| contact.username.folded());
    Ok(contacts)
}

/// Sends a user's devices their contacts anew.
pub async fn tell_contacts(app: &AppState, user: UserId) -> Result<(), AppError> {
    let _lane = app.hub.lane_of_user(user).await;
    let contacts = contacts_of(app, user).await?;
    app.hub.send(user, &Frame::of(&ServerEvent::ContactsUpdated { contacts }));
    Ok(())
}

/// Tells a user's contacts that they have come.
pub async fn announce_arrival(app: &AppState, user: UserId) {
    let _lane = app.hub.lane_of_user(user).await;
    announce(app, user, true, None).await;
}

/// Tells a user's contacts that they have gone, unless they come back within [`ABSENCE`].
pub fn announce_departure(app: &AppState, user: UserId, leaving: Leaving) {
    let app = app.clone();
    tokio::spawn(async move {
        let at = clock::now();
        if let Err(error) = app.store.set_last_seen(user, at).await {
            tracing::warn!(%error, "the time of a departure was not kept");
        }
        tokio::time::sleep(ABSENCE).await;
        let _lane = app.hub.lane_of_user(user).await;
        if app.hub.is_gone(user, leaving) {
            announce(&app, user, false, Some(at)).await;
        }
    });
}

async fn announce(app: &AppState, user: UserId, online: bool, last_seen: Option<Timestamp>) {
    let event = Frame::of(&ServerEvent::PresenceChanged { user_id: user, online, last_seen });
    match friends_of(app, user).await {
        Ok(friends) => {
            for friendship in friends {
                app.hub.send(friendship.pair.other(user), &event);
            }
        }
        Err(error) => tracing::warn!(%error, "presence was not announced"),
    }
}

async fn friends_of(app: &AppState, user: UserId) -> Result<Vec<Friendship>, StoreError> {
    let mut friendships = app.store.friendships_of(user).await?;
    friendships.retain(|friendship| friendship.state == State::Contacts);
    Ok(friendships)
}

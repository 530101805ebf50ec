//! The search, and what each person found is to the one who searches.

use crate::kit::AppState;
use model::{
    error::AppError,
    friendship::State,
    id::UserId,
    search::{Found, MAX_RESULTS, Relation, SearchTerm},
};
use std::collections::HashMap;
use store::now;

/// Errors: `invalid_search`.
pub async fn search(app: &AppState, viewer: UserId, text: &str) -> Result<Vec<Found>, AppError> {
    let term = SearchTerm::parse(text)?;
    let users = app.store.search_users(&term, viewer, MAX_RESULTS).await?;
    let friendships = app.store.friendships_of(viewer).await?;
    let friendships: HashMap<_, _> =
        friendships.iter().map(|friendship| (friendship.pair.other(viewer), friendship)).collect();
    let now = now();
    let found: Vec<_> = users.iter().map(|user| user.id).collect();
    let online = app.live.online(&found).await;
    let found = users.into_iter().map(|user| {
        let friendship = friendships.get(&user.id);
        let pending = friendship.filter(|friendship| friendship.is_pending_for(viewer, now));
        let relation = match (friendship, pending) {
            (Some(friendship), _) if friendship.state == State::Contacts => Relation::Contact,
            (_, Some(request)) if request.requested_by == viewer => Relation::Requested,
            (_, Some(_)) => Relation::Incoming,
            (_, None) => Relation::None,
        };
        Found {
            id: user.id,
            username: user.username,
            display_name: user.display_name,
            online: relation == Relation::Contact
                && online.contains(&user.id)
                && friendship.is_some_and(|friendship| !friendship.is_blocked()),
            relation,
            request_id: pending.map(|friendship| friendship.request_id),
        }
    });
    Ok(found.collect())
}

//! What people are called.

use model::{id::UserId, state::ChatState};

/// What somebody is called who may be gone.
pub fn somebody(state: &ChatState, user: UserId) -> String {
    state.name_of(user).unwrap_or("Deleted account").to_owned()
}

/// Whoever has written a message, for whom the viewer is somebody, too.
pub fn author(state: &ChatState, user: UserId) -> String {
    if user == state.me.id { "You".to_owned() } else { somebody(state, user) }
}

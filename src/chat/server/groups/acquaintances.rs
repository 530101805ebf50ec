//! What others are to whoever adds them to a group.

use crate::{chat::words, kit::AppState};
use model::{
    error::{AppError, ErrorCode},
    friendship::{Friendship, State},
    id::UserId,
};
use std::collections::BTreeSet;

/// What others are to whoever adds them.
pub(super) struct Acquaintances {
    pub(super) contacts: BTreeSet<UserId>,
    /// Whom they block.
    blocked: BTreeSet<UserId>,
    /// Who blocks them, and must not seem to.
    pub(super) blocking: BTreeSet<UserId>,
}

impl Acquaintances {
    pub(super) async fn of(app: &AppState, user: UserId) -> Result<Self, AppError> {
        let all = app.store.friendships_of(user).await?;
        let others = |is: &dyn Fn(&Friendship) -> bool| {
            all.iter().filter(|friendship| is(friendship)).map(|one| one.pair.other(user)).collect()
        };
        Ok(Self {
            contacts: others(&|one| one.state == State::Contacts),
            blocked: others(&|one| one.blocked_by(user).is_some()),
            blocking: others(&|one| one.blocked_by(one.pair.other(user)).is_some()),
        })
    }

    /// Errors: `not_allowed`, for somebody whom they block.
    pub(super) fn lets_add(&self, others: &BTreeSet<UserId>) -> Result<(), AppError> {
        match self.blocked.is_disjoint(others) {
            true => Ok(()),
            false => Err(AppError::new(ErrorCode::NotAllowed, words::BLOCKED_BY_YOU).on("members")),
        }
    }
}

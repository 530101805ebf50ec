//! Groups: making one, who belongs to it, what it is called and what its members may do.
//!
//! Each change is a message in the group's history and is told to all members, in the lane of the group; what
//! somebody may do, `model::group::may` says.

mod acquaintances;
mod changing;
mod making;
mod members;

pub use changing::{delete_group, rename_group, set_role, set_settings};
pub use making::create_group;
pub use members::{add_members, leave_group, remove_member};
pub(super) use members::{let_in, tell_joined};

use crate::{
    chat::words,
    kit::AppState,
    live::{Audience, roster::tell_conversation},
};
use model::{
    error::{AppError, ErrorCode},
    event::ServerEvent,
    group::Role,
    id::{ConversationId, MessageId, UserId},
    message::{Conversation, MAX_GROUPS, Message, Summary},
};
use std::sync::Arc;
use store::{Membership, now};

async fn tell_said(app: &AppState, known: &Conversation, message: Arc<Message>) {
    app.live.tell(Audience::Users(&known.members), &ServerEvent::NewMessage { message }).await;
}

/// Gives a member's devices the conversation; whoever has none connected gets it with the next snapshot.
async fn tell_new(app: &AppState, member: UserId, group: ConversationId) {
    if app.live.is_online(member).await
        && let Err(error) = tell_conversation(&app.live, member, group).await
    {
        // They are in it all the same; their devices see it when they next resume.
        tracing::warn!(%error, "a new member was not told of a group");
    }
}

pub(super) async fn summary(
    app: &AppState,
    group: ConversationId,
    viewer: UserId,
) -> Result<Summary, AppError> {
    app.store.summary(group, viewer).await?.ok_or_else(AppError::not_found)
}

fn role_in(group: &Conversation, member: UserId) -> Result<Role, AppError> {
    let is_member = group.members.contains(&member);
    is_member
        .then(|| group.roles.of(member))
        .ok_or_else(|| AppError::new(ErrorCode::NotFound, words::NO_MEMBER).on("member"))
}

/// Errors: `not_allowed`.
pub(super) fn has_room(app: &AppState, members: usize) -> Result<(), AppError> {
    let most = app.config.group_members;
    match members <= most {
        true => Ok(()),
        false => Err(AppError::new(ErrorCode::NotAllowed, words::too_many_members(most)).on("members")),
    }
}

/// Whether somebody may be in one more group. Errors: `not_allowed`, `unavailable`.
pub(super) async fn fits_into_one_more(app: &AppState, member: UserId) -> Result<(), AppError> {
    if app.store.count_groups(member).await? < MAX_GROUPS {
        return Ok(());
    }
    let account = app.store.account(member).await?.ok_or_else(AppError::not_found)?;
    let why = words::too_many_groups(account.user.name(), MAX_GROUPS);
    Err(AppError::new(ErrorCode::NotAllowed, why).on("members"))
}

fn nobody_chosen() -> AppError {
    AppError::new(ErrorCode::Malformed, words::NOBODY_CHOSEN).on("members")
}

pub(super) fn membership(conversation: ConversationId, by: UserId, member: UserId) -> Membership {
    Membership { conversation, member, by, message: MessageId::new(), at: now() }
}

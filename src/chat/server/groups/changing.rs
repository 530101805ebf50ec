//! What a group is called, what its members are and may do, and its end.

use super::{membership, role_in, summary, tell_said};
use crate::{
    chat::{
        server::{Action, in_lane, invitations, joined, pins},
        words,
    },
    kit::{AppState, note_erased},
    live::Audience,
};
use model::{
    error::{AppError, ErrorCode},
    event::{ServerEvent, Target},
    group::{Act, GroupName, Role, set},
    id::{ConversationId, UserId},
    message::{Conversation, Summary},
};
use std::collections::BTreeMap;
use store::GroupChange;

/// Calls it so. Errors: `not_found`, `not_allowed`, `unavailable`.
pub async fn rename_group(
    app: &AppState,
    actor: UserId,
    group: ConversationId,
    name: GroupName,
) -> Result<Summary, AppError> {
    let action = Action::Group(Act::Rename);
    in_lane(app, actor, action, Target::Conversation(group), async move |app, known| {
        change(&app, &known, actor, actor, GroupChange::Name(name)).await
    })
    .await
}

/// Gives a member another role; as the owner they get the group. Errors: `not_found` (also: no member),
/// `not_allowed` (by their role, or the owner's own is to be another), `unavailable`.
pub async fn set_role(
    app: &AppState,
    actor: UserId,
    group: ConversationId,
    member: UserId,
    role: Role,
) -> Result<Summary, AppError> {
    let act = if role == Role::Owner { Act::HandOver } else { Act::Appoint };
    in_lane(app, actor, Action::Group(act), Target::Conversation(group), async move |app, known| {
        if role_in(&known, member)? == Role::Owner && role != Role::Owner {
            return Err(AppError::new(ErrorCode::NotAllowed, words::HAND_OVER_FIRST).on("member"));
        }
        change(&app, &known, actor, member, GroupChange::Role(role)).await
    })
    .await
}

/// Puts `posted` over its settings. Errors: `malformed` (nothing is posted), `not_found`, `not_allowed`, `invalid_setting`, `unavailable`.
pub async fn set_settings(
    app: &AppState,
    actor: UserId,
    group: ConversationId,
    posted: BTreeMap<String, String>,
) -> Result<Summary, AppError> {
    if posted.is_empty() {
        return Err(AppError::new(ErrorCode::Malformed, words::NOTHING_SET));
    }
    let action = Action::Group(Act::Set);
    in_lane(app, actor, action, Target::Conversation(group), async move |app, known| {
        let settings = set(&known.settings, &posted)?;
        change(&app, &known, actor, actor, GroupChange::Settings(settings)).await
    })
    .await
}

/// Erases it for everybody. Errors: `not_found`, `not_allowed`, `unavailable`.
pub async fn delete_group(app: &AppState, actor: UserId, group: ConversationId) -> Result<(), AppError> {
    let action = Action::Group(Act::Erase);
    in_lane(app, actor, action, Target::Conversation(group), async move |app, known| {
        let asked = invitations::sent_by(&app, group, None).await?;
        app.store.erase_group(membership(group, actor, actor)).await?;
        note_erased(&app);
        let removed = ServerEvent::ConversationRemoved { conversation_id: group };
        app.live.tell(Audience::Users(&known.members), &removed).await;
        for user in asked {
            invitations::tell_ended(&app, user, group).await;
        }
        Ok(())
    })
    .await
}

/// Stores a change and tells all members of it.
async fn change(
    app: &AppState,
    known: &Conversation,
    actor: UserId,
    member: UserId,
    what: GroupChange,
) -> Result<Summary, AppError> {
    let settings = match &what {
        GroupChange::Settings(settings) => Some(settings.clone()),
        GroupChange::Name(_) | GroupChange::Role(_) => None,
    };
    if let Some(message) = app.store.change_group(membership(known.id, actor, member), what).await? {
        let version = message.version;
        tell_said(app, known, message).await;
        // The rest follows from the message.
        if let Some(settings) = settings {
            let next = settings.clone();
            let changed = ServerEvent::GroupChanged { conversation_id: known.id, settings };
            app.live.tell(Audience::Users(&known.members), &changed).await;
            // Who sees more of the history sees more of what is pinned.
            let group = Conversation { settings: next, ..known.clone() };
            let joined = joined(app, &group).await?;
            pins::tell(app, &group, joined.as_ref(), version).await;
        }
    }
    summary(app, known.id, actor).await
}

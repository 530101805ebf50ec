//! Who belongs to a group: letting people in, taking them out, leaving.

use super::{
    acquaintances::Acquaintances, fits_into_one_more, has_room, membership, nobody_chosen, role_in, summary,
    tell_new, tell_said,
};
use crate::{
    chat::{
        server::{Action, allow, in_lane, invitations},
        words,
    },
    kit::{AppState, note_erased},
    live::Audience,
};
use model::{
    error::{AppError, ErrorCode},
    event::{ServerEvent, Target},
    group::Act,
    id::{ConversationId, UserId},
    message::{Conversation, Message, Summary},
    user::Username,
};
use std::{collections::BTreeSet, sync::Arc};

/// Lets contacts of `actor` in, one after the other, and asks others in, who may be named by their username, too.
/// Everybody hears of those who are in, and these get the conversation; of somebody who is in or was asked already
/// nobody hears.
///
/// Errors: `malformed` (nobody), `not_found` (no such group, or it is not theirs), `no_such_user`, `not_allowed` (by
/// their role, the group would be too large, or too many are asked), `too_many`, `unavailable`.
pub async fn add_members(
    app: &AppState,
    actor: UserId,
    group: ConversationId,
    mut members: Vec<UserId>,
    username: Option<String>,
) -> Result<Summary, AppError> {
    let username = username.filter(|name| !name.trim().is_empty());
    if members.is_empty() && username.is_none() {
        return Err(nobody_chosen());
    }
    let action = Action::Group(Act::Add);
    in_lane(app, actor, action, Target::Conversation(group), async move |app, mut known| {
        if let Some(name) = username {
            members.push(user_named(&app, &name).await?);
        }
        let new: BTreeSet<_> = members.into_iter().filter(|member| !known.members.contains(member)).collect();
        let acquaintances = Acquaintances::of(&app, actor).await?;
        acquaintances.lets_add(&new)?;
        let is_in_at_once =
            |one: &UserId| acquaintances.contacts.contains(one) && !acquaintances.blocking.contains(one);
        let (new, others): (Vec<_>, Vec<_>) = new.into_iter().partition(is_in_at_once);
        has_room(&app, known.members.len() + new.len() + others.len())?;
        if app.store.users(&others).await?.len() < others.len() {
            return Err(no_such_user("members"));
        }
        for member in new {
            match let_in(&app, &mut known, actor, member).await {
                // Their account has gone meanwhile.
                Err(error) if error.code == ErrorCode::NotFound => {}
                outcome => outcome?,
            }
        }
        if !others.is_empty() {
            let actor = app.store.account(actor).await?.ok_or_else(AppError::not_found)?.user;
            for other in others {
                let blocks = acquaintances.blocking.contains(&other);
                invitations::invite(&app, &known, &actor, other, blocks).await?;
            }
        }
        summary(&app, group, actor).await
    })
    .await
}

/// Lets somebody in, in the lane of the group; with `by` themselves they come by themselves.
/// Errors: `not_allowed` (the group is full), `unavailable`.
pub(in crate::chat::server) async fn let_in(
    app: &AppState,
    known: &mut Conversation,
    by: UserId,
    member: UserId,
) -> Result<(), AppError> {
    fits_into_one_more(app, member).await?;
    match app.store.add_member(membership(known.id, by, member)).await? {
        Some(message) => tell_joined(app, known, member, message).await,
        None => Ok(()),
    }
}

/// Tells everybody in it that somebody is in, and them what they are in.
pub(in crate::chat::server) async fn tell_joined(
    app: &AppState,
    known: &mut Conversation,
    member: UserId,
    message: Arc<Message>,
) -> Result<(), AppError> {
    // Before they are named by the message.
    if let Some(account) = app.store.account(member).await? {
        let user = account.user;
        app.live.tell(Audience::Users(&known.members), &ServerEvent::UserChanged { user }).await;
    }
    tell_said(app, known, message).await;
    known.members.push(member);
    tell_new(app, member, known.id).await;
    Ok(())
}

/// Errors: `no_such_user`.
async fn user_named(app: &AppState, name: &str) -> Result<UserId, AppError> {
    let username = Username::parse(name).map_err(|_| no_such_user("username"))?;
    let account = app.store.account_by_name(&username).await?;
    Ok(account.ok_or_else(|| no_such_user("username"))?.user.id)
}

fn no_such_user(field: &'static str) -> AppError {
    AppError::new(ErrorCode::NoSuchUser, words::NO_SUCH_USER).on(field)
}

/// Takes somebody out. Errors: `not_found` (no such group, not theirs, or no member), `not_allowed`, `unavailable`.
pub async fn remove_member(
    app: &AppState,
    actor: UserId,
    group: ConversationId,
    member: UserId,
) -> Result<Summary, AppError> {
    in_lane(app, actor, Action::Read, Target::Conversation(group), async move |app, known| {
        let role = role_in(&known, member)?;
        allow(&known, actor, Act::Remove(role))?;
        take_out(&app, &known, actor, member).await?;
        summary(&app, group, actor).await
    })
    .await
}

/// Leaves a group; the last one out erases it. Errors: `not_found`, `unavailable`.
pub async fn leave_group(app: &AppState, actor: UserId, group: ConversationId) -> Result<(), AppError> {
    in_lane(app, actor, Action::Leave, Target::Conversation(group), async move |app, known| {
        take_out(&app, &known, actor, actor).await?;
        // The last one out has erased it.
        note_erased(&app);
        Ok(())
    })
    .await
}

async fn take_out(
    app: &AppState,
    known: &Conversation,
    actor: UserId,
    member: UserId,
) -> Result<(), AppError> {
    let asked = invitations::sent_by(app, known.id, Some(member)).await?;
    if let Some(message) = app.store.remove_member(membership(known.id, actor, member)).await? {
        let others: Vec<_> = known.members.iter().copied().filter(|other| *other != member).collect();
        app.live.tell(Audience::Users(&others), &ServerEvent::NewMessage { message }).await;
        let removed = ServerEvent::ConversationRemoved { conversation_id: known.id };
        app.live.tell(Audience::User(member), &removed).await;
        for user in asked {
            invitations::tell_ended(app, user, known.id).await;
        }
    }
    Ok(())
}

//! Who belongs to a group: its members let others in and leave by themselves.

use super::{Frame, authorize};
use crate::{
    browser::clock,
    web::{AppState, internal},
};
use model::{
    error::{AppError, ErrorCode},
    event::{ServerEvent, Target},
    friendship::{Pair, State},
    id::{ConversationId, MessageId, UserId},
    message::{Conversation, ConversationKind, Message},
};
use std::sync::Arc;
use store::Membership;

/// Makes a group of one and tells the devices of who made it.
/// Errors: `unavailable`.
pub async fn create_group(app: &AppState, actor: UserId) -> Result<ConversationId, AppError> {
    let id = ConversationId::new();
    finish(app, id, move |app| async move {
        app.store.create_group(membership(id, actor, actor)).await?;
        show(&app, id, actor).await?;
        Ok(id)
    })
    .await
}

/// Lets a contact of `actor` in. Everybody hears of it, and the new member gets the conversation;
/// of somebody who is in already nobody hears.
/// Errors: `not_found` (no such group, or it is not theirs), `not_allowed` (not a contact, or the
/// group is full), `unavailable`.
pub async fn add_member(
    app: &AppState,
    actor: UserId,
    group: ConversationId,
    member: UserId,
) -> Result<(), AppError> {
    finish(app, group, move |app| async move {
        let members = authorize_group(&app, actor, group).await?.members;
        if !is_contact(&app, actor, member).await? {
            return Err(AppError::new(ErrorCode::NotAllowed, "Only contacts can be added to a group."));
        }
        if let Some(message) = app.store.add_member(membership(group, actor, member)).await? {
            tell(&app, &members, message);
            show(&app, group, member).await?;
        }
        Ok(())
    })
    .await
}

/// Leaves a group. Errors: `not_found`, `unavailable`.
pub async fn leave_group(app: &AppState, actor: UserId, group: ConversationId) -> Result<(), AppError> {
    finish(app, group, move |app| async move {
        let mut members = authorize_group(&app, actor, group).await?.members;
        if let Some(message) = app.store.remove_member(membership(group, actor, actor)).await? {
            members.retain(|member| *member != actor);
            tell(&app, &members, message);
            let removed = ServerEvent::ConversationRemoved { conversation_id: group };
            app.hub.send(actor, &Frame::of(&removed));
        }
        Ok(())
    })
    .await
}

/// Does something in a group's lane. Once begun it is finished, also if the caller goes away.
async fn finish<T: Send + 'static, F: Future<Output = Result<T, AppError>> + Send + 'static>(
    app: &AppState,
    group: ConversationId,
    work: impl FnOnce(AppState) -> F + Send + 'static,
) -> Result<T, AppError> {
    let app = app.clone();
    let done = tokio::spawn(async move {
        let _lane = app.hub.lane_of_conversation(group).await;
        work(app.clone()).await
    });
    done.await.map_err(internal)?
}

async fn authorize_group(
    app: &AppState,
    actor: UserId,
    group: ConversationId,
) -> Result<Conversation, AppError> {
    let conversation = authorize(app, actor, Target::Conversation(group)).await?;
    match conversation.kind {
        ConversationKind::Group => Ok(conversation),
        ConversationKind::Direct => Err(AppError::not_found()),
    }
}

async fn is_contact(app: &AppState, actor: UserId, other: UserId) -> Result<bool, AppError> {
    let Some(pair) = Pair::of(actor, other) else { return Ok(false) };
    Ok(app.store.friendship(pair).await?.is_some_and(|friendship| friendship.state == State::Contacts))
}

fn membership(conversation: ConversationId, by: UserId, member: UserId) -> Membership {
    Membership { conversation, member, by, message: MessageId::new(), at: clock::now() }
}

fn tell(app: &AppState, members: &[UserId], message: Arc<Message>) {
    let news = Frame::of(&ServerEvent::NewMessage { message });
    members.iter().for_each(|member| app.hub.send(*member, &news));
}

/// Gives a member's devices the conversation, which is new to them.
async fn show(app: &AppState, group: ConversationId, member: UserId) -> Result<(), AppError> {
    if let Some(conversation) = app.store.summary(group, member).await? {
        app.hub.send(member, &Frame::of(&ServerEvent::ConversationChanged { conversation }));
    }
    Ok(())
}

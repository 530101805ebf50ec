//! Who belongs to a group: its members let others in and leave by themselves.

use crate::{
    chat::server::{Action, in_lane},
    kit::AppState,
    live::{Audience, roster::tell_conversation},
};
use model::{
    error::{AppError, ErrorCode},
    event::{ServerEvent, Target},
    friendship::{Pair, State},
    id::{ConversationId, MessageId, UserId},
};
use store::{Membership, now};

/// Makes a group of one and tells the devices of who made it.
/// Errors: `unavailable`.
pub async fn create_group(app: &AppState, actor: UserId) -> Result<ConversationId, AppError> {
    let (id, live) = (ConversationId::new(), app.live.clone());
    app.live
        .in_lane(id, async move {
            live.store().create_group(membership(id, actor, actor)).await?;
            tell_conversation(&live, actor, id).await?;
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
    let target = Target::Conversation(group);
    in_lane(app, actor, Action::ChangeMembers, target, async move |app, known| {
        if !is_contact(&app, actor, member).await? {
            return Err(AppError::new(ErrorCode::NotAllowed, "Only contacts can be added to a group."));
        }
        if let Some(message) = app.store.add_member(membership(group, actor, member)).await? {
            // Before they are named by the message.
            if let Some(account) = app.store.account(member).await? {
                let user = account.user;
                app.live.tell(Audience::Users(&known.members), &ServerEvent::UserChanged { user }).await;
            }
            app.live.tell(Audience::Users(&known.members), &ServerEvent::NewMessage { message }).await;
            tell_conversation(&app.live, member, group).await?;
        }
        Ok(())
    })
    .await
}

/// Leaves a group. Errors: `not_found`, `unavailable`.
pub async fn leave_group(app: &AppState, actor: UserId, group: ConversationId) -> Result<(), AppError> {
    let target = Target::Conversation(group);
    in_lane(app, actor, Action::ChangeMembers, target, async move |app, known| {
        if let Some(message) = app.store.remove_member(membership(group, actor, actor)).await? {
            let others: Vec<_> = known.members.into_iter().filter(|member| *member != actor).collect();
            app.live.tell(Audience::Users(&others), &ServerEvent::NewMessage { message }).await;
            let removed = ServerEvent::ConversationRemoved { conversation_id: group };
            app.live.tell(Audience::User(actor), &removed).await;
        }
        Ok(())
    })
    .await
}

async fn is_contact(app: &AppState, actor: UserId, other: UserId) -> Result<bool, AppError> {
    let Some(pair) = Pair::of(actor, other) else { return Ok(false) };
    Ok(app.store.friendship(pair).await?.is_some_and(|friendship| friendship.state == State::Contacts))
}

fn membership(conversation: ConversationId, by: UserId, member: UserId) -> Membership {
    Membership { conversation, member, by, message: MessageId::new(), at: now() }
}

//! Blocking somebody: nothing comes from them any more, they see nothing of the one who blocks them, and are
//! not told.

use crate::{
    kit::AppState,
    live::{
        Audience,
        roster::{tell_contacts, tell_pending, tell_presence},
    },
    people::{server::TRIES, words},
};
use model::{
    error::{AppError, ErrorCode},
    event::ServerEvent,
    friendship::{Friendship, MAX_BLOCKED, Move, Pair, State},
    id::UserId,
};
use store::now;

/// Blocks somebody, or does so no longer; what is so already is done.
///
/// Errors: `not_found` (there is no such user), `own_account`, `not_allowed` (more than [`MAX_BLOCKED`]), `changed`,
/// `unavailable`.
pub async fn set(app: &AppState, actor: UserId, user: UserId, on: bool) -> Result<(), AppError> {
    let pair = Pair::of(actor, user)
        .ok_or_else(|| AppError::new(ErrorCode::OwnAccount, words::NOT_ONESELF).on("user_id"))?;
    if on {
        app.store.account(user).await?.ok_or_else(AppError::not_found)?;
        let all = app.store.friendships_of(actor).await?;
        if all.iter().filter(|friendship| friendship.blocked_by(actor).is_some()).count() >= MAX_BLOCKED {
            return Err(AppError::new(ErrorCode::NotAllowed, words::TOO_MANY_BLOCKED));
        }
    }
    let action = if on { Move::Block } else { Move::Unblock };
    for _ in 0..TRIES {
        let before = app.store.friendship(pair).await?;
        let Some(after) = Friendship::after(before.as_ref(), pair, actor, action, now())? else {
            return Ok(());
        };
        if commit_and_tell(app, actor, user, before, after, on).await? {
            return Ok(());
        }
    }
    Err(AppError::new(ErrorCode::Changed, "The other side was faster. Look again and decide anew."))
}

/// Stores it if nobody was faster, and then tells what there is to tell. Once begun it is finished.
async fn commit_and_tell(
    app: &AppState,
    actor: UserId,
    user: UserId,
    before: Option<Friendship>,
    after: Friendship,
    on: bool,
) -> Result<bool, AppError> {
    let (live, app) = (&app.live, app.clone());
    // In the lane of their conversation: what was said before is told before.
    live.in_lane(after.conversation, async move {
        let is_online = app.live.is_online(actor).await;
        if let Some(since) = after.blocked_by(actor)
            && is_online
            && after.state == State::Contacts
        {
            // The other is told that they have gone; from now on that is how it looks.
            app.store.set_last_seen(actor, since).await?;
        }
        if !app.store.commit_friendship(&after).await? {
            return Ok(false);
        }
        let event = ServerEvent::Blocked { user_id: user, on };
        app.live.tell(Audience::User(actor), &event).await;
        if let Err(error) = tell(&app, actor, user, before.as_ref(), &after, on).await {
            // It is stored all the same; the devices see it when they next resume.
            tracing::warn!(%error, "a block was not told to everyone");
        }
        tracing::info!(audit = if on { "blocked" } else { "unblocked" }, user = %actor, "somebody blocks, or no longer");
        Ok(true)
    })
    .await
}

async fn tell(
    app: &AppState,
    actor: UserId,
    user: UserId,
    before: Option<&Friendship>,
    after: &Friendship,
    on: bool,
) -> Result<(), AppError> {
    if on {
        end_invitations(app, actor, user).await?;
    }
    if before.is_some_and(|before| before.state == State::Requested) {
        tell_pending(&app.live, actor).await?;
        // Their own request looks as it did.
        if after.state == State::Ended {
            tell_pending(&app.live, user).await?;
        }
    }
    if after.state == State::Contacts {
        tell_contacts(&app.live, actor).await?;
        // Whether both hear of each other again, the other's block says, too.
        let is_seen = !on && !after.is_blocked();
        if app.live.is_online(actor).await && (on || is_seen) {
            tell_presence(&app.live, user, actor, after.blocked_by(actor)).await;
        }
    }
    Ok(())
}

/// Nothing that one has sent the other waits any more. Those from whoever is blocked look to the group as if they
/// did.
async fn end_invitations(app: &AppState, actor: UserId, user: UserId) -> Result<(), AppError> {
    let ended = |conversation_id| ServerEvent::InvitationEnded { conversation_id };
    for invite in app.store.invites_for(actor).await?.into_iter().filter(|invite| invite.by == user) {
        if app.store.decline_invite(invite.group, actor, now()).await? {
            app.live.tell(Audience::User(actor), &ended(invite.group)).await;
        }
    }
    for invite in app.store.invites_for(user).await?.into_iter().filter(|invite| invite.by == actor) {
        app.store.end_invite(invite.group, user).await?;
        app.live.tell(Audience::User(user), &ended(invite.group)).await;
    }
    Ok(())
}

//! Inviting people, where whoever runs the server lets members do it.

use crate::{
    kit::{AppState, Config, Part, limits::Limiter},
    settings::model::{MAX_DAYS, MAX_INVITATIONS, MAX_USES, MadeInvitation},
};
use model::{
    error::{AppError, ErrorCode},
    id::UserId,
    invitation::{Invitation, InvitationToken},
};
use store::now;

/// Invitations made, by user.
struct Made(Limiter<UserId>);

impl Part for Made {
    fn new(config: &Config) -> Self {
        Self(Limiter::new(config.limits.hourly(30)))
    }
}

/// What somebody has made that is still good, the newest first; `None`: members do not invite here.
pub async fn list(app: &AppState, user: UserId) -> Result<Option<Vec<MadeInvitation>>, AppError> {
    if !app.config.members_invite() {
        return Ok(None);
    }
    made(app, user).await.map(Some)
}

/// The same, also where members do not invite any more.
pub async fn made(app: &AppState, user: UserId) -> Result<Vec<MadeInvitation>, AppError> {
    let made = app.store.invitations(Some(user), now(), MAX_INVITATIONS).await?;
    Ok(made.into_iter().map(|invitation| shown(app, invitation)).collect())
}

/// Makes one for so many accounts, good for so many days. Errors: `not_allowed`, `malformed`, `too_many`.
pub async fn make(app: &AppState, user: UserId, uses: u32, days: u32) -> Result<MadeInvitation, AppError> {
    let made = list(app, user).await?.ok_or_else(not_allowed)?;
    if !(1..=MAX_USES).contains(&uses) || !(1..=MAX_DAYS).contains(&days) {
        let bounds = format!("an invitation is for 1 to {MAX_USES} people and for 1 to {MAX_DAYS} days");
        return Err(AppError::malformed(bounds));
    }
    if made.len() >= MAX_INVITATIONS {
        return Err(AppError::new(
            ErrorCode::NotAllowed,
            format!(
                "You have {MAX_INVITATIONS} open invitations, as many as you can have. Take one back first."
            ),
        ));
    }
    app.part::<Made>().0.take(&user)?;
    let invitation = Invitation::new(Some(user), uses, days, now());
    app.store.create_invitation(invitation.clone()).await?;
    tracing::info!(audit = "invitation_made", %user, uses, days, "a member invites people");
    Ok(shown(app, invitation))
}

/// Takes one back that somebody has made. Errors: `not_found`.
pub async fn revoke(app: &AppState, user: UserId, token: InvitationToken) -> Result<(), AppError> {
    let is_revoked = app.store.revoke_invitation(token, Some(user)).await?;
    is_revoked.then_some(()).ok_or_else(AppError::not_found)
}

fn not_allowed() -> AppError {
    AppError::new(ErrorCode::NotAllowed, "Only whoever runs this server can invite people.")
}

fn shown(app: &AppState, invitation: Invitation) -> MadeInvitation {
    let Invitation { token, uses, used, created_at, expires_at, made_by: _, group: _ } = invitation;
    MadeInvitation { token, url: token.link(&app.config.url()), uses, used, created_at, expires_at }
}

//! Whether somebody may make an account.

use crate::{
    auth::words,
    kit::{AppState, config::Signups, guesses::Failures},
};
use model::{
    error::{AppError, ErrorCode},
    group_invitation::Invite,
    id::UserId,
    invitation::{Invitation, InvitationToken},
    user::User,
};
use std::net::IpAddr;
use store::{StoreError, now};

/// What lets somebody make an account here.
pub struct Invited {
    /// What they were sent.
    pub invitation: Invitation,
    /// Who invites; `None`: whoever runs the server.
    pub by: Option<User>,
}

/// Whether an account may be made with what somebody was sent, which is a link, or what stands at its
/// end; `None`: no invitation is needed. A wrong one costs as much as a failed log-in.
///
/// Errors: `not_invited`, `too_many`.
pub async fn invited(app: &AppState, from: IpAddr, sent: &str) -> Result<Option<Invited>, AppError> {
    match app.config.signups() {
        Signups::Open => return Ok(None),
        Signups::Closed => {
            return Err(AppError::new(ErrorCode::NotInvited, words::CLOSED));
        }
        Signups::Invite => {}
    }
    if sent.trim().is_empty() {
        return Err(AppError::new(
            ErrorCode::NotInvited,
            "You need an invitation to sign up here. Paste the link that you were sent, or ask for one.",
        )
        .on("invite"));
    }
    let failures = app.part::<Failures>();
    failures.check_address(from)?;
    if let Some(invited) = find(app, sent).await? {
        return Ok(Some(invited));
    }
    let _ = failures.by_address.take(&from);
    tracing::warn!(audit = "invitation_refused", %from, "an invitation that is not good");
    Err(StoreError::NotInvited.into())
}

/// Asks whoever has signed up by a link into a group into that group: the use that it took was theirs.
pub async fn ask_in(app: &AppState, link: &Invitation, user: UserId) {
    let Some((group, by)) = link.group.zip(link.made_by) else { return };
    if let Err(error) = app.store.invite(&Invite::new(group, user, by, now())).await {
        tracing::warn!(%error, "somebody has signed up by a link, and is not asked into its group");
    }
}

/// The invitation, if it is good and whoever made it may still be here.
async fn find(app: &AppState, sent: &str) -> Result<Option<Invited>, AppError> {
    let Some(token) = InvitationToken::parse(sent) else { return Ok(None) };
    let Some(invitation) = app.store.invitation(token, now()).await? else { return Ok(None) };
    let Some(maker) = invitation.made_by else { return Ok(Some(Invited { invitation, by: None })) };
    let maker = app.store.account(maker).await?.filter(|maker| maker.disabled_at.is_none());
    let may = match invitation.group {
        None => maker.filter(|_| app.config.members_invite()),
        Some(group) => {
            let group = app.store.conversation(group).await?;
            let lets_add = |by| group.is_some_and(|group| group.lets_add(by));
            maker.filter(|maker| app.config.group_links_sign_up() && lets_add(maker.user.id))
        }
    };
    Ok(may.map(|maker| Invited { invitation, by: Some(maker.user) }))
}

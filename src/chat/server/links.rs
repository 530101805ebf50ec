//! Links into groups: whoever has one and is signed in may join.

use crate::{
    chat::{
        server::{Action, groups, in_lane, invitations},
        words,
    },
    kit::{AppState, Config, Part, limits::Limiter},
};
use model::{
    error::{AppError, ErrorCode},
    event::Target,
    group::Act,
    group_invitation::{InviteLink, MAX_LINK_SECONDS, MAX_LINK_USES, MAX_LINKS},
    id::{ConversationId, UserId},
    invitation::{Invitation, InvitationToken},
    message::{Conversation, Summary},
};
use store::{Membership, StoreError, now};

/// How often links are made, and tried.
struct Rates {
    /// Those made, by user.
    made: Limiter<UserId>,
    /// Those tried that are good no more, or never were, by user: nobody guesses.
    wrong: Limiter<UserId>,
}

impl Part for Rates {
    fn new(config: &Config) -> Self {
        let hourly = || Limiter::new(config.limits.hourly(30));
        Self { made: hourly(), wrong: hourly() }
    }
}

/// Makes one, for so many people, good for so many seconds.
///
/// Errors: `not_found` (no such group, or not theirs), `not_allowed` (by their role, or more than [`MAX_LINKS`]),
/// `malformed` (out of bounds), `too_many`, `unavailable`.
pub async fn make(
    app: &AppState,
    actor: UserId,
    group: ConversationId,
    uses: u32,
    seconds: u32,
) -> Result<InviteLink, AppError> {
    let action = Action::Group(Act::Add);
    in_lane(app, actor, action, Target::Conversation(group), async move |app, known| {
        if !(1..=MAX_LINK_USES).contains(&uses) || !(60..=MAX_LINK_SECONDS).contains(&seconds) {
            let bounds =
                format!("a link is for 1 to {MAX_LINK_USES} people, and for 60 to {MAX_LINK_SECONDS} seconds");
            return Err(AppError::malformed(bounds));
        }
        let links = app.store.invite_links(group, now(), MAX_LINKS).await?;
        // Nobody sees the one that leads nowhere, because whoever has made it may let nobody in any more.
        let is_idle = |link: &&Invitation| !link.made_by.is_some_and(|by| known.lets_add(by));
        let idle = links.iter().rfind(is_idle).map(|link| link.token);
        if links.len() >= MAX_LINKS && idle.is_none() {
            return Err(AppError::new(ErrorCode::NotAllowed, words::TOO_MANY_LINKS));
        }
        app.part::<Rates>().made.take(&actor)?;
        if let Some(idle) = idle.filter(|_| links.len() >= MAX_LINKS) {
            app.store.revoke_invite_link(idle, group).await?;
        }
        let link = Invitation::into_group(group, actor, uses, seconds, now());
        app.store.create_invitation(link.clone()).await?;
        tracing::info!(audit = "link_made", user = %actor, %group, uses, seconds, "a member invites into a group");
        Ok(shown(&app, actor, link))
    })
    .await
}

/// Takes one back. Errors: `not_found`, `not_allowed`, `unavailable`.
pub async fn revoke(
    app: &AppState,
    actor: UserId,
    group: ConversationId,
    token: InvitationToken,
) -> Result<(), AppError> {
    let action = Action::Group(Act::Add);
    in_lane(app, actor, action, Target::Conversation(group), async move |app, _| {
        let is_revoked = app.store.revoke_invite_link(token, group).await?;
        is_revoked.then_some(()).ok_or_else(AppError::not_found)
    })
    .await
}

/// Those that are good, the newest first, for whoever may let people in.
pub(super) async fn list(
    app: &AppState,
    viewer: UserId,
    group: &Conversation,
) -> Result<Vec<InviteLink>, AppError> {
    if !group.lets_add(viewer) {
        return Ok(Vec::new());
    }
    let links = app.store.invite_links(group.id, now(), MAX_LINKS).await?;
    let good = links.into_iter().filter_map(|link| {
        let by = link.made_by.filter(|by| group.lets_add(*by))?;
        Some(shown(app, by, link))
    });
    Ok(good.collect())
}

/// Joins the group that a link leads into; whoever is in it stays so, and uses nothing up.
/// Errors: `not_found` (one answer for whatever is wrong with it), `not_allowed` (the group is full), `too_many`,
/// `unavailable`.
pub async fn join(
    app: &AppState,
    actor: UserId,
    token: Option<InvitationToken>,
) -> Result<Summary, AppError> {
    let (link, group) = find(app, actor, token).await?;
    let (live, app) = (&app.live, app.clone());
    live.in_lane(group.id, async move {
        let known = app.store.conversation(group.id).await?;
        let by = link.made_by.ok_or_else(wrong)?;
        let mut known = known.filter(|known| known.lets_add(by)).ok_or_else(wrong)?;
        if !known.members.contains(&actor) {
            groups::has_room(&app, known.members.len() + 1)?;
            groups::fits_into_one_more(&app, actor).await?;
            let change: Membership = groups::membership(known.id, actor, actor);
            let said = app.store.join_by_link(link.token, change).await.map_err(|error| match error {
                StoreError::NotInvited | StoreError::NotFound => wrong(),
                error => error.into(),
            })?;
            if let Some(message) = said {
                groups::tell_joined(&app, &mut known, actor, message).await?;
                invitations::tell_ended(&app, actor, known.id).await;
            }
        }
        groups::summary(&app, known.id, actor).await
    })
    .await
}

/// The link and the group that it leads into, if it is good, and whoever has made it may let people in.
/// Errors: `not_found`, `too_many`, `unavailable`.
pub async fn find(
    app: &AppState,
    viewer: UserId,
    token: Option<InvitationToken>,
) -> Result<(Invitation, Conversation), AppError> {
    let rates = app.part::<Rates>();
    rates.wrong.peek(&viewer)?;
    if let Some(token) = token
        && let Some(link) = app.store.invitation(token, now()).await?
        && let Some((group, by)) = link.group.zip(link.made_by)
        && let Some(group) = app.store.conversation(group).await?.filter(|group| group.lets_add(by))
    {
        return Ok((link, group));
    }
    let _ = rates.wrong.take(&viewer);
    tracing::warn!(audit = "link_refused", user = %viewer, "a link into a group that is not good");
    Err(wrong())
}

fn shown(app: &AppState, by: UserId, link: Invitation) -> InviteLink {
    let Invitation { token, uses, used, created_at, expires_at, .. } = link;
    InviteLink { token, url: token.join_link(&app.config.url()), by, uses, used, created_at, expires_at }
}

fn wrong() -> AppError {
    AppError::new(ErrorCode::NotFound, words::LINK_GONE)
}

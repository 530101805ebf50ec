//! Asking somebody into a group who is no contact of whoever asks: they come in when they say yes.

use crate::{
    chat::{
        server::{Action, authorize, groups, in_lane, links},
        words,
    },
    kit::{AppState, Config, Part, limits::Limiter},
    live::Audience,
};
use model::{
    error::{AppError, ErrorCode},
    event::{ServerEvent, Target},
    group::Act,
    group_invitation::{Entrances, GroupInvitation, Invite, Invited},
    id::{ConversationId, UserId},
    message::{Conversation, ConversationKind, Summary},
    user::User,
};
use std::{collections::HashMap, time::Duration};
use store::now;

/// How often people may be asked.
struct Rates {
    /// Invitations, by who sends them.
    sent: Limiter<UserId>,
    /// By group and who is asked: one that is taken back and sent again is news each time.
    told: Limiter<(ConversationId, UserId)>,
}

impl Part for Rates {
    fn new(config: &Config) -> Self {
        let told = config.limits.rates.then(|| (3, Duration::from_secs(8 * 3600)));
        let sent = config.limits.hourly(config.limits.requests_per_hour);
        Self { sent: Limiter::new(sent), told: Limiter::new(told) }
    }
}

/// Asks somebody in, in the lane of the group; of somebody who is asked already nobody hears. Whoever `blocks` the
/// one who asks never hears of it, and to the group it looks, and costs, like any other.
/// Errors: `not_allowed` (too many wait), `too_many`, `unavailable`.
pub(super) async fn invite(
    app: &AppState,
    group: &Conversation,
    actor: &User,
    user: UserId,
    blocks: bool,
) -> Result<(), AppError> {
    let invite = Invite::new(group.id, user, actor.id, now());
    let invite = if blocks { invite.in_vain() } else { invite };
    if let Some(stored) = app.store.invite_of(group.id, user).await?
        && !stored.gives_way(&invite)
    {
        if !stored.is_open(invite.sent_at) || is_good(group, &stored) {
            return Ok(());
        }
        // Whoever has sent it may let nobody in any more, and nobody sees it.
        app.store.end_invite(group.id, user).await?;
    }
    let rates = app.part::<Rates>();
    rates.sent.take(&actor.id).and_then(|()| rates.told.take(&(group.id, user))).inspect_err(|_| {
        tracing::warn!(audit = "limit", limit = "group invitations", user = %actor.id, "refused by a limit");
    })?;
    if app.store.invite(&invite).await? && !blocks {
        let invitation = shown(group, actor.clone(), &invite);
        app.live.tell(Audience::User(user), &ServerEvent::Invited { invitation }).await;
    }
    Ok(())
}

/// The groups that somebody is asked into, the newest invitation first.
pub async fn waiting(app: &AppState, viewer: UserId) -> Result<Vec<GroupInvitation>, AppError> {
    let now = now();
    let mut invites = app.store.invites_for(viewer).await?;
    invites.retain(|invite| invite.is_open(now));
    let senders = names(app, invites.iter().map(|invite| invite.by)).await?;
    let mut waiting = Vec::new();
    for invite in invites {
        let group = app.store.conversation(invite.group).await?.filter(|group| is_good(group, &invite));
        if let (Some(group), Some(by)) = (group, senders.get(&invite.by)) {
            waiting.push(shown(&group, by.clone(), &invite));
        }
    }
    Ok(waiting)
}

/// Who is asked into a group, as its members see it, and the links into it for those who may let people in. Errors: `not_found`, `unavailable`.
pub async fn entrances(app: &AppState, viewer: UserId, group: ConversationId) -> Result<Entrances, AppError> {
    let group = authorize(app, viewer, Action::Read, Target::Conversation(group)).await?;
    if group.kind == ConversationKind::Direct {
        return Err(AppError::not_found());
    }
    let now = now();
    let mut invites = app.store.invites_into(group.id).await?;
    invites.retain(|invite| invite.is_there(now) && is_good(&group, invite));
    let users = names(app, invites.iter().map(|invite| invite.user)).await?;
    let invited = invites.into_iter().filter_map(|Invite { user, by, sent_at, expires_at, .. }| {
        Some(Invited { user: users.get(&user)?.clone(), by, sent_at, expires_at })
    });
    Ok(Entrances { invited: invited.collect(), links: links::list(app, viewer, &group).await? })
}

/// Says yes: they are in, and everybody hears of it. Of somebody who is in already nobody hears.
/// Errors: `not_found` (there is no such invitation any more), `not_allowed` (the group is full), `unavailable`.
pub async fn accept(app: &AppState, actor: UserId, group: ConversationId) -> Result<Summary, AppError> {
    let (live, app) = (&app.live, app.clone());
    live.in_lane(group, async move {
        let known = app.store.conversation(group).await?;
        let mut known = known.filter(|known| known.kind == ConversationKind::Group).ok_or_else(no_longer)?;
        if !known.members.contains(&actor) {
            let invite = app.store.invite_of(group, actor).await?;
            let is_asked = |invite: Invite| invite.is_open(now()) && is_good(&known, &invite);
            if !invite.is_some_and(is_asked) {
                // What their devices show has ended without their hearing of it.
                tell_ended(&app, actor, group).await;
                return Err(no_longer());
            }
            groups::has_room(&app, known.members.len() + 1)?;
            groups::let_in(&app, &mut known, actor, actor).await?;
        }
        groups::summary(&app, group, actor).await
    })
    .await
}

/// Says no; the group is not told. Errors: `not_found` (nobody asks), `unavailable`.
pub async fn decline(app: &AppState, actor: UserId, group: ConversationId) -> Result<(), AppError> {
    let (live, app) = (&app.live, app.clone());
    live.in_lane(group, async move {
        let now = now();
        let invite = app.store.invite_of(group, actor).await?;
        invite.filter(|invite| invite.is_there(now)).ok_or_else(no_longer)?;
        app.store.decline_invite(group, actor, now).await?;
        tell_ended(&app, actor, group).await;
        Ok(())
    })
    .await
}

/// Takes an invitation back. Errors: `not_found` (no such group, not theirs, or nobody is asked), `not_allowed`,
/// `unavailable`.
pub async fn take_back(
    app: &AppState,
    actor: UserId,
    group: ConversationId,
    member: UserId,
) -> Result<(), AppError> {
    let action = Action::Group(Act::Add);
    in_lane(app, actor, action, Target::Conversation(group), async move |app, _| {
        if !app.store.end_invite(group, member).await? {
            return Err(AppError::new(ErrorCode::NotFound, words::NOT_INVITED).on("member"));
        }
        tell_ended(&app, member, group).await;
        Ok(())
    })
    .await
}

/// Whose invitations end when `by` leaves the group, or, with `None`, when it is erased.
pub(super) async fn sent_by(
    app: &AppState,
    group: ConversationId,
    by: Option<UserId>,
) -> Result<Vec<UserId>, AppError> {
    let now = now();
    let all = app.store.invites_into(group).await?;
    let ending = all.into_iter().filter(|invite| invite.is_open(now) && by.is_none_or(|by| invite.by == by));
    Ok(ending.map(|invite| invite.user).collect())
}

/// Tells somebody's devices that they are asked no more.
pub(super) async fn tell_ended(app: &AppState, user: UserId, group: ConversationId) {
    let ended = ServerEvent::InvitationEnded { conversation_id: group };
    app.live.tell(Audience::User(user), &ended).await;
}

/// Whether it is still so that this member lets people in, and that the other is not in it.
fn is_good(group: &Conversation, invite: &Invite) -> bool {
    !group.members.contains(&invite.user) && group.lets_add(invite.by)
}

fn shown(group: &Conversation, by: User, invite: &Invite) -> GroupInvitation {
    GroupInvitation {
        conversation_id: group.id,
        name: group.name.clone(),
        members: group.members.len(),
        by,
        sent_at: invite.sent_at,
        expires_at: invite.expires_at,
    }
}

async fn names(
    app: &AppState,
    users: impl Iterator<Item = UserId>,
) -> Result<HashMap<UserId, User>, AppError> {
    let users: Vec<_> = users.collect();
    if users.is_empty() {
        return Ok(HashMap::new());
    }
    let accounts = app.store.users(&users).await?;
    Ok(accounts.into_iter().map(|account| (account.user.id, account.user)).collect())
}

fn no_longer() -> AppError {
    AppError::new(ErrorCode::NotFound, words::INVITATION_GONE)
}

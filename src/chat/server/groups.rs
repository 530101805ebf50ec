//! Groups: making one, who belongs to it, what it is called and what its members may do.
//!
//! Each change is a message in the group's history and is told to all members, in the lane of the group; what
//! somebody may do, `model::group::may` says.

use crate::{
    chat::{
        server::{Action, Rates, allow, in_lane, invitations, joined, pins},
        words,
    },
    kit::AppState,
    live::{Audience, roster::tell_conversation},
};
use model::{
    content::{Content, System},
    error::{AppError, ErrorCode},
    event::{ServerEvent, Target},
    friendship::{Friendship, State},
    group::{Act, GroupName, Role, set},
    id::{ConversationId, MessageId, UserId},
    message::{Conversation, MAX_GROUPS, Message, PageRequest, Summary},
    user::Username,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use store::{GroupChange, Membership, now};

/// Makes a group with contacts of `actor` and tells the devices of all. The same `id` from the same maker with the
/// same name again is the same group, and nobody hears of it.
///
/// Errors: `malformed` (nobody else), `not_allowed` (more than a group may have, not contacts, somebody is in too many),
/// `too_many`, `id_taken`, `unavailable`.
pub async fn create_group(
    app: &AppState,
    actor: UserId,
    id: ConversationId,
    name: GroupName,
    members: Vec<UserId>,
) -> Result<Summary, AppError> {
    let others: BTreeSet<_> = members.into_iter().filter(|member| *member != actor).collect();
    if others.is_empty() {
        return Err(nobody_chosen());
    }
    has_room(app, others.len() + 1)?;
    let known = Acquaintances::of(app, actor).await?;
    known.lets_add(&others)?;
    if !others.is_subset(&known.contacts) {
        return Err(AppError::new(ErrorCode::NotAllowed, words::CONTACTS_ONLY).on("members"));
    }
    let (unheard, others): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|other| known.blocking.contains(other));
    let app = app.clone();
    let live = app.live.clone();
    live.in_lane(id, async move {
        let is_new = match app.store.conversation(id).await? {
            Some(known) => is_made_by(&app, actor, &name, &known).await?,
            None => {
                app.part::<Rates>().groups.take(&actor).inspect_err(|_| {
                    tracing::warn!(audit = "limit", limit = "groups", user = %actor, "refused by a limit");
                })?;
                for member in others.iter().chain([&actor]) {
                    fits_into_one_more(&app, *member).await?;
                }
                let first = membership(id, actor, actor);
                let made = app.store.create_group(first, Some(name), others.clone()).await;
                let made = made
                    .map_err(AppError::from)
                    .inspect_err(|error| app.live.doubtful().note(named(id), error));
                made.map(|_| true)?
            }
        };
        // It may have been made before, and nobody told.
        if !app.live.doubtful().settle(named(id)) && !is_new {
            return summary(&app, id, actor).await;
        }
        for member in others.iter().chain([&actor]) {
            tell_new(&app, *member, id).await;
        }
        if let Err(error) = ask_in_vain(&app, id, actor, &unheard).await {
            // The group is made all the same, and they would not have come.
            tracing::info!(%error, "those who block whoever makes a group do not look asked");
        }
        summary(&app, id, actor).await
    })
    .await
}

/// Those who block whoever makes a group look asked.
async fn ask_in_vain(
    app: &AppState,
    id: ConversationId,
    actor: UserId,
    unheard: &[UserId],
) -> Result<(), AppError> {
    if unheard.is_empty() {
        return Ok(());
    }
    let group = app.store.conversation(id).await?.ok_or_else(AppError::not_found)?;
    let actor = app.store.account(actor).await?.ok_or_else(AppError::not_found)?.user;
    for other in unheard {
        invitations::invite(app, &group, &actor, *other, true).await?;
    }
    Ok(())
}

/// `false`: it is the group that `actor` has made so, and is not new. Errors: `id_taken`.
async fn is_made_by(
    app: &AppState,
    actor: UserId,
    name: &GroupName,
    known: &Conversation,
) -> Result<bool, AppError> {
    let first = PageRequest { before: Some(2), limit: Some(1), ..PageRequest::default() };
    let first = app.store.page(known.id, first).await?.messages;
    let is_theirs = |first: &Arc<Message>| {
        first.content == Content::System(System::Created)
            && first.sender == actor
            && known.members.contains(&actor)
            && known.name.as_deref() == Some(name.as_str())
    };
    match first.first().is_some_and(is_theirs) {
        true => Ok(false),
        false => Err(AppError::new(ErrorCode::IdTaken, words::GROUP_ID_TAKEN)),
    }
}

/// A group as one that may have been stored; ids of messages and of conversations never meet.
fn named(group: ConversationId) -> MessageId {
    MessageId(group.0)
}

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
pub(super) async fn let_in(
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
pub(super) async fn tell_joined(
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
        take_out(&app, &known, actor, actor).await
    })
    .await
}

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

/// What others are to whoever adds them.
struct Acquaintances {
    contacts: BTreeSet<UserId>,
    /// Whom they block.
    blocked: BTreeSet<UserId>,
    /// Who blocks them, and must not seem to.
    blocking: BTreeSet<UserId>,
}

impl Acquaintances {
    async fn of(app: &AppState, user: UserId) -> Result<Self, AppError> {
        let all = app.store.friendships_of(user).await?;
        let others = |is: &dyn Fn(&Friendship) -> bool| {
            all.iter().filter(|friendship| is(friendship)).map(|one| one.pair.other(user)).collect()
        };
        Ok(Self {
            contacts: others(&|one| one.state == State::Contacts),
            blocked: others(&|one| one.blocked_by(user).is_some()),
            blocking: others(&|one| one.blocked_by(one.pair.other(user)).is_some()),
        })
    }

    /// Errors: `not_allowed`, for somebody whom they block.
    fn lets_add(&self, others: &BTreeSet<UserId>) -> Result<(), AppError> {
        match self.blocked.is_disjoint(others) {
            true => Ok(()),
            false => Err(AppError::new(ErrorCode::NotAllowed, words::BLOCKED_BY_YOU).on("members")),
        }
    }
}

fn nobody_chosen() -> AppError {
    AppError::new(ErrorCode::Malformed, words::NOBODY_CHOSEN).on("members")
}

pub(super) fn membership(conversation: ConversationId, by: UserId, member: UserId) -> Membership {
    Membership { conversation, member, by, message: MessageId::new(), at: now() }
}

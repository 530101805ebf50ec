//! The server's side of chatting: authorize, store, then tell.

mod answer;
mod change;
mod emojis;
mod group_routes;
mod groups;
mod history;
mod invitations;
pub mod join_page;
mod links;
mod media;
mod mentions;
mod message_routes;
mod pins;
mod prefs;
pub mod routes;
mod send;
pub mod socket;
mod typing;

pub use history::{Asked, first_since, open, read, snapshot, summaries};
pub use invitations::entrances;
pub use media::media;

use crate::{
    chat::words,
    kit::{AppState, Config, Part, limits::Limiter, route::Route},
};
use model::{
    error::{AppError, ErrorCode},
    event::{TYPING_EVERY_MS, Target},
    friendship::{Pair, State},
    group::{Act, may, shows_history},
    id::{ConversationId, UserId},
    message::{Conversation, ConversationKind},
};
use std::{collections::BTreeMap, time::Duration};

/// What is answered of this feature.
pub const ROUTES: [&[Route]; 6] = [
    routes::ROUTES,
    message_routes::ROUTES,
    group_routes::ROUTES,
    emojis::ROUTES,
    prefs::ROUTES,
    media::ROUTES,
];

/// So many groups somebody makes in an hour at most.
const GROUPS_PER_HOUR: u32 = 60;

/// How often somebody may say something.
struct Rates {
    /// Frames and messages, by user.
    events: Limiter<UserId>,
    /// Being told that somebody writes, by user and conversation.
    typing: Limiter<(UserId, ConversationId)>,
    /// Groups that are made, by user: contacts are in them unasked.
    groups: Limiter<UserId>,
}

impl Part for Rates {
    fn new(config: &Config) -> Self {
        // How often one may be told of typing is part of the protocol, not of the settings.
        let typing = Some((1, Duration::from_millis(TYPING_EVERY_MS.into())));
        Self {
            events: Limiter::new(config.limits.events()),
            typing: Limiter::new(typing),
            groups: Limiter::new(config.limits.hourly(GROUPS_PER_HOUR)),
        }
    }
}

/// What somebody wants to do in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    /// See what is written there, and move one's own read cursor.
    Read,
    /// Write there, change what was written.
    Write,
    /// Erase what one wrote oneself.
    Erase,
    /// Pin what is written there, or no longer.
    Pin,
    /// Leave a group.
    Leave,
    /// What a group's table says of it.
    Group(Act),
}

/// The conversation, if `actor` may do this in it; every operation on one begins here.
/// Errors: `not_found`, whether it does not exist or only not for them; `not_allowed`, by their role in a group.
async fn authorize(
    app: &AppState,
    actor: UserId,
    action: Action,
    target: Target,
) -> Result<Conversation, AppError> {
    let id = match target {
        Target::Conversation(id) => Some(id),
        Target::Contact(other) => match Pair::of(actor, other) {
            Some(pair) => app
                .store
                .friendship(pair)
                .await?
                .filter(|friendship| friendship.state == State::Contacts)
                .and_then(|friendship| friendship.conversation),
            None => None,
        },
    };
    let conversation = match id {
        Some(id) => app.store.conversation(id).await?,
        None => None,
    };
    let conversation = conversation
        .filter(|conversation| conversation.members.contains(&actor))
        .ok_or_else(AppError::not_found)?;
    match (action, conversation.kind) {
        (Action::Read, _)
        | (Action::Erase, ConversationKind::Direct)
        | (Action::Leave, ConversationKind::Group) => {}
        (Action::Write | Action::Pin, ConversationKind::Direct) if conversation.closed => {
            return Err(closed(app, actor, &conversation).await?);
        }
        (Action::Write | Action::Pin, ConversationKind::Direct) => {}
        (Action::Write | Action::Erase, ConversationKind::Group) => allow(&conversation, actor, Act::Write)?,
        (Action::Pin, ConversationKind::Group) => allow(&conversation, actor, Act::Pin)?,
        (Action::Group(act), ConversationKind::Group) => allow(&conversation, actor, act)?,
        (Action::Leave | Action::Group(_), ConversationKind::Direct) => return Err(AppError::not_found()),
    }
    Ok(conversation)
}

/// Why nobody writes in a direct conversation. Whoever is blocked is told no more than that what they write is
/// not taken.
async fn closed(app: &AppState, actor: UserId, conversation: &Conversation) -> Result<AppError, AppError> {
    let other = conversation.members.iter().copied().find(|member| *member != actor);
    let pair = other.and_then(|other| Pair::of(actor, other));
    let friendship = match pair {
        Some(pair) => app.store.friendship(pair).await?,
        None => None,
    };
    let is_own = friendship.is_some_and(|friendship| friendship.blocked_by(actor).is_some());
    Ok(AppError::new(ErrorCode::NotAllowed, if is_own { words::BLOCKED_BY_YOU } else { words::NOT_TAKEN }))
}

/// Whether a member may do this in a group. Errors: `not_allowed`.
fn allow(group: &Conversation, actor: UserId, act: Act) -> Result<(), AppError> {
    match may(group.roles.of(actor), act, &group.settings) {
        true => Ok(()),
        false => Err(AppError::new(ErrorCode::NotAllowed, words::may_not(act))),
    }
}

/// The seq from which on each member sees a group's history; `None`: all see all of it.
async fn joined(
    app: &AppState,
    conversation: &Conversation,
) -> Result<Option<BTreeMap<UserId, u64>>, AppError> {
    let is_open = conversation.kind == ConversationKind::Direct || shows_history(&conversation.settings);
    Ok(if is_open { None } else { Some(app.store.joined(conversation.id).await?) })
}

/// The seq from which on somebody sees a history. Whoever is not among those who have joined sees none of it.
fn visible_from(joined: Option<&BTreeMap<UserId, u64>>, viewer: UserId) -> u64 {
    joined.map_or(0, |joined| joined.get(&viewer).copied().unwrap_or(u64::MAX))
}

/// Does something in a conversation's lane, with the conversation as it is there: somebody may have
/// joined or left a group, or blocked the other, before the lane was free, and who is in it is told of everything.
/// Errors: `not_found`, `not_allowed`, and those of the work.
async fn in_lane<T: Send + 'static, F: Future<Output = Result<T, AppError>> + Send>(
    app: &AppState,
    actor: UserId,
    action: Action,
    target: Target,
    work: impl FnOnce(AppState, Conversation) -> F + Send + 'static,
) -> Result<T, AppError> {
    let id = match target {
        Target::Conversation(id) => id,
        Target::Contact(_) => authorize(app, actor, action, target).await?.id,
    };
    let (live, app) = (&app.live, app.clone());
    live.in_lane(id, async move {
        let conversation = authorize(&app, actor, action, Target::Conversation(id)).await?;
        work(app, conversation).await
    })
    .await
}

//! The server's side of chatting: authorize, store, then tell.

mod answer;
mod change;
mod history;
mod members;
pub mod routes;
mod send;
pub mod socket;
mod typing;

pub use history::{open, read, snapshot, summaries};
pub use members::{add_member, create_group, leave_group};
pub use send::MAX_READERS_TOLD;

use crate::kit::{AppState, Config, Part, limits::Limiter};
use model::{
    error::AppError,
    event::{TYPING_EVERY_MS, Target},
    friendship::{Pair, State},
    id::{ConversationId, UserId},
    message::{Conversation, ConversationKind},
};
use std::time::Duration;

/// How often somebody may say something.
struct Rates {
    /// Frames and messages, by user.
    events: Limiter<UserId>,
    /// Being told that somebody writes, by user and conversation.
    typing: Limiter<(UserId, ConversationId)>,
}

impl Part for Rates {
    fn new(config: &Config) -> Self {
        // How often one may be told of typing is part of the protocol, not of the settings.
        let typing = Some((1, Duration::from_millis(TYPING_EVERY_MS.into())));
        Self { events: Limiter::new(config.limits.events()), typing: Limiter::new(typing) }
    }
}

/// What somebody wants to do in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    /// See what is written there, and move one's own read cursor.
    Read,
    /// Write there, change what was written, let others know that one writes.
    Write,
    /// Let others in, or leave: a group only.
    ChangeMembers,
}

/// The conversation, if `actor` may do this in it; every operation on one begins here. Whoever is a
/// member may read and write, and anybody in a group may let others in or leave.
/// Errors: `not_found`, whether it does not exist or only not for them.
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
    let may = |conversation: &Conversation| {
        conversation.members.contains(&actor)
            && match (action, conversation.kind) {
                (Action::Read | Action::Write, _) | (Action::ChangeMembers, ConversationKind::Group) => true,
                (Action::ChangeMembers, ConversationKind::Direct) => false,
            }
    };
    conversation.filter(may).ok_or_else(AppError::not_found)
}

/// Does something in a conversation's lane, with the conversation as it is there: somebody may have
/// joined or left a group before the lane was free, and who is in it is told of everything. Who is in
/// a direct one never changes, and what is done to one that was erased finds nothing.
/// Errors: `not_found`, and those of the work.
async fn in_lane<T: Send + 'static, F: Future<Output = Result<T, AppError>> + Send>(
    app: &AppState,
    actor: UserId,
    action: Action,
    target: Target,
    work: impl FnOnce(AppState, Conversation) -> F + Send + 'static,
) -> Result<T, AppError> {
    let known = authorize(app, actor, action, target).await?;
    let (live, app) = (&app.live, app.clone());
    live.in_lane(known.id, async move {
        let conversation = match known.kind {
            ConversationKind::Direct => known,
            ConversationKind::Group => authorize(&app, actor, action, Target::Conversation(known.id)).await?,
        };
        work(app, conversation).await
    })
    .await
}

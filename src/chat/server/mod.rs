//! The server's side of chatting: authorize, store, then tell.

mod answer;
mod change;
mod doubtful;
mod history;
mod hub;
mod members;
pub mod routes;
mod send;
pub mod socket;
mod typing;

pub use history::{open, read, snapshot, summaries};
pub use hub::{Frame, Hub, Leaving};
pub use members::{add_member, create_group, leave_group};

use crate::web::AppState;
use model::{
    error::AppError,
    event::Target,
    friendship::{Pair, State},
    id::UserId,
    message::{Conversation, ConversationKind},
};

/// The conversation, if `actor` is a member of it; every operation on one begins here.
/// Errors: `not_found`, whether it does not exist or only not for them.
async fn authorize(app: &AppState, actor: UserId, target: Target) -> Result<Conversation, AppError> {
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
    conversation.filter(|conversation| conversation.members.contains(&actor)).ok_or_else(AppError::not_found)
}

/// The conversation as it is in its lane: somebody may have joined or left a group before the lane
/// was free, and who is in it is told of everything. Errors: `not_found`.
async fn as_of_now(app: &AppState, actor: UserId, known: Conversation) -> Result<Conversation, AppError> {
    match known.kind {
        ConversationKind::Direct => Ok(known),
        ConversationKind::Group => authorize(app, actor, Target::Conversation(known.id)).await,
    }
}

//! Writing: said to the others at once, and kept nowhere.

use crate::{
    chat::server::{Action, Rates, allow, authorize},
    kit::AppState,
    live::Audience,
};
use model::{
    error::AppError,
    event::{ServerEvent, Target},
    group::Act,
    id::{ConversationId, UserId},
    message::ConversationKind,
};

/// Tells the other members that `user` writes; oftener than once in two seconds nobody is told.
/// Errors: `not_found`, `unavailable`.
pub async fn typing(app: &AppState, user: UserId, conversation: ConversationId) -> Result<(), AppError> {
    let known = authorize(app, user, Action::Read, Target::Conversation(conversation)).await?;
    if known.kind == ConversationKind::Group {
        allow(&known, user, Act::Write)?;
    }
    // What is typed into one that is closed is refused once it is sent.
    if known.closed || app.part::<Rates>().typing.take(&(user, conversation)).is_err() {
        return Ok(());
    }
    let others: Vec<_> = known.members.into_iter().filter(|member| *member != user).collect();
    let event = ServerEvent::Typing { conversation_id: conversation, user_id: user };
    app.live.tell(Audience::Users(&others), &event).await;
    Ok(())
}

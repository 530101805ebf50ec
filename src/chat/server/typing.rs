//! Writing: said to the others at once, and kept nowhere.

use super::{Frame, authorize};
use crate::web::AppState;
use model::{
    error::AppError,
    event::{ServerEvent, Target},
    id::{ConversationId, UserId},
};

/// Tells the other members that `user` writes; oftener than once in two seconds nobody is told.
/// Errors: `not_found`, `unavailable`.
pub async fn typing(app: &AppState, user: UserId, conversation: ConversationId) -> Result<(), AppError> {
    let members = authorize(app, user, Target::Conversation(conversation)).await?.members;
    if app.rates.typing.take(&(user, conversation)).is_err() {
        return Ok(());
    }
    let frame = Frame::of(&ServerEvent::Typing { conversation_id: conversation, user_id: user });
    for member in members.into_iter().filter(|member| *member != user) {
        app.hub.send(member, &frame);
    }
    Ok(())
}

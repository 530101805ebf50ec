//! Which messages somebody may see.

use super::AppState;
use model::{
    error::AppError,
    id::{ConversationId, MessageId, UserId},
    message::Message,
};
use std::sync::Arc;

/// A message, if it is there and `viewer` may see it: they are in its conversation, and have been since before it was
/// written, or see what was. Errors: `unavailable`.
pub async fn seen_message(
    app: &AppState,
    viewer: UserId,
    conversation: ConversationId,
    id: MessageId,
) -> Result<Option<Arc<Message>>, AppError> {
    let known = app.store.conversation(conversation).await?;
    let Some(known) = known.filter(|known| known.members.contains(&viewer)) else { return Ok(None) };
    let from = match known.hides_history() {
        true => app.store.joined(conversation).await?.get(&viewer).copied().unwrap_or(u64::MAX),
        false => 0,
    };
    let message = app.store.message(conversation, id).await?;
    Ok(message.filter(|message| message.seq >= from))
}

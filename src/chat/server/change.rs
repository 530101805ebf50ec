//! Changing what was sent: authorized, decided by the rules, stored, and only then told.

use super::{Frame, authorize, send::Device};
use crate::{
    browser::clock,
    web::{AppState, internal},
};
use model::{
    change::Change,
    error::{AppError, ErrorCode},
    event::{ServerEvent, Target},
    id::{ConversationId, MessageId},
    message::{Conversation, Message},
};
use std::sync::Arc;

/// How often a change is tried again when somebody else was faster each time.
const TRIES: usize = 16;

/// Edits, deletes or reacts, and tells every device of every member, the one that asked included;
/// of what is so already only that one. Once begun it is finished, also if the caller goes away.
///
/// Errors: `not_found`, `not_allowed`, `invalid_reaction`, `changed`, `unavailable`.
pub async fn change(
    app: &AppState,
    from: Device,
    conversation: ConversationId,
    message: MessageId,
    change: Change,
) -> Result<Arc<Message>, AppError> {
    let app = app.clone();
    tokio::spawn(async move {
        let _lane = app.hub.lane_of_conversation(conversation).await;
        // In the lane, so that who has left just now is told nothing any more.
        let conversation = authorize(&app, from.user, Target::Conversation(conversation)).await?;
        let stored = store(&app, from, &conversation, message, &change).await;
        let (message, is_new) = stored.inspect_err(|error| app.hub.doubtful().note(message, error))?;
        let is_new = app.hub.doubtful().settle(message.id) || is_new;
        let changed = Frame::of(&ServerEvent::MessageChanged { message: message.clone() });
        if is_new {
            conversation.members.iter().for_each(|member| app.hub.send(*member, &changed));
        } else if let Some(socket) = from.socket {
            app.hub.send_to(from.user, socket, &changed);
        }
        Ok(message)
    })
    .await
    .map_err(internal)?
}

/// The message as it is now, and whether this call made it so.
async fn store(
    app: &AppState,
    from: Device,
    conversation: &Conversation,
    message: MessageId,
    change: &Change,
) -> Result<(Arc<Message>, bool), AppError> {
    for _ in 0..TRIES {
        let stored = app.store.message(conversation.id, message).await?.ok_or_else(AppError::not_found)?;
        match stored.after(from.user, change, clock::now())? {
            None => return Ok((stored, false)),
            Some(next) => {
                if let Some(changed) = app.store.commit_message(next).await? {
                    return Ok((changed, true));
                }
            }
        }
    }
    Err(AppError::new(ErrorCode::Changed, "Somebody else was faster. Please try again."))
}

//! What is pinned in a conversation: how much may be, who is told of it, and the list of it.

use crate::{
    chat::{
        server::{history::readable, visible_from},
        words,
    },
    kit::AppState,
    live::Audience,
};
use model::{
    change::MAX_PINS,
    error::{AppError, ErrorCode},
    event::{ServerEvent, Target},
    id::{ConversationId, MessageId, UserId},
    message::{Conversation, Message},
    time::Timestamp,
};
use std::{collections::BTreeMap, sync::Arc};
use store::now;

/// The pinned messages that somebody sees, in the order in which they were pinned. Errors: `not_found`.
pub async fn pins(
    app: &AppState,
    viewer: UserId,
    conversation: ConversationId,
) -> Result<Vec<Arc<Message>>, AppError> {
    let (id, _) = readable(app, viewer, Target::Conversation(conversation)).await?;
    let mut pins = app.store.pins(id).await?;
    // As it is after they were read, see `history::read`.
    let (_, from) = readable(app, viewer, Target::Conversation(id)).await?;
    pins.retain(|message| message.seq >= from);
    Ok(pins)
}

/// The moment at which another message is pinned: later than those that are. To be asked in the conversation's lane.
/// Errors: `not_allowed` (there are so many that there is no room for it).
pub async fn room(
    app: &AppState,
    conversation: ConversationId,
    message: MessageId,
) -> Result<Timestamp, AppError> {
    let pins = app.store.pins(conversation).await?;
    let is_there = pins.iter().any(|pinned| pinned.id == message);
    if pins.len() >= MAX_PINS && !is_there {
        return Err(AppError::new(ErrorCode::NotAllowed, words::too_many_pins(MAX_PINS)));
    }
    let last = pins.last().and_then(|message| message.pinned).map(|pinned| pinned.at.0 + 1);
    Ok(last.map_or_else(now, |after| now().max(Timestamp(after))))
}

/// Tells each member what is pinned of what they see, as of this version.
pub async fn tell(
    app: &AppState,
    conversation: &Conversation,
    joined: Option<&BTreeMap<UserId, u64>>,
    version: u64,
) {
    let pins = match app.store.pins(conversation.id).await {
        Ok(pins) => pins,
        // Devices know it from the messages; this is for those who see others than before.
        Err(error) => return tracing::warn!(%error, "it was not told what is pinned"),
    };
    // All who see equally much of it hear the same.
    let mut audiences = BTreeMap::<Vec<MessageId>, Vec<UserId>>::new();
    for member in &conversation.members {
        let from = visible_from(joined, *member);
        let seen = pins.iter().filter(|message| message.seq >= from).map(|message| message.id).collect();
        audiences.entry(seen).or_default().push(*member);
    }
    for (pins, members) in audiences {
        let changed = ServerEvent::PinsChanged { conversation_id: conversation.id, pins, version };
        app.live.tell(Audience::Users(&members), &changed).await;
    }
}

//! Sending: stored first, told afterwards, in the order of versions.

use super::{Frame, as_of_now, authorize};
use crate::{
    browser::clock,
    metrics::METRICS,
    web::{AppState, internal},
};
use model::{
    error::{AppError, ErrorCode},
    event::{ServerEvent, Target},
    id::{ConversationId, MessageId, UserId},
    message::{Conversation, Message, MessageBody},
};
use std::sync::Arc;
use store::NewMessage;

/// Where something comes from: a user, and the socket that it came over, if it was one.
#[derive(Clone, Copy, Debug)]
pub struct Device {
    /// Who.
    pub user: UserId,
    /// Gets the acknowledgement instead of the news.
    pub socket: Option<u64>,
}

/// What somebody wants to send.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Made by the device.
    pub id: MessageId,
    /// Where to.
    pub target: Target,
    /// As typed.
    pub body: String,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
}

/// Stores a message, acknowledges it to the socket that it came over and tells every other
/// device of every member. Once begun it is finished, also if the caller goes away.
///
/// Errors: `invalid_message`, `not_found`, `id_taken`, `unavailable`.
pub async fn send(app: &AppState, from: Device, draft: Draft) -> Result<Arc<Message>, AppError> {
    let body = MessageBody::parse(&draft.body)?;
    let conversation = authorize(app, from.user, draft.target).await.map_err(no_longer)?;
    let new = NewMessage {
        id: draft.id,
        conversation: conversation.id,
        sender: from.user,
        body,
        reply_to: draft.reply_to,
        created_at: clock::now(),
    };
    let app = app.clone();
    tokio::spawn(async move { store_and_tell(&app, from, conversation, new).await })
        .await
        .map_err(internal)?
}

async fn store_and_tell(
    app: &AppState,
    from: Device,
    conversation: Conversation,
    new: NewMessage,
) -> Result<Arc<Message>, AppError> {
    let _lane = app.hub.lane_of_conversation(conversation.id).await;
    let conversation = as_of_now(app, from.user, conversation).await.map_err(no_longer)?;
    let id = new.id;
    let appended = app.store.append_message(new).await.map_err(|error| {
        let error = AppError::from(error);
        app.hub.doubtful().note(id, &error);
        no_longer(error)
    })?;
    let is_news = app.hub.doubtful().settle(id) || appended.is_new;
    let message = appended.message;
    if let Some(socket) = from.socket {
        let acked = ServerEvent::MessageAcked {
            id: message.id,
            conversation_id: message.conversation_id,
            seq: message.seq,
            version: message.version,
            created_at: message.created_at,
        };
        app.hub.send_to(from.user, socket, &Frame::of(&acked));
    }
    METRICS.messages.inc_by(appended.is_new.into());
    if is_news {
        let news = Frame::of(&ServerEvent::NewMessage { message: message.clone() });
        for member in conversation.members {
            app.hub.send_but(member, from.socket.filter(|_| member == from.user), &news);
        }
    }
    Ok(message)
}

/// Moves a member's read cursor and tells every member where it stands now.
/// Errors: `not_found`, `unavailable`.
pub async fn mark_read(
    app: &AppState,
    user: UserId,
    conversation: ConversationId,
    seq: u64,
) -> Result<(), AppError> {
    let known = authorize(app, user, Target::Conversation(conversation)).await?;
    let _lane = app.hub.lane_of_conversation(conversation).await;
    let members = as_of_now(app, user, known).await?.members;
    let Some(seq) = app.store.advance_read_cursor(user, conversation, seq).await? else { return Ok(()) };
    let unread = app.store.summary(conversation, user).await?.map(|summary| summary.unread);
    for member in members {
        let unread = unread.filter(|_| member == user);
        let moved =
            ServerEvent::ReadCursorMoved { conversation_id: conversation, user_id: user, seq, unread };
        app.hub.send(member, &Frame::of(&moved));
    }
    Ok(())
}

fn no_longer(error: AppError) -> AppError {
    match error.code {
        ErrorCode::NotFound => AppError::new(
            ErrorCode::NotFound,
            "You cannot write here: this person is not, or no longer, one of your contacts.",
        ),
        _ => error,
    }
}

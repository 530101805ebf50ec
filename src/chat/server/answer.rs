//! What is done about each frame that a device sends.

use crate::{
    chat::server::{
        change::{change, emoji_of},
        history::{read, snapshot},
        send::{Device, Draft, mark_read, send},
        socket::{End, Open, Outlet, refuse, say},
        typing::typing,
    },
    kit::audit_refusal,
};
use model::{
    change::Change,
    error::{AppError, ErrorCode},
    event::{ClientEvent, ServerEvent},
    id::{ConversationId, MessageId},
    message::MessageBody,
};

/// Does what a frame asks for, and answers it over the socket that it came over.
pub(super) async fn answer(open: &Open, outlet: &mut Outlet, text: &str) -> Result<(), End> {
    let Open { app, user, socket, .. } = open;
    let event = match serde_json::from_str(text) {
        Ok(event) => event,
        Err(error) => return refuse(open, outlet, AppError::malformed(error)).await,
    };
    let reply = match event {
        ClientEvent::Resume { cursors } => {
            // They may be called otherwise by now.
            let me =
                app.store.account(user.id).await.map(|now| now.map_or_else(|| user.clone(), |now| now.user));
            let snapshot = async { snapshot(app, me?, &cursors).await };
            snapshot.await.map(|snapshot| Some(ServerEvent::Resumed(snapshot)))
        }
        ClientEvent::LoadConversation { target, page } => {
            read(app, user.id, target, page).await.map(|(conversation_id, history)| {
                Some(ServerEvent::ConversationLoaded {
                    conversation_id,
                    before: page.before,
                    messages: history.messages,
                    has_more: history.has_more,
                })
            })
        }
        ClientEvent::SendPrivateMessage { id, target, body, reply_to } => {
            let device = Device { user: user.id, socket: Some(*socket) };
            match send(app, device, Draft { id, target, body, reply_to }).await {
                // The acknowledgement waits in the queue, among the news, in order.
                Ok(_) => Ok(None),
                Err(error) if is_final(&error) => {
                    audit_refusal(&error, Some(user.id));
                    Ok(Some(ServerEvent::MessageRefused { id, error }))
                }
                Err(error) => Err(error),
            }
        }
        ClientEvent::EditMessage { conversation_id, id, body, change } => {
            ask(open, conversation_id, id, change, MessageBody::parse(&body).map(Change::Edit)).await
        }
        ClientEvent::DeleteMessage { conversation_id, id, change } => {
            ask(open, conversation_id, id, change, Ok(Change::Delete)).await
        }
        ClientEvent::React { conversation_id, id, emoji, on, change } => {
            let reaction = emoji_of(&emoji, on).map(|emoji| Change::React { emoji, on });
            ask(open, conversation_id, id, change, reaction).await
        }
        ClientEvent::MarkRead { conversation_id, seq } => {
            mark_read(app, user.id, conversation_id, seq).await.map(|()| None)
        }
        ClientEvent::Typing { conversation_id } => typing(app, user.id, conversation_id).await.map(|()| None),
    };
    match reply {
        Ok(Some(event)) => say(outlet, &event).await,
        Ok(None) => Ok(()),
        Err(error) => refuse(open, outlet, error).await,
    }
}

/// A change of a message. What became of it waits in the queue, among the news, in order; one that the
/// device has `named` is answered by its name, too.
async fn ask(
    open: &Open,
    conversation: ConversationId,
    message: MessageId,
    named: Option<MessageId>,
    wanted: Result<Change, AppError>,
) -> Result<Option<ServerEvent>, AppError> {
    let device = Device { user: open.user.id, socket: Some(open.socket) };
    let changed = async { change(&open.app, device, conversation, message, named, wanted?).await };
    match (changed.await, named) {
        (Ok(_), _) => Ok(None),
        (Err(error), Some(id)) if is_final(&error) => {
            audit_refusal(&error, Some(open.user.id));
            Ok(Some(ServerEvent::MessageRefused { id, error }))
        }
        (Err(error), _) => Err(error),
    }
}

/// Whether another try with the same message would be refused again. What is not final is not
/// answered as refused: the device keeps the message and tries again.
fn is_final(error: &AppError) -> bool {
    !matches!(
        error.code,
        ErrorCode::Unavailable | ErrorCode::Internal | ErrorCode::TooMany | ErrorCode::Changed
    )
}

//! What is done about each frame that a device says, over its socket or without one.

use crate::{
    chat::server::{
        Rates,
        change::{self, change, emoji_of},
        history::{find, read, snapshot},
        send::{Caller, Submission, acknowledgement, mark_read, send},
        socket::{End, Open, Outlet, refuse, say_within},
        typing::typing,
    },
    kit::{AppState, Posted, SignedIn, Whom, audit_refusal, error::Refused, internal},
};
use axum::{
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use model::{
    change::Change,
    error::{AppError, ErrorCode},
    event::{ClientEvent, MAX_EXCHANGED, ServerEvent},
    id::{ConversationId, MessageId},
    message::MessageBody,
    user::User,
};
use serde_json::value::RawValue;

/// Once the answers to one exchange have more bytes, the frames that are left are not obeyed.
const MAX_ANSWER: usize = 512 * 1024;

/// Does what a frame asks for, and answers it over the socket that it came over.
pub(super) async fn answer(open: &Open, outlet: &mut Outlet, text: &str) -> Result<(), End> {
    match reply(&open.app, &open.user, Some(open.socket), text).await {
        Ok(events) => {
            for event in &events {
                say_within(open, outlet, event).await?;
            }
            Ok(())
        }
        Err(error) => refuse(open, outlet, error).await,
    }
}

/// `POST /api/exchange`: the socket's language for a device that gets no socket through. Takes frames in a
/// list and answers each that is answered at all, in order; news are found by `resume`.
pub async fn exchange(
    State(app): State<AppState>,
    SignedIn { account, .. }: SignedIn,
    Posted(frames): Posted<Vec<Box<RawValue>>>,
) -> Result<Response, Refused> {
    let user = account.user;
    if frames.len() > MAX_EXCHANGED {
        return Err(AppError::malformed(format!("at most {MAX_EXCHANGED} frames at once")).into());
    }
    for _ in &frames {
        app.part::<Rates>().events.take(&user.id)?;
    }
    let (mut answers, mut size) = (Vec::new(), 0);
    for frame in frames {
        let replied = match size <= MAX_ANSWER {
            true => reply(&app, &user, None, frame.get()).await,
            false => Err(AppError::new(
                ErrorCode::Unavailable,
                "That was too much to ask for at once. Please ask for less.",
            )),
        };
        let events = replied.unwrap_or_else(|error| {
            audit_refusal(&error, Some(Whom::User(user.id)));
            vec![ServerEvent::Error { error }]
        });
        for event in events {
            let answer = event.to_json().map_err(internal)?;
            size += answer.len();
            answers.push(answer);
        }
    }
    // A line for each, so that the page has nothing to take apart.
    let answers = format!("[\n{}\n]", answers.join(",\n"));
    Ok(([(CONTENT_TYPE, "application/json")], answers).into_response())
}

/// Does what a frame asks for. Returns what its device is told that is not told over its socket already.
async fn reply(
    app: &AppState,
    user: &User,
    socket: Option<u64>,
    text: &str,
) -> Result<Vec<ServerEvent>, AppError> {
    let device = Caller { user: user.id, socket };
    match serde_json::from_str(text).map_err(AppError::malformed)? {
        ClientEvent::Resume { cursors } => {
            // They may be called otherwise by now.
            let now = app.store.account(user.id).await?;
            let me = now.map_or_else(|| user.clone(), |now| now.user);
            Ok(vec![ServerEvent::Resumed(snapshot(app, me, &cursors).await?)])
        }
        ClientEvent::LoadConversation { target, page } => {
            let (conversation_id, place, history) = read(app, user.id, target, page).await?;
            Ok(vec![ServerEvent::ConversationLoaded {
                conversation_id,
                place,
                messages: history.messages,
                has_more: history.has_more,
            }])
        }
        ClientEvent::FindMessages { conversation_id, ids } => {
            let messages = find(app, user.id, conversation_id, &ids).await?;
            Ok(vec![ServerEvent::MessagesFound { conversation_id, messages }])
        }
        ClientEvent::SendPrivateMessage { id, target, body, attachments, reply_to } => {
            match send(app, device, Submission { id, target, body, attachments, reply_to }).await {
                // Over a socket it waits in the queue, among the news, in order.
                Ok(_) if socket.is_some() => Ok(Vec::new()),
                Ok(message) => Ok(vec![acknowledgement(&message)]),
                Err(error) => refused(user, id, error),
            }
        }
        ClientEvent::EditMessage { conversation_id, id, body, change } => {
            let edit = MessageBody::parse(&body).map(Change::Edit);
            ask(app, user, device, conversation_id, id, change, edit).await
        }
        ClientEvent::DeleteMessage { conversation_id, id, change } => {
            ask(app, user, device, conversation_id, id, change, Ok(Change::Delete)).await
        }
        ClientEvent::React { conversation_id, id, emoji, on, change } => {
            let reaction = emoji_of(&emoji, on).map(|emoji| Change::React { emoji, on });
            ask(app, user, device, conversation_id, id, change, reaction).await
        }
        ClientEvent::PinMessage { conversation_id, id, on, change } => {
            ask(app, user, device, conversation_id, id, change, Ok(Change::Pin { on })).await
        }
        ClientEvent::MarkRead { conversation_id, seq } => {
            mark_read(app, user.id, conversation_id, seq).await.map(|()| Vec::new())
        }
        ClientEvent::Typing { conversation_id } => {
            typing(app, user.id, conversation_id).await.map(|()| Vec::new())
        }
    }
}

/// A change of a message. Over a socket, what became of it waits in the queue, among the news, in order; one
/// that the device has `named` is answered by its name, too.
async fn ask(
    app: &AppState,
    user: &User,
    device: Caller,
    conversation_id: ConversationId,
    message: MessageId,
    named: Option<MessageId>,
    wanted: Result<Change, AppError>,
) -> Result<Vec<ServerEvent>, AppError> {
    let changed = async { change(app, device, conversation_id, message, named, wanted?).await };
    match (changed.await, named) {
        (Ok(_), _) if device.socket.is_some() => Ok(Vec::new()),
        (Ok(message), named) => {
            let acked = named.map(|id| change::acknowledgement(id, &message));
            Ok([ServerEvent::MessageChanged { message }].into_iter().chain(acked).collect())
        }
        (Err(error), Some(id)) => refused(user, id, error),
        (Err(error), None) => Err(error),
    }
}

/// What its device is told of an operation that failed: by its name, if it will never be done.
fn refused(user: &User, id: MessageId, error: AppError) -> Result<Vec<ServerEvent>, AppError> {
    if !is_final(&error) {
        return Err(error);
    }
    audit_refusal(&error, Some(Whom::User(user.id)));
    Ok(vec![ServerEvent::MessageRefused { id, error }])
}

/// Whether another try with the same message would be refused again. What is not final is not
/// answered as refused: the device keeps the message and tries again.
fn is_final(error: &AppError) -> bool {
    !matches!(
        error.code,
        ErrorCode::Unavailable | ErrorCode::Internal | ErrorCode::TooMany | ErrorCode::Changed
    )
}

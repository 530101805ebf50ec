//! Sending: stored first, told afterwards, in the order of versions.

use crate::{
    chat::server::{Action, in_lane, mentions::meant, prefs},
    kit::AppState,
    live::Audience,
    metrics::METRICS,
};
use model::{
    error::{AppError, ErrorCode},
    event::{ServerEvent, Target},
    file::{AltText, Attachment, Enclosure, MAX_ATTACHMENTS, too_many_attachments},
    id::{ConversationId, MessageId, UserId},
    message::{Conversation, MOST_READERS, Message, MessageBody, PageRequest},
    prefs::PrefsChange,
};
use std::sync::Arc;
use store::{FileState, NewMessage, now};

/// Where something comes from: a user, and the socket that it came over, if it was one.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// Who.
    pub user: UserId,
    /// Gets the acknowledgement instead of the news.
    pub socket: Option<u64>,
}

/// What somebody wants to send.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Made by the device.
    pub id: MessageId,
    /// Where to.
    pub target: Target,
    /// As typed.
    pub body: String,
    /// The sender's files that go with it.
    pub attachments: Vec<Enclosure>,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
}

/// Stores a message, acknowledges it to the socket that it came over and tells every other
/// device of every member. Once begun it is finished, also if the caller goes away.
///
/// Errors: `invalid_message`, `not_found`, `id_taken`, `unavailable`.
pub async fn send(app: &AppState, from: Caller, submission: Submission) -> Result<Arc<Message>, AppError> {
    let body = match submission.attachments.is_empty() {
        true => MessageBody::parse(&submission.body)?,
        false => MessageBody::beside_files(&submission.body)?,
    };
    in_lane(app, from.user, Action::Write, submission.target, async move |app, conversation| {
        let attachments = attached(&app, from.user, &conversation, &submission).await?;
        let mentions = meant(&app, from.user, &conversation, body.as_str()).await?;
        let new = NewMessage {
            id: submission.id,
            conversation: conversation.id,
            sender: from.user,
            body,
            attachments,
            reply_to: submission.reply_to,
            mentions,
            created_at: now(),
        };
        store_and_tell(&app, from, &conversation, new).await
    })
    .await
    .map_err(no_longer)
}

/// What the message says of its files. Whether they may go with it, the store decides in the same write.
/// Errors: `invalid_message` (too many, or a description is too long), `not_found`, `unavailable`.
async fn attached(
    app: &AppState,
    sender: UserId,
    conversation: &Conversation,
    submission: &Submission,
) -> Result<Vec<Attachment>, AppError> {
    let enclosures = &submission.attachments;
    if enclosures.len() > MAX_ATTACHMENTS {
        return Err(too_many_attachments());
    }
    // One that was stored before is answered as it is, whatever became of its files.
    if enclosures.is_empty() || app.store.message(conversation.id, submission.id).await?.is_some() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = enclosures.iter().map(|enclosure| enclosure.file).collect();
    let files = app.store.files(&ids).await?;
    let attachment = |enclosure: &Enclosure| {
        let alt = enclosure.alt.as_deref().map_or(Ok(None), AltText::parse)?;
        let file = files.iter().find(|file| file.id == enclosure.file);
        let file = file.filter(|file| file.owner == sender && file.state == FileState::Ready);
        let gone = "One of the files is not here, or in a message already. Attach it again.";
        let file = file.ok_or_else(|| AppError::new(ErrorCode::NotFound, gone).on("attachments"))?;
        Ok(file.attachment(alt))
    };
    enclosures.iter().map(attachment).collect()
}

async fn store_and_tell(
    app: &AppState,
    from: Caller,
    conversation: &Conversation,
    new: NewMessage,
) -> Result<Arc<Message>, AppError> {
    let (live, id) = (&app.live, new.id);
    let appended = app.store.append_message(new).await.map_err(|error| {
        let error = AppError::from(error);
        live.doubtful().note(id, &error);
        error
    })?;
    let is_news = live.doubtful().settle(id) || appended.is_new;
    let message = appended.message;
    if let Some(socket) = from.socket {
        live.tell(Audience::Device(from.user, socket), &acknowledgement(&message)).await;
    }
    METRICS.messages.inc_by(appended.is_new.into());
    if is_news {
        let audience = match from.socket {
            Some(socket) => Audience::But(&conversation.members, (from.user, socket)),
            None => Audience::Users(&conversation.members),
        };
        live.tell(audience, &ServerEvent::NewMessage { message: message.clone() }).await;
    }
    Ok(message)
}

/// What the device that has sent a message is told once it is stored.
pub fn acknowledgement(message: &Message) -> ServerEvent {
    ServerEvent::MessageAcked {
        id: message.id,
        conversation_id: message.conversation_id,
        seq: message.seq,
        version: message.version,
        created_at: message.created_at,
        attachments: message.content.attachments().to_vec(),
        mentions: message.mentions.clone(),
    }
}

/// Moves a member's read cursor and tells every member where it stands now, or in a large group the author
/// of what was read last. What was marked as unread is so no longer, also where the cursor stood there already.
/// Errors: `not_found`, `unavailable`.
pub async fn mark_read(
    app: &AppState,
    user: UserId,
    conversation: ConversationId,
    seq: u64,
) -> Result<(), AppError> {
    let target = Target::Conversation(conversation);
    in_lane(app, user, Action::Read, target, async move |app, known| see(&app, user, &known, seq).await).await
}

/// The same, in the conversation's lane.
pub(super) async fn see(
    app: &AppState,
    user: UserId,
    known: &Conversation,
    seq: u64,
) -> Result<(), AppError> {
    let conversation = known.id;
    let moved = app.store.advance_read_cursor(user, conversation, seq).await?;
    let Some(summary) = app.store.summary(conversation, user).await? else { return Ok(()) };
    if summary.prefs.unread {
        let seen = PrefsChange { unread: Some(false), ..PrefsChange::default() };
        prefs::set(app, user, conversation, seen).await?;
    }
    let Some(seq) = moved else { return Ok(()) };
    let moved =
        |unread| ServerEvent::ReadCursorMoved { conversation_id: conversation, user_id: user, seq, unread };
    app.live.tell(Audience::User(user), &moved(Some(summary.unread))).await;
    let others = if known.closed {
        // Neither sees the other come or go.
        Vec::new()
    } else if known.members.len() <= MOST_READERS {
        known.members.clone()
    } else {
        // Of what was read last, whoever wrote it.
        let newest = PageRequest { before: Some(seq + 1), limit: Some(1), ..PageRequest::default() };
        let newest = app.store.page(conversation, newest).await?.messages;
        newest.iter().map(|message| message.sender).filter(|author| known.members.contains(author)).collect()
    };
    let others: Vec<_> = others.into_iter().filter(|member| *member != user).collect();
    app.live.tell(Audience::Users(&others), &moved(None)).await;
    Ok(())
}

fn no_longer(error: AppError) -> AppError {
    match error.code {
        ErrorCode::NotFound if error.field.is_none() => AppError::new(
            ErrorCode::NotFound,
            "You cannot write here: you are not, or no longer, in this conversation.",
        ),
        _ => error,
    }
}

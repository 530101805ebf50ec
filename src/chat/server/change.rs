//! Changing what was sent: authorized, decided by the rules, stored, and only then told.

use crate::{
    chat::server::{Action, in_lane, joined, mentions::meant, pins, send::Caller, visible_from},
    kit::{AppState, note_erased},
    live::Audience,
};
use model::{
    change::{Change, Emoji},
    error::{AppError, ErrorCode},
    event::{ServerEvent, Target},
    id::{ConversationId, MessageId, UserId},
    message::{Conversation, Message},
    time::Timestamp,
};
use std::{collections::BTreeMap, sync::Arc};
use store::now;

/// How often a change is tried again when somebody else was faster each time.
const TRIES: usize = 16;

/// Edits, deletes, reacts or pins, and tells every device of every member, the one that asked included;
/// of what is so already only that one. That device hears of it by the name that it gave, afterwards, if it
/// `named` the change. Once begun it is finished, also if the caller goes away.
///
/// Errors: `not_found`, `not_allowed`, `invalid_reaction`, `changed`, `unavailable`.
pub async fn change(
    app: &AppState,
    from: Caller,
    conversation: ConversationId,
    message: MessageId,
    named: Option<MessageId>,
    change: Change,
) -> Result<Arc<Message>, AppError> {
    let target = Target::Conversation(conversation);
    let action = match change {
        Change::Pin { .. } => Action::Pin,
        Change::Delete => Action::Erase,
        Change::Edit(_) | Change::React { .. } => Action::Write,
    };
    in_lane(app, from.user, action, target, async move |app, conversation| {
        // Before anything is stored: afterwards nothing may keep it from being told.
        let joined = joined(&app, &conversation).await?;
        let visible = visible_from(joined.as_ref(), from.user);
        let at = match change {
            Change::Pin { on: true } => pins::room(&app, conversation.id, message).await?,
            _ => now(),
        };
        let stored = store(&app, from, &conversation, visible, message, &change, at).await;
        let (message, is_new) = stored.inspect_err(|error| app.live.doubtful().note(message, error))?;
        let is_new = app.live.doubtful().settle(message.id) || is_new;
        match (is_new, from.socket) {
            (true, _) => {
                tell(&app, &conversation, joined.as_ref(), &message).await;
                if matches!(change, Change::Delete) {
                    note_erased(&app);
                }
                if matches!(change, Change::Pin { .. } | Change::Delete) {
                    pins::tell(&app, &conversation, joined.as_ref(), message.version).await;
                }
            }
            (false, Some(socket)) => {
                let changed = ServerEvent::MessageChanged { message: message.clone() };
                app.live.tell(Audience::Device(from.user, socket), &changed).await;
            }
            (false, None) => {}
        }
        if let Some((id, socket)) = named.zip(from.socket) {
            app.live.tell(Audience::Device(from.user, socket), &acknowledgement(id, &message)).await;
        }
        Ok(message)
    })
    .await
}

/// Tells all members, those who do not see the message nothing but that there was a change.
async fn tell(
    app: &AppState,
    conversation: &Conversation,
    joined: Option<&BTreeMap<UserId, u64>>,
    message: &Arc<Message>,
) {
    let sees = |member: &UserId| message.seq >= visible_from(joined, *member);
    let (seeing, others): (Vec<_>, Vec<_>) = conversation.members.iter().copied().partition(sees);
    let changed = ServerEvent::MessageChanged { message: message.clone() };
    app.live.tell(Audience::Users(&seeing), &changed).await;
    if !others.is_empty() {
        let hidden = ServerEvent::MessageChanged { message: Arc::new(message.hidden()) };
        app.live.tell(Audience::Users(&others), &hidden).await;
    }
}

/// What the device that has asked for a change is told of it, by the name that it gave, once it is stored.
pub fn acknowledgement(id: MessageId, message: &Message) -> ServerEvent {
    ServerEvent::ChangeAcked { id, conversation_id: message.conversation_id, version: message.version }
}

/// The message as it is now, and whether this call made it so. What stands before the seq `visible` does not exist for
/// whoever asks.
async fn store(
    app: &AppState,
    from: Caller,
    conversation: &Conversation,
    visible: u64,
    message: MessageId,
    change: &Change,
    at: Timestamp,
) -> Result<(Arc<Message>, bool), AppError> {
    for _ in 0..TRIES {
        let stored = app.store.message(conversation.id, message).await?;
        let stored = stored.filter(|stored| stored.seq >= visible).ok_or_else(AppError::not_found)?;
        match stored.after(from.user, change, at)? {
            None => return Ok((stored, false)),
            Some(mut next) => {
                if let Change::Edit(words) = change {
                    next.mentions = meant(app, from.user, conversation, words.as_str()).await?;
                }
                if let Some(changed) = app.store.commit_message(next).await? {
                    return Ok((changed, true));
                }
            }
        }
    }
    Err(AppError::new(ErrorCode::Changed, "Somebody else was faster. Please try again."))
}

/// One of Unicode's emojis, as it is written in full; to take back what is there already, any text does.
///
/// Errors: `invalid_reaction`.
pub fn emoji_of(text: &str, on: bool) -> Result<Emoji, AppError> {
    match emojis::get(text) {
        Some(known) => Emoji::parse(known.as_str()),
        None if on => Err(Emoji::invalid()),
        None => Emoji::parse(text),
    }
}

//! Reading: pages of history, and what a device needs to begin or to catch up.

use crate::{
    chat::server::{Action, authorize, joined, visible_from},
    device::first::Opened,
    kit::AppState,
    live::roster::{contacts_of, pending_of, to_name},
};
use model::{
    error::{AppError, ErrorCode},
    event::Target,
    id::{ConversationId, UserId},
    message::{Message, Page, PageRequest, Snapshot, Summary},
    user::User,
};
use std::{collections::BTreeMap, sync::Arc};

/// What one catch-up may bring of one conversation, in messages, and of all, in bytes on the wire;
/// beyond it a device loads anew. The answer is one frame, which must come through a slow line in
/// the time that a device waits for it.
const MAX_MISSED_IN_ONE: usize = 200;
const MAX_MISSED: usize = 128 * 1024;

/// About how many bytes a page of history has on the wire at most, unless it is one message.
const MAX_PAGE_BYTES: usize = 256 * 1024;

/// A page of a conversation's history; of long messages fewer than were asked for. Errors: `not_found`.
pub async fn read(
    app: &AppState,
    viewer: UserId,
    target: Target,
    request: PageRequest,
) -> Result<(ConversationId, Page), AppError> {
    let conversation = authorize(app, viewer, Action::Read, target).await?;
    let id = conversation.id;
    let from = visible_from(joined(app, &conversation).await?.as_ref(), viewer);
    let mut page = app.store.page(id, request).await?;
    let is_backwards = request.before.is_some() || request.after.is_none();
    let all = page.messages.len();
    page.messages.retain(|message| message.seq >= from);
    if is_backwards && page.messages.len() < all {
        page.has_more = false;
    }
    cut(&mut page, is_backwards);
    Ok((id, page))
}

/// Leaves out what is too much, from the end that lies further away.
fn cut(page: &mut Page, is_backwards: bool) {
    let mut left = MAX_PAGE_BYTES;
    let mut fits = |message: &Arc<Message>| {
        let weight = weight(message);
        let fits = weight <= left;
        left = left.saturating_sub(weight);
        fits
    };
    let count = match is_backwards {
        true => page.messages.iter().rev().take_while(|message| fits(message)).count(),
        false => page.messages.iter().take_while(|message| fits(message)).count(),
    };
    if count == page.messages.len() {
        return;
    }
    page.has_more = true;
    match is_backwards {
        true => drop(page.messages.drain(..page.messages.len() - count)),
        false => page.messages.truncate(count),
    }
}

/// Every conversation of the viewer, as a list shows it.
pub async fn summaries(app: &AppState, viewer: UserId) -> Result<Vec<Summary>, AppError> {
    Ok(app.store.summaries(viewer).await?)
}

/// The newest part of a conversation, or the part before a seq; `None` if the viewer may not see
/// it.
pub async fn open(
    app: &AppState,
    viewer: UserId,
    conversation: ConversationId,
    before: Option<u64>,
) -> Result<Option<Opened>, AppError> {
    let request = PageRequest { before, ..PageRequest::default() };
    match read(app, viewer, Target::Conversation(conversation), request).await {
        Ok((conversation, page)) => Ok(Some(Opened { conversation, before, page })),
        Err(error) if error.code == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The snapshot, and what was missed since `cursors`.
pub async fn snapshot(
    app: &AppState,
    me: User,
    cursors: &BTreeMap<ConversationId, u64>,
) -> Result<Snapshot, AppError> {
    let contacts = contacts_of(&app.live, me.id).await?;
    let requests = pending_of(&app.live, me.id).await?;
    // Heads first: what is stored between them and the changes is in the changes.
    let conversations = app.store.summaries(me.id).await?;
    let (missed, stale) = missed(app, me.id, &conversations, cursors).await?;
    let named = contacts.iter().map(|contact| contact.id);
    let users = to_name(&app.live, me.id, named, &conversations, &missed).await?;
    Ok(Snapshot { me, contacts, requests, users, conversations, missed, stale })
}

async fn missed(
    app: &AppState,
    viewer: UserId,
    conversations: &[Summary],
    cursors: &BTreeMap<ConversationId, u64>,
) -> Result<(Vec<Arc<Message>>, Vec<ConversationId>), AppError> {
    let (mut missed, mut stale, mut size) = (Vec::new(), Vec::new(), 0);
    for summary in conversations {
        let id = summary.conversation.id;
        let Some(cursor) = cursors.get(&id).copied() else { continue };
        if cursor == summary.head {
            continue;
        }
        // A cursor beyond the head belongs to another history: the store was restored.
        if cursor > summary.head || size > MAX_MISSED {
            stale.push(id);
            continue;
        }
        let mut changes = app.store.changes(id, cursor, MAX_MISSED_IN_ONE).await?;
        let from = visible_from(joined(app, &summary.conversation).await?.as_ref(), viewer);
        for message in changes.messages.iter_mut().filter(|message| message.seq < from) {
            *message = Arc::new(message.hidden());
        }
        size += changes.messages.iter().map(|message| weight(message)).sum::<usize>();
        if changes.complete && size <= MAX_MISSED {
            missed.extend(changes.messages);
        } else {
            stale.push(id);
        }
    }
    Ok((missed, stale))
}

/// About how many bytes a message takes on the wire.
fn weight(message: &Message) -> usize {
    /// Names, ids and times.
    const ENVELOPE: usize = 350;
    /// An id in quotes.
    const USER: usize = 39;
    let reactions =
        message.reactions.iter().map(|reaction| reaction.emoji.len() + reaction.users.len() * USER);
    ENVELOPE + message.content.flat().body.len() + reactions.sum::<usize>()
}

//! Reading: pages of history, and what a device needs to begin or to catch up.

use crate::{
    chat::server::{Action, authorize, invitations::waiting, joined, pins::pins, visible_from},
    device::first::Opened,
    kit::AppState,
    live::roster::{blocked_by, contacts_of, pending_of, to_name},
};
use model::{
    error::{AppError, ErrorCode},
    event::{MAX_FOUND, Target},
    id::{ConversationId, MessageId, UserId},
    message::{Anchor, Message, Page, PageRequest, Snapshot, Summary},
    time::Timestamp,
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

/// A page of a conversation's history, and where it lies; of long messages fewer than were asked for.
/// Errors: `not_found`.
pub async fn read(
    app: &AppState,
    viewer: UserId,
    target: Target,
    mut request: PageRequest,
) -> Result<(ConversationId, Anchor, Page), AppError> {
    let (id, from) = readable(app, viewer, target).await?;
    if let PageRequest { before: None, after: None, around: None, at_time: Some(moment), .. } = request {
        let first = app.store.first_since(id, moment).await?.unwrap_or(u64::MAX);
        // Where what is not theirs stands would tell when it was written.
        request.around = Some(first.max(from));
    }
    let mut page = page(app, id, from, request).await?;
    // As it is after it was read: whoever was taken out of a group meanwhile sees nothing that came later.
    let (_, from) = readable(app, viewer, Target::Conversation(id)).await?;
    page.messages.retain(|message| message.seq >= from);
    Ok((id, request.into(), page))
}

/// The page, of what stands at `from` or later.
async fn page(
    app: &AppState,
    id: ConversationId,
    from: u64,
    mut request: PageRequest,
) -> Result<Page, AppError> {
    if let PageRequest { before: None, after: None, around: Some(seq), .. } = request {
        return around(app, id, from, seq, request.size()).await;
    }
    // What is read on from begins where the viewer's history does; one read back to ends there.
    request.after = request.after.map(|after| after.max(from.saturating_sub(1)));
    let mut page = app.store.page(id, request).await?;
    let is_backwards = request.before.is_some() || request.after.is_none();
    page.messages.retain(|message| message.seq >= from);
    if is_backwards && page.messages.first().is_none_or(|oldest| oldest.seq <= from) {
        page.has_more = false;
    }
    cut(&mut page, is_backwards, MAX_PAGE_BYTES);
    Ok(page)
}

/// The seq of the first message of a moment or later, or of the last one. `None`: there is none. Errors: `not_found`.
pub async fn first_since(
    app: &AppState,
    viewer: UserId,
    conversation: ConversationId,
    moment: Timestamp,
) -> Result<Option<u64>, AppError> {
    let request = PageRequest { at_time: Some(moment), limit: Some(1), ..PageRequest::default() };
    let (_, _, page) = read(app, viewer, Target::Conversation(conversation), request).await?;
    Ok(page.first_since(moment))
}

/// The conversation, and the seq from which on its history is the viewer's.
pub(super) async fn readable(
    app: &AppState,
    viewer: UserId,
    target: Target,
) -> Result<(ConversationId, u64), AppError> {
    let conversation = authorize(app, viewer, Action::Read, target).await?;
    let from = visible_from(joined(app, &conversation).await?.as_ref(), viewer);
    Ok((conversation.id, from))
}

/// About as many messages before a seq as from it on, those alone that stand at `from` or later.
async fn around(
    app: &AppState,
    conversation: ConversationId,
    from: u64,
    seq: u64,
    size: usize,
) -> Result<Page, AppError> {
    let seq = seq.max(from).max(1);
    let before = PageRequest { before: Some(seq), limit: Some(size.div_ceil(2)), ..PageRequest::default() };
    let mut page = app.store.page(conversation, before).await?;
    page.messages.retain(|message| message.seq >= from);
    page.has_more &= page.messages.first().is_some_and(|oldest| oldest.seq > from);
    cut(&mut page, true, MAX_PAGE_BYTES / 2);
    let limit = size.saturating_sub(page.messages.len()).max(1);
    let after = PageRequest { after: Some(seq - 1), limit: Some(limit), ..PageRequest::default() };
    let mut later = app.store.page(conversation, after).await?;
    cut(&mut later, false, MAX_PAGE_BYTES / 2);
    page.messages.extend(later.messages);
    Ok(page)
}

/// Messages by their ids, in this order; one that is not there, or not for the viewer, is [`Message::nothing`].
/// Errors: `not_found` (the conversation), `malformed` (too many).
pub async fn find(
    app: &AppState,
    viewer: UserId,
    conversation: ConversationId,
    ids: &[MessageId],
) -> Result<Vec<Arc<Message>>, AppError> {
    let (conversation, from) = readable(app, viewer, Target::Conversation(conversation)).await?;
    if ids.len() > MAX_FOUND {
        return Err(AppError::malformed(format!("at most {MAX_FOUND} messages at once")));
    }
    let mut found = Vec::new();
    for id in ids {
        let message = app.store.message(conversation, *id).await?.filter(|message| message.seq >= from);
        found.push(message.unwrap_or_else(|| Arc::new(Message::nothing(*id, conversation))));
    }
    // As it is after they were read, see `read`.
    readable(app, viewer, Target::Conversation(conversation)).await?;
    Ok(found)
}

/// Leaves out what is more than so many bytes, from the end that lies further away.
fn cut(page: &mut Page, is_backwards: bool, mut left: usize) {
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

/// What a page asks for besides a part of the history.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// A message that something is asked of.
    pub message: Option<MessageId>,
    /// All that is pinned, not only what was pinned last.
    pub pins: bool,
}

/// The newest part of a conversation, or an older one, with what is answered there, pinned and `asked` for;
/// `None` if the viewer may not see it. Around a seq that stands in the newest part is the newest part.
pub async fn open(
    app: &AppState,
    viewer: UserId,
    conversation: ConversationId,
    place: Anchor,
    asked: Asked,
) -> Result<Option<Opened>, AppError> {
    match open_at(app, viewer, conversation, place, asked).await {
        Ok(opened) => Ok(Some(opened)),
        Err(error) if error.code == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

async fn open_at(
    app: &AppState,
    viewer: UserId,
    conversation: ConversationId,
    mut place: Anchor,
    asked: Asked,
) -> Result<Opened, AppError> {
    let target = Target::Conversation(conversation);
    let before = place.before.filter(|_| place.around.is_none());
    let (_, _, mut page) = read(app, viewer, target, Anchor::before(before).into()).await?;
    if let Some(seq) = place.around {
        let is_newest = !page.has_more || page.messages.first().is_none_or(|oldest| oldest.seq <= seq);
        match is_newest {
            true => place = Anchor::default(),
            false => page = read(app, viewer, target, Anchor::around(seq).into()).await?.2,
        }
    }
    let answered = page.messages.iter().filter_map(|message| message.reply_to);
    let mut others: Vec<_> = answered.chain(asked.message).collect();
    others.sort_unstable();
    others.dedup();
    others.retain(|id| page.messages.iter().all(|message| message.id != *id));
    others.truncate(MAX_FOUND);
    let mut others = find(app, viewer, conversation, &others).await?;
    let pins = pins(app, viewer, conversation).await?.into_iter().rev();
    for pinned in pins.take(if asked.pins { usize::MAX } else { 1 }) {
        if page.messages.iter().chain(&others).all(|message| message.id != pinned.id) {
            others.push(pinned);
        }
    }
    Ok(Opened { conversation, place, page, others })
}

/// The snapshot, and what was missed since `cursors`.
pub async fn snapshot(
    app: &AppState,
    me: User,
    cursors: &BTreeMap<ConversationId, u64>,
) -> Result<Snapshot, AppError> {
    let contacts = contacts_of(&app.live, me.id).await?;
    let requests = pending_of(&app.live, me.id).await?;
    let invitations = waiting(app, me.id).await?;
    let blocked = blocked_by(&app.live, me.id).await?;
    // Heads first: what is stored between them and the changes is in the changes.
    let conversations = app.store.summaries(me.id).await?;
    let (missed, stale) = missed(app, me.id, &conversations, cursors).await?;
    let named = contacts.iter().map(|contact| contact.id);
    let users = to_name(&app.live, me.id, named, &conversations, &missed).await?;
    Ok(Snapshot { me, contacts, requests, invitations, blocked, users, conversations, missed, stale })
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
        // As it is after they were read: whoever was taken out meanwhile is told nothing that came later.
        let from = match readable(app, viewer, Target::Conversation(id)).await {
            Ok((_, from)) => from,
            Err(error) if error.code == ErrorCode::NotFound => continue,
            Err(error) => return Err(error),
        };
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

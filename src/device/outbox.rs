//! The outbox in the browser's database: written before a message is first sent, and emptied when
//! it is acknowledged, so that it outlives the page, the browser and the server.
//!
//! All tabs of a browser share it. One of them sends, the one that holds the lock; when it is
//! gone, the next one does; and when it cannot, any other does. Each shows what any of them holds,
//! and only its own person's.

use crate::{
    browser::{clock, database, page, tabs},
    device::Device,
};
use futures::future::{Either, select};
use leptos::{prelude::*, task::spawn_local};
use model::{
    change::{Change, Emoji},
    error::AppError,
    file::Attachment,
    id::{ConversationId, FileId, MessageId, UserId},
    message::MessageBody,
    outgoing::UNDO_MS,
    state::Touched,
    thread::{Operation, Outgoing},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{HashMap, HashSet},
    pin::pin,
};

/// A database that has not answered for so long is not waited for: the message is sent all the same.
const PATIENCE_MS: u32 = 2000;
/// The tab that sends has this long, once another one is connected, too.
const SENDERS_TURN_MS: u32 = 5000;
/// How often it is read again because something was written meanwhile; the next news reads it anyway.
const TRIES: usize = 5;

/// What the database holds of the outbox, as far as this tab knows.
#[derive(Default)]
pub struct Kept {
    /// By message, why it was refused, and how many of its files are not at the server.
    messages: HashMap<MessageId, (Option<AppError>, usize)>,
    /// Of these, what is being written for the first time and so must not be sent yet.
    unwritten: HashSet<MessageId>,
    /// What the database did not take, or not in time: this tab alone has it.
    unkept: HashSet<MessageId>,
    /// What belongs to a conversation that this tab has not heard of, and after how many resumes.
    strays: HashMap<MessageId, u32>,
    /// How often this tab has learnt what the server knows.
    resumes: u32,
    /// Since when it knows that without a break; `None` while it does not.
    current_since: Option<Timestamp>,
    /// Counts what was written or deleted: what was read meanwhile may be older.
    writes: u32,
    /// Whether this is the tab that sends.
    sends: bool,
}

impl Kept {
    /// Whether this tab may send the message now. Sent by two tabs it would still be one message.
    pub fn may_send(&self, message: &Outgoing) -> bool {
        let now = clock::now().0;
        let is_long_ago = |at: Timestamp| now - at.0 >= i64::from(SENDERS_TURN_MS);
        let had_their_turn =
            || self.current_since.is_some_and(is_long_ago) && is_long_ago(message.written_at);
        let may = self.sends || self.unkept.contains(&message.id) || had_their_turn();
        let may_be_undone = message.deletes() && now - message.written_at.0 < i64::from(UNDO_MS);
        may && !may_be_undone && !self.unwritten.contains(&message.id)
    }

    /// Whether the message's conversation is gone: unknown when the message was found, and still so
    /// after this tab has asked the server again. It may be newer than what this tab knows.
    fn is_gone(&mut self, id: MessageId) -> bool {
        let found_at = *self.strays.entry(id).or_insert(self.resumes);
        self.current_since.is_some() && self.resumes > found_at + 1
    }
}

/// An outgoing operation as the database holds it, as JSON under its id. A page of an older release reads
/// new messages alone: the others have no `body`.
#[derive(Serialize, Deserialize)]
struct Entry {
    user: UserId,
    conversation: ConversationId,
    id: MessageId,
    written_at: Timestamp,
    failed: Option<AppError>,
    /// Of a new message its text, and what it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reply_to: Option<MessageId>,
    /// And its files; those that are not at the server.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    awaited: Vec<FileId>,
    /// Of a change the message that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<MessageId>,
    /// With neither of the next two the message is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    words: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reaction: Option<(String, bool)>,
    /// Of a change that pins a message, or no longer, which; to a page of an older release it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pin: Option<(MessageId, bool)>,
}

impl Entry {
    fn new(user: UserId, conversation: ConversationId, outgoing: &Outgoing) -> Self {
        let Outgoing { id, written_at, failed, operation } = outgoing.clone();
        let (body, reply_to, message) = (None, None, None);
        let (words, reaction, pin) = (None, None, None);
        let (attachments, awaited) = (Vec::new(), Vec::new());
        let entry = Self {
            user,
            conversation,
            id,
            written_at,
            failed,
            body,
            reply_to,
            attachments,
            awaited,
            message,
            words,
            reaction,
            pin,
        };
        match operation {
            Operation::Send { body, reply_to, attachments, awaited } => {
                Self { body: Some(body), reply_to, attachments, awaited, ..entry }
            }
            Operation::Change { message, change } => {
                let of = Some(message);
                match change {
                    Change::Edit(words) => Self { message: of, words: Some(words.into()), ..entry },
                    Change::Delete => Self { message: of, ..entry },
                    Change::React { emoji, on } => {
                        Self { message: of, reaction: Some((emoji.as_str().to_owned(), on)), ..entry }
                    }
                    Change::Pin { on } => Self { pin: Some((message, on)), ..entry },
                }
            }
        }
    }

    /// `None`: it is none that this release could have written.
    fn outgoing(self) -> Option<Outgoing> {
        let Self { id, written_at, failed, body, reply_to, attachments, awaited, .. } = self;
        let Self { message, words, reaction, pin, .. } = self;
        let operation = match (body, message) {
            (Some(body), _) => Operation::Send { body, reply_to, attachments, awaited },
            (None, Some(message)) => {
                let change = match (words, reaction) {
                    (Some(words), _) => Change::Edit(MessageBody::parse(&words).ok()?),
                    (None, Some((emoji, on))) => Change::React { emoji: Emoji::parse(&emoji).ok()?, on },
                    (None, None) => Change::Delete,
                };
                Operation::Change { message, change }
            }
            (None, None) => {
                let (message, on) = pin?;
                Operation::Change { message, change: Change::Pin { on } }
            }
        };
        Some(Outgoing { failed, ..Outgoing::new(id, operation, written_at) })
    }
}

/// Shows what the database holds, follows the other tabs, and sends as soon as no other tab does.
pub fn open(device: Device) {
    let me = device.state.with_untracked(|state| state.me.id);
    tabs::on_news(move || spawn_local(restore(device)));
    spawn_local(async move {
        restore(device).await;
        tabs::lock(&format!("outbox:{me}")).await;
        device.outbox.try_update_value(|kept| kept.sends = true);
        // What another tab wrote down as its last deed.
        restore(device).await;
        device.nudge();
    });
}

/// Whether the state follows the server from now on, or stands still.
pub fn follow(device: Device, is_current: bool) {
    device.outbox.try_update_value(|kept| {
        kept.resumes += u32::from(is_current);
        kept.current_since = is_current.then(|| kept.current_since.unwrap_or_else(clock::now));
    });
    if is_current {
        spawn_local(restore(device));
        nudge_in_turn(device);
    }
}

/// Makes the database hold what the state's outboxes hold. To be called after whatever may have
/// changed them.
pub fn keep(device: Device) {
    take_back(device);
    let changed = device.outbox.try_update_value(|kept| {
        device.state.with_untracked(|state| {
            let mut held = HashSet::new();
            let mut changed = Vec::new();
            for (conversation, message) in state.outgoing() {
                held.insert(message.id);
                let now = progress(message);
                if kept.messages.get(&message.id) == Some(&now) {
                    continue;
                }
                if kept.messages.insert(message.id, now).is_none() {
                    kept.unwritten.insert(message.id);
                }
                changed.push((message.id, Some(entry(state.me.id, conversation, message))));
            }
            kept.messages.retain(|id, _| {
                let stays = held.contains(id);
                if !stays {
                    changed.push((*id, None));
                }
                stays
            });
            kept.writes += changed.len() as u32;
            changed
        })
    });
    for (id, json) in changed.unwrap_or_default() {
        spawn_local(write(device, id, json));
    }
}

/// Undoes the changes of messages that were refused, and has it said why. Words that were to take the place of
/// others are there again when the message is next edited.
fn take_back(device: Device) {
    let refused = device.state.with_untracked(|state| {
        let is_refused =
            |(_, waiting): &(_, &Outgoing)| waiting.failed.is_some() && waiting.new_text().is_none();
        state.outgoing().find(is_refused).map(|(_, waiting)| waiting.clone())
    });
    if let Some(Outgoing { id, operation, failed, .. }) = refused {
        if let Operation::Change { message, change: Change::Edit(words) } = operation {
            device.keep_draft(ConversationId(message.0), words.as_str());
        }
        device.state.change(|state| ((), state.discard(id)));
        device.refused.try_set(failed);
        take_back(device);
    }
}

/// Writes an entry, or deletes it; then it may be sent, and the other tabs hear of it. What the
/// database does not take stays here, and is sent from here.
async fn write(device: Device, id: MessageId, json: Option<String>) {
    let is_message = json.is_some();
    let took = |is_kept: bool| {
        device.outbox.try_update_value(|kept| {
            kept.unwritten.remove(&id);
            match is_kept || !is_message {
                true => kept.unkept.remove(&id),
                false => kept.unkept.insert(id),
            }
        });
        device.nudge();
    };
    let mut written = pin!(database::set(id.to_string(), json));
    let is_kept = match select(written.as_mut(), pin!(page::sleep(PATIENCE_MS))).await {
        Either::Left((is_kept, _)) => is_kept,
        Either::Right(_) => {
            took(false);
            written.await
        }
    };
    took(is_kept.is_some());
    tabs::tell();
    if is_message {
        nudge_in_turn(device);
    }
}

/// Looks again when the tab that sends has had its turn.
fn nudge_in_turn(device: Device) {
    spawn_local(async move {
        // By then, too, a deletion cannot be taken back any more.
        page::sleep(SENDERS_TURN_MS.max(UNDO_MS) + 100).await;
        device.nudge();
    });
}

/// Takes over what the database holds: shows what another tab or an earlier page wrote, and drops
/// what another tab has deleted.
async fn restore(device: Device) {
    let written = |kept: &Kept| {
        let is_there = |id: &&MessageId| !kept.unwritten.contains(id) && !kept.unkept.contains(id);
        let ids = kept.messages.keys().filter(is_there);
        (kept.writes, ids.copied().collect::<Vec<_>>())
    };
    for _ in 0..TRIES {
        let Some((writes, known)) = device.outbox.try_with_value(written) else { return };
        let found = match select(pin!(database::all()), pin!(page::sleep(PATIENCE_MS))).await {
            Either::Left((Some(found), _)) => found,
            Either::Left((None, _)) | Either::Right(_) => return,
        };
        if device.outbox.try_with_value(|kept| kept.writes) == Some(writes) {
            return take_over(device, &found, known);
        }
    }
}

fn take_over(device: Device, found: &[String], known: Vec<MessageId>) {
    let entries = found.iter().filter_map(|json| model::json::from_str::<Entry>(json).ok());
    device.state.change(|state| {
        let mut entries: Vec<_> = entries.filter(|entry| entry.user == state.me.id).collect();
        // Ids made later sort later: the order of writing.
        entries.sort_unstable_by_key(|entry| entry.id);
        device.outbox.update_value(|kept| {
            for gone in known.into_iter().filter(|id| entries.iter().all(|entry| entry.id != *id)) {
                kept.messages.remove(&gone);
                state.discard(gone);
            }
            for entry in entries {
                let conversation = entry.conversation;
                let Some(outgoing) = entry.outgoing() else { continue };
                let (id, now) = (outgoing.id, progress(&outgoing));
                // What is gone is taken over, too: it is in no conversation, so that `keep` deletes it.
                if state.restore(conversation, outgoing) != Touched::Nothing || kept.is_gone(id) {
                    kept.strays.remove(&id);
                    kept.messages.insert(id, now);
                }
            }
        });
        ((), Touched::Everything)
    });
    // What was stored meanwhile, or whose conversation is gone, is not in the state any more.
    keep(device);
    device.nudge();
    nudge_in_turn(device);
}

/// What of a message may become otherwise while it waits.
fn progress(message: &Outgoing) -> (Option<AppError>, usize) {
    (message.failed.clone(), message.awaited().len())
}

fn entry(user: UserId, conversation: ConversationId, outgoing: &Outgoing) -> String {
    // Strings and numbers: there is nothing that could not be written.
    serde_json::to_string(&Entry::new(user, conversation, outgoing)).unwrap_or_default()
}

//! The outbox in the browser's database: written before a message is first sent, and emptied when
//! it is acknowledged, so that it outlives the page, the browser and the server.
//!
//! All tabs of a browser share it. One of them sends, the one that holds the lock; when it is
//! gone, the next one does. Each shows what any of them holds, and only its own person's.

use super::Live;
use crate::{
    browser::{database, page, tabs},
    chat::thread::Outgoing,
    error::AppError,
    id::{ConversationId, MessageId, UserId},
    time::Timestamp,
};
use futures::future::{Either, select};
use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};
use std::{
    collections::{HashMap, HashSet},
    pin::pin,
};

/// A database that has not answered for so long is not waited for: the message is sent all the same.
const PATIENCE_MS: u32 = 2000;
/// How often it is read again because something was written meanwhile; the next news reads it anyway.
const TRIES: usize = 5;

/// What the database holds of the outbox, as far as this tab knows.
#[derive(Default)]
pub struct Kept {
    /// By message, why it was refused.
    messages: HashMap<MessageId, Option<AppError>>,
    /// Of these, what is being written for the first time and so must not be sent yet.
    unwritten: HashSet<MessageId>,
    /// Counts what was written or deleted: what was read meanwhile may be older.
    writes: u32,
    /// Whether this is the tab that sends.
    sends: bool,
    /// Whether the state is the server's, and a conversation that it does not have is gone.
    is_current: bool,
}

impl Kept {
    /// Whether this tab may send the message now.
    pub fn may_send(&self, id: MessageId) -> bool {
        self.sends && !self.unwritten.contains(&id)
    }
}

/// A message as the database holds it, as JSON under its id.
#[derive(Serialize, Deserialize)]
struct Entry {
    user: UserId,
    conversation: ConversationId,
    id: MessageId,
    body: String,
    written_at: Timestamp,
    failed: Option<AppError>,
}

/// Shows what the database holds, follows the other tabs, and sends as soon as no other tab does.
pub fn open(live: Live) {
    let me = live.state.with_untracked(|state| state.me.id);
    tabs::on_news(move || spawn_local(restore(live)));
    spawn_local(async move {
        restore(live).await;
        tabs::lock(&format!("outbox:{me}")).await;
        live.outbox.try_update_value(|kept| kept.sends = true);
        // What another tab wrote down as its last deed.
        restore(live).await;
        live.nudge();
    });
}

/// Whether the state follows the server from now on, or stands still.
pub fn follow(live: Live, is_current: bool) {
    live.outbox.try_update_value(|kept| kept.is_current = is_current);
    if is_current {
        spawn_local(restore(live));
    }
}

/// Makes the database hold what the state's outboxes hold. To be called after whatever may have
/// changed them.
pub fn keep(live: Live) {
    let changed = live.outbox.try_update_value(|kept| {
        live.state.with_untracked(|state| {
            let mut held = HashSet::new();
            let mut changed = Vec::new();
            for (conversation, message) in state.outgoing() {
                held.insert(message.id);
                if kept.messages.get(&message.id) == Some(&message.failed) {
                    continue;
                }
                if kept.messages.insert(message.id, message.failed.clone()).is_none() {
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
        spawn_local(write(live, id, json));
    }
}

/// Writes an entry, or deletes it; then it may be sent, and the other tabs hear of it.
async fn write(live: Live, id: MessageId, json: Option<String>) {
    let written = pin!(database::set(id.to_string(), json));
    select(written, pin!(page::sleep(PATIENCE_MS))).await;
    live.outbox.try_update_value(|kept| kept.unwritten.remove(&id));
    tabs::tell();
    live.nudge();
}

/// Takes over what the database holds: shows what another tab or an earlier page wrote, and drops
/// what another tab has deleted.
async fn restore(live: Live) {
    let written = |kept: &Kept| {
        let ids = kept.messages.keys().filter(|id| !kept.unwritten.contains(id));
        (kept.writes, ids.copied().collect::<Vec<_>>())
    };
    for _ in 0..TRIES {
        let Some((writes, known)) = live.outbox.try_with_value(written) else { return };
        let found = match select(pin!(database::all()), pin!(page::sleep(PATIENCE_MS))).await {
            Either::Left((Some(found), _)) => found,
            Either::Left((None, _)) | Either::Right(_) => return,
        };
        if live.outbox.try_with_value(|kept| kept.writes) == Some(writes) {
            return take_over(live, &found, known);
        }
    }
}

fn take_over(live: Live, found: &[String], known: Vec<MessageId>) {
    let entries = found.iter().filter_map(|json| serde_json::from_str::<Entry>(json).ok());
    live.state.update(|state| {
        let mut entries: Vec<_> = entries.filter(|entry| entry.user == state.me.id).collect();
        // Ids made later sort later: the order of writing.
        entries.sort_unstable_by_key(|entry| entry.id);
        live.outbox.update_value(|kept| {
            for gone in known.into_iter().filter(|id| entries.iter().all(|entry| entry.id != *id)) {
                kept.messages.remove(&gone);
                state.discard(gone);
            }
            for Entry { conversation, id, body, written_at, failed, .. } in entries {
                let message = Outgoing { id, body, written_at, failed: failed.clone() };
                if state.restore(conversation, message) || kept.is_current {
                    kept.messages.insert(id, failed);
                }
            }
        });
    });
    // What was stored meanwhile, or whose conversation is gone, is not in the state any more.
    keep(live);
    live.nudge();
}

fn entry(user: UserId, conversation: ConversationId, message: &Outgoing) -> String {
    let Outgoing { id, body, written_at, failed } = message.clone();
    // Strings and numbers: there is nothing that could not be written.
    serde_json::to_string(&Entry { user, conversation, id, body, written_at, failed }).unwrap_or_default()
}

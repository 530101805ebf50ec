//! What there is to say over a socket, and what was said and has not been answered.

use super::Live;
use crate::{
    chat::{
        event::{ClientEvent, Target},
        model::PageRequest,
        state::Thread,
    },
    id::{ConversationId, MessageId},
};
use leptos::prelude::*;
use std::collections::HashMap;

/// What was said over a socket and has not been answered.
#[derive(Default)]
pub(super) struct Asked {
    messages: HashMap<ConversationId, MessageId>,
    /// Pages of history.
    pub(super) pages: HashMap<ConversationId, Option<u64>>,
    seen: HashMap<ConversationId, u64>,
}

impl Asked {
    /// What is to be said now: of each conversation the next message, if none is on its way, the
    /// page that is missing, how far the person has seen, and where they write.
    pub(super) fn due(&mut self, live: Live) -> Vec<ClientEvent> {
        let waiting: Vec<_> = live.state.with_untracked(|state| {
            live.outbox.with_value(|kept| {
                let next = |(id, thread): (&ConversationId, &Thread)| {
                    let message = thread.next_to_send().filter(|message| kept.may_send(message.id))?;
                    Some((*id, message.id, message.body.clone()))
                };
                state.threads.iter().filter_map(next).collect()
            })
        });
        // What was refused or stored is on its way no longer, and may be sent again.
        self.messages.retain(|talk, id| waiting.iter().any(|(waits, next, _)| (waits, next) == (talk, &*id)));
        let mut due = Vec::new();
        for (conversation, id, body) in waiting {
            if self.messages.insert(conversation, id) != Some(id) {
                let target = Target::Conversation(conversation);
                due.push(ClientEvent::SendPrivateMessage { id, target, body, reply_to: None });
            }
        }
        for (conversation, before) in live.pages.try_get_value().unwrap_or_default() {
            if self.pages.insert(conversation, before) != Some(before) {
                let page = PageRequest { before, ..PageRequest::default() };
                due.push(ClientEvent::LoadConversation { target: Target::Conversation(conversation), page });
            }
        }
        live.seen.try_update_value(|seen| {
            live.state.with_untracked(|state| {
                let read =
                    |id: &ConversationId| state.threads.get(id).map(|thread| thread.read_by(state.me.id));
                seen.retain(|id, seq| read(id).is_some_and(|read| read < *seq));
            });
            for (&conversation_id, &mut seq) in seen {
                if self.seen.insert(conversation_id, seq) != Some(seq) {
                    due.push(ClientEvent::MarkRead { conversation_id, seq });
                }
            }
        });
        let (writes, _) = live.writes.try_get_value().unwrap_or_default();
        if let Some(conversation_id) = writes {
            live.writes.try_update_value(|(writes, _)| *writes = None);
            due.push(ClientEvent::Typing { conversation_id });
        }
        due
    }
}

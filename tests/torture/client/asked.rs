//! What was said over a socket and has not been answered, as in `src/chat/live.rs`.

use sotto::{
    chat::{
        event::{ClientEvent, Target},
        model::PageRequest,
        state::{ChatState, Thread},
    },
    id::{ConversationId, MessageId},
};
use std::collections::HashMap;

/// What the person wants to be told or to tell, besides messages.
#[derive(Default)]
pub struct Wishes {
    /// Pages of history that have not come, by the seq before which they end.
    pub pages: HashMap<ConversationId, Option<u64>>,
    /// How far the person has seen, where the server may not know it yet.
    pub seen: HashMap<ConversationId, u64>,
}

#[derive(Default)]
pub struct Asked {
    messages: HashMap<ConversationId, MessageId>,
    pub pages: HashMap<ConversationId, Option<u64>>,
    seen: HashMap<ConversationId, u64>,
}

impl Asked {
    /// What is to be said now: of each conversation the next message, if none is on its way, the
    /// page that is missing, and how far the person has seen.
    pub fn due(&mut self, state: &ChatState, wishes: &mut Wishes) -> Vec<ClientEvent> {
        let next = |(id, thread): (&ConversationId, &Thread)| {
            thread.next_to_send().map(|message| (*id, message.id, message.body.clone()))
        };
        let waiting: Vec<_> = state.threads.iter().filter_map(next).collect();
        self.messages.retain(|talk, id| waiting.iter().any(|(waits, next, _)| (waits, next) == (talk, &*id)));
        let mut due = Vec::new();
        for (conversation, id, body) in waiting {
            if self.messages.insert(conversation, id) != Some(id) {
                let target = Target::Conversation(conversation);
                due.push(ClientEvent::SendPrivateMessage { id, target, body, reply_to: None });
            }
        }
        for (&conversation, &before) in &wishes.pages {
            if self.pages.insert(conversation, before) != Some(before) {
                let page = PageRequest { before, ..PageRequest::default() };
                due.push(ClientEvent::LoadConversation { target: Target::Conversation(conversation), page });
            }
        }
        let read = |id: &ConversationId| state.threads.get(id).map(|thread| thread.read_by(state.me.id));
        wishes.seen.retain(|id, seq| read(id).is_some_and(|read| read < *seq));
        for (&conversation_id, &seq) in &wishes.seen {
            if self.seen.insert(conversation_id, seq) != Some(seq) {
                due.push(ClientEvent::MarkRead { conversation_id, seq });
            }
        }
        due
    }
}

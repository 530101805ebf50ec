//! What a device has to say over its socket, and what it said and was not answered.
//!
//! Pure, as the reducer is: the page lives on it, and so do the devices of the tests.

use crate::{
    change::Change,
    event::{ClientEvent, MAX_FOUND, ServerEvent, Target},
    file::{Attachment, Enclosure},
    id::{ConversationId, MessageId},
    message::Anchor,
    state::ChatState,
    thread::{Operation, Outgoing, Thread},
};
use std::collections::HashMap;

/// What the person wants to know and to tell, besides messages; it outlives every connection.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// Pages of history that have not come.
    pub pages: HashMap<ConversationId, Anchor>,
    /// Messages that others quote and that are not held.
    pub quoted: Vec<(ConversationId, MessageId)>,
    /// How far the person has seen, where the server may not know it yet.
    pub seen: HashMap<ConversationId, u64>,
    /// Where the person writes, if the others should hear of it now.
    pub writes: Option<ConversationId>,
}

/// What was said over one socket and has not been answered.
#[derive(Debug, Default)]
pub struct InFlight {
    outgoing: HashMap<ConversationId, MessageId>,
    pages: HashMap<ConversationId, Anchor>,
    quoted: Vec<(ConversationId, MessageId)>,
    seen: HashMap<ConversationId, u64>,
}

impl InFlight {
    /// What is to be said now: of each conversation what waits next, if nothing is on its way and it
    /// `may_be_sent` from here, the page that is missing, what is quoted, how far the person has seen, and where
    /// they write.
    pub fn due(
        &mut self,
        state: &ChatState,
        wishes: &mut Wishes,
        may_be_sent: impl Fn(&Outgoing) -> bool,
    ) -> Vec<ClientEvent> {
        let next = |(id, thread): (&ConversationId, &Thread)| {
            let waiting = thread.next_to_send(&may_be_sent)?;
            Some((*id, waiting.clone()))
        };
        let waiting: Vec<_> = state.threads.iter().filter_map(next).collect();
        // What was refused or stored is on its way no longer, and may be sent again.
        self.outgoing.retain(|talk, id| waiting.iter().any(|(waits, next)| (waits, next.id) == (talk, *id)));
        let mut due = Vec::new();
        for (conversation, outgoing) in waiting {
            if self.outgoing.insert(conversation, outgoing.id) != Some(outgoing.id) {
                due.push(said(conversation, outgoing));
            }
        }
        for (&conversation, &place) in &wishes.pages {
            if self.pages.insert(conversation, place) != Some(place) {
                let (target, page) = (Target::Conversation(conversation), place.into());
                due.push(ClientEvent::LoadConversation { target, page });
            }
        }
        if let Some((conversation_id, _)) = wishes.quoted.iter().find(|wish| !self.quoted.contains(wish)) {
            let mut ids = Vec::new();
            for wish in wishes.quoted.iter().filter(|(of, _)| of == conversation_id) {
                if ids.len() < MAX_FOUND && !self.quoted.contains(wish) {
                    ids.push(wish.1);
                    self.quoted.push(*wish);
                }
            }
            due.push(ClientEvent::FindMessages { conversation_id: *conversation_id, ids });
        }
        // Also of what was read, where it is marked as unread.
        let is_news = |thread: &Thread, seq| thread.read_by(state.me.id) < seq || thread.prefs.unread;
        wishes.seen.retain(|id, seq| state.threads.get(id).is_some_and(|thread| is_news(thread, *seq)));
        self.seen.retain(|id, _| wishes.seen.contains_key(id));
        for (&conversation_id, &seq) in &wishes.seen {
            if self.seen.insert(conversation_id, seq) != Some(seq) {
                due.push(ClientEvent::MarkRead { conversation_id, seq });
            }
        }
        due.extend(wishes.writes.take().map(|conversation_id| ClientEvent::Typing { conversation_id }));
        due
    }

    /// Notes what the server has answered.
    pub fn answered(&mut self, event: &ServerEvent, wishes: &mut Wishes) {
        match event {
            ServerEvent::ConversationLoaded { conversation_id, place, .. } => {
                self.pages.remove(conversation_id);
                if wishes.pages.get(conversation_id) == Some(place) {
                    wishes.pages.remove(conversation_id);
                }
            }
            ServerEvent::MessagesFound { messages, .. } => {
                let is_found = |(_, id): &(_, MessageId)| messages.iter().any(|message| message.id == *id);
                self.quoted.retain(|wish| !is_found(wish));
                wishes.quoted.retain(|wish| !is_found(wish));
            }
            _ => {}
        }
    }
}

/// The frame that asks the server to store it.
fn said(conversation_id: ConversationId, Outgoing { id, operation, .. }: Outgoing) -> ClientEvent {
    let (message, change) = match operation {
        Operation::Send { body, reply_to, attachments, .. } => {
            let target = Target::Conversation(conversation_id);
            let enclosed = |Attachment { file, alt, .. }| Enclosure { file, alt: alt.map(String::from) };
            let attachments = attachments.into_iter().map(enclosed).collect();
            return ClientEvent::SendPrivateMessage { id, target, body, attachments, reply_to };
        }
        Operation::Change { message, change } => (message, change),
    };
    let named = Some(id);
    match change {
        Change::Edit(body) => {
            ClientEvent::EditMessage { conversation_id, id: message, body: body.into(), change: named }
        }
        Change::Delete => ClientEvent::DeleteMessage { conversation_id, id: message, change: named },
        Change::React { emoji, on } => {
            let emoji = emoji.as_str().to_owned();
            ClientEvent::React { conversation_id, id: message, emoji, on, change: named }
        }
        Change::Pin { on } => ClientEvent::PinMessage { conversation_id, id: message, on, change: named },
    }
}

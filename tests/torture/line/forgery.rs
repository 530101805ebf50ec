//! A server that breaks its promises, as its devices see one: what it should have done is done to
//! its frames on the way. The judge must find it out, or it would find nothing.

use super::{frames, relay::Fate};
use crate::random::Random;
use model::{
    event::{ClientEvent, ServerEvent, Target},
    id::{ConversationId, MessageId},
    mention::Mentions,
    time::Timestamp,
};
use std::collections::HashMap;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Forgery {
    /// Everything arrives as it was sent.
    #[default]
    None,
    /// One message is acknowledged and never stored: a server that acknowledged before it
    /// committed, and died in between.
    AcknowledgeUnstored,
    /// Some messages are sent once more under another id: a server that stores whatever arrives,
    /// known or not.
    StoreTwice,
}

pub struct Forger {
    forgery: Forgery,
    /// The newest version that the server spoke of.
    versions: HashMap<ConversationId, u64>,
    sent: u64,
}

/// So many messages pass before the one that is acknowledged and not stored.
const HONEST: u64 = 20;

impl Forger {
    pub fn new(forgery: Forgery) -> Self {
        Self { forgery, versions: HashMap::new(), sent: 0 }
    }

    /// What becomes of a frame; `None` if the weather may decide that.
    pub fn touch(&mut self, frame: &[u8], is_clients: bool, random: &mut Random) -> Option<Fate> {
        if self.forgery == Forgery::None {
            return None;
        }
        let text = frames::text(frame)?;
        if !is_clients {
            self.follow(ServerEvent::from_json(&text).ok()?);
            return None;
        }
        let ClientEvent::SendPrivateMessage { id, target, body, reply_to } =
            serde_json::from_str(&text).ok()?
        else {
            return None;
        };
        let Target::Conversation(conversation) = target else { return None };
        self.sent += 1;
        match self.forgery {
            Forgery::None => None,
            Forgery::AcknowledgeUnstored => {
                let version = self.versions.get(&conversation).filter(|_| self.sent > HONEST)? + 1;
                self.forgery = Forgery::None;
                let acked = ServerEvent::MessageAcked {
                    id,
                    conversation_id: conversation,
                    seq: version,
                    version,
                    created_at: Timestamp(0),
                    mentions: Mentions::default(),
                };
                Some(Fate::Answer(frames::of_text(&acked.to_json().ok()?, false)))
            }
            Forgery::StoreTwice => {
                let again = ClientEvent::SendPrivateMessage { id: MessageId::new(), target, body, reply_to };
                let again = serde_json::to_string(&again).ok().filter(|_| random.chance(0.2))?;
                Some(Fate::Add(frames::of_text(&again, true)))
            }
        }
    }

    fn follow(&mut self, event: ServerEvent) {
        let (conversation, version) = match event {
            ServerEvent::MessageAcked { conversation_id, version, .. } => (conversation_id, version),
            ServerEvent::NewMessage { message } => (message.conversation_id, message.version),
            _ => return,
        };
        let newest = self.versions.entry(conversation).or_default();
        *newest = version.max(*newest);
    }
}

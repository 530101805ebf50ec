//! A server that breaks its promises, as its devices see one: what it should have done is done to
//! its frames on the way. The judge must find it out, or it would find nothing.

use super::{frames, relay::Fate};
use crate::random::Random;
use model::{
    content::Content,
    event::{ClientEvent, ServerEvent, Target},
    id::{ConversationId, MessageId},
    mention::Mentions,
    message::Message,
    time::Timestamp,
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

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
    /// One edit is told as done before it is stored, and its connection breaks.
    TellUnstored,
    /// Edits are acknowledged and never stored.
    AcknowledgeUnchanged,
    /// What is said in a group is told to who has left it, too.
    TellWhoHasLeft,
    /// Who joins a group is told something from before.
    TellHidden,
}

impl Forgery {
    /// How often it is done before the judge must find it: somebody who has left may be let in again just then, and
    /// what was edited may be edited once more.
    pub fn enough(self) -> u64 {
        match self {
            Self::None => 0,
            Self::AcknowledgeUnstored | Self::TellUnstored => 1,
            Self::StoreTwice | Self::AcknowledgeUnchanged | Self::TellWhoHasLeft | Self::TellHidden => 4,
        }
    }
}

pub struct Forger {
    forgery: Forgery,
    /// The newest version that the server spoke of.
    versions: HashMap<ConversationId, u64>,
    /// Messages that it has told to anybody.
    messages: HashMap<(ConversationId, MessageId), Arc<Message>>,
    /// The newest of each conversation.
    newest: HashMap<ConversationId, Arc<Message>>,
    sent: u64,
}

/// What was told over one connection.
#[derive(Default)]
pub struct Told {
    /// Groups that whoever is at its end has left, and the newest version that was known then.
    left: HashMap<ConversationId, u64>,
    begun: HashSet<ConversationId>,
}

/// So many messages, or edits, pass before the one that is acknowledged and not stored.
const HONEST: u64 = 20;
const HONEST_EDITS: u64 = 3;
/// By so many versions a group has gone on once somebody has certainly left it.
const CERTAINLY: u64 = 3;

impl Forger {
    pub fn new(forgery: Forgery) -> Self {
        let (versions, messages, newest) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { forgery, versions, messages, newest, sent: 0 }
    }

    /// What becomes of a frame; `None` if the weather may decide that.
    pub fn touch(
        &mut self,
        frame: &[u8],
        is_clients: bool,
        told: &mut Told,
        random: &mut Random,
    ) -> Option<Fate> {
        if self.forgery == Forgery::None {
            return None;
        }
        let text = frames::text(frame)?;
        if !is_clients {
            let event = ServerEvent::from_json(&text).ok()?;
            self.follow(&event);
            return self.leak(&event, told);
        }
        match serde_json::from_str(&text).ok()? {
            ClientEvent::SendPrivateMessage {
                id,
                target: Target::Conversation(conversation),
                body,
                reply_to,
                ..
            } => {
                self.sent += 1;
                self.send(conversation, id, body, reply_to, random)
            }
            ClientEvent::EditMessage { conversation_id, id, body, change: Some(change) } => {
                self.edit(conversation_id, id, body, change)
            }
            _ => None,
        }
    }

    /// What becomes of a new message.
    fn send(
        &mut self,
        conversation: ConversationId,
        id: MessageId,
        body: String,
        reply_to: Option<MessageId>,
        random: &mut Random,
    ) -> Option<Fate> {
        match self.forgery {
            Forgery::AcknowledgeUnstored => {
                let version = self.versions.get(&conversation).filter(|_| self.sent > HONEST)? + 1;
                self.forgery = Forgery::None;
                answer(&ServerEvent::MessageAcked {
                    id,
                    conversation_id: conversation,
                    seq: version,
                    version,
                    created_at: Timestamp(0),
                    attachments: Vec::new(),
                    mentions: Mentions::default(),
                })
            }
            Forgery::StoreTwice => {
                let (id, target) = (MessageId::new(), Target::Conversation(conversation));
                let again =
                    ClientEvent::SendPrivateMessage { id, target, body, attachments: Vec::new(), reply_to };
                let again = serde_json::to_string(&again).ok().filter(|_| random.chance(0.2))?;
                Some(Fate::Add(frames::of_text(&again, true)))
            }
            _ => None,
        }
    }

    /// What becomes of an edit of a message.
    fn edit(
        &mut self,
        conversation: ConversationId,
        id: MessageId,
        body: String,
        change: MessageId,
    ) -> Option<Fate> {
        let is_forged = matches!(self.forgery, Forgery::TellUnstored | Forgery::AcknowledgeUnchanged);
        let (version, message) =
            (*self.versions.get(&conversation)?, self.messages.get(&(conversation, id))?);
        self.sent += u64::from(is_forged);
        if !is_forged || self.sent <= HONEST_EDITS || message.content.is_deleted() {
            return None;
        }
        match self.forgery {
            Forgery::TellUnstored => {
                self.forgery = Forgery::None;
                let content = Content::Text { body, attachments: vec![], edited_at: Some(Timestamp(0)) };
                let message = Message { content, version: version + 1, ..Message::clone(message) };
                answer(&ServerEvent::MessageChanged { message: Arc::new(message) })
            }
            // All of them, or the next one would hide it.
            _ => answer(&ServerEvent::ChangeAcked { id: change, conversation_id: conversation, version }),
        }
    }

    /// What is told besides, or in place, of what the server says.
    fn leak(&mut self, event: &ServerEvent, told: &mut Told) -> Option<Fate> {
        match event {
            ServerEvent::ConversationRemoved { conversation_id } => {
                let newest = self.versions.get(conversation_id).copied().unwrap_or_default();
                told.left.insert(*conversation_id, newest);
                return None;
            }
            ServerEvent::ConversationChanged { conversation, .. } => {
                let id = conversation.conversation.id;
                told.left.remove(&id);
                let is_first = told.begun.insert(id);
                let joined = conversation.last_message.as_ref()?.seq;
                let from_before = |message: &&Arc<Message>| {
                    message.conversation_id == id && message.seq < joined && message.content.words().is_some()
                };
                let earlier = self.messages.values().find(from_before).filter(|_| is_first)?;
                return match self.forgery {
                    Forgery::TellHidden => add(&ServerEvent::MessageChanged { message: earlier.clone() }),
                    _ => None,
                };
            }
            _ if self.forgery != Forgery::TellWhoHasLeft => return None,
            _ => {}
        }
        let goes_on = |(id, left): (&ConversationId, &u64)| {
            self.newest.get(id).filter(|message| message.version > left + CERTAINLY).cloned()
        };
        let message = told.left.iter().find_map(goes_on)?;
        told.left.remove(&message.conversation_id);
        add(&ServerEvent::NewMessage { message })
    }

    fn follow(&mut self, event: &ServerEvent) {
        let (conversation, version) = match event {
            ServerEvent::MessageAcked { conversation_id, version, .. }
            | ServerEvent::ChangeAcked { conversation_id, version, .. } => (*conversation_id, *version),
            ServerEvent::NewMessage { message } | ServerEvent::MessageChanged { message } => {
                let name = (message.conversation_id, message.id);
                if message.content != Content::Hidden {
                    self.messages.insert(name, message.clone());
                    let newest = self.newest.entry(name.0).or_insert_with(|| message.clone());
                    if newest.version < message.version {
                        *newest = message.clone();
                    }
                }
                (name.0, message.version)
            }
            _ => return,
        };
        let newest = self.versions.entry(conversation).or_default();
        *newest = version.max(*newest);
    }
}

fn answer(event: &ServerEvent) -> Option<Fate> {
    Some(Fate::Answer(frames::of_text(&event.to_json().ok()?, false)))
}

fn add(event: &ServerEvent) -> Option<Fate> {
    Some(Fate::Add(frames::of_text(&event.to_json().ok()?, false)))
}

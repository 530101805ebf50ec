//! What the page begins with: loaded by the server before it renders, and handed to the browser
//! with the HTML, so that both begin with the same state.

use crate::browser::clock;
use model::{
    error::AppError,
    friendship::Contact,
    id::{ConversationId, MessageId},
    json::Objects,
    message::{Anchor, Message, Page, Snapshot},
};
use serde::{Deserialize, Deserializer, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// Everything that the first paint of the chat shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FirstPaint {
    /// The small things.
    pub snapshot: Snapshot,
    /// The part of a conversation that the address names; `None` if it names none, or none that
    /// the viewer may see.
    pub opened: Option<Opened>,
    /// What the address asks the search for, and the answer: for pages without scripting.
    pub search: Option<Searched>,
    /// What the panel that the address asks for draws, besides what the page knows: as [`Searched::answer`].
    pub details: Option<String>,
    /// With what the device keeps to itself what its person wrote: the same wherever they are signed in.
    pub key: [Uuid; 2],
    /// The zone that times are rendered in: what the visitor's cookie says, else `UTC`.
    pub zone: String,
    /// The id of the next message sent by a page without scripting: the same form posted twice
    /// is one message.
    pub next_id: MessageId,
}

impl FirstPaint {
    /// What the window is called at first.
    pub fn title(&self) -> String {
        let unread = self.snapshot.conversations.iter().map(|summary| summary.calls(clock::now())).sum();
        let open = self.opened.as_ref().map(|opened| opened.conversation);
        let contact = self.snapshot.contacts.iter().find(|contact| Some(contact.conversation_id) == open);
        let mut groups = self.snapshot.conversations.iter().map(|summary| &summary.conversation);
        let group = groups.find(|group| Some(group.id) == open).and_then(|group| group.name.as_deref());
        title(unread, contact.map(Contact::name).or(group))
    }
}

/// What the window is called: how much is unread, and with whom one talks.
pub fn title(unread: u64, with: Option<&str>) -> String {
    let name = with.map_or_else(|| "Sotto".to_owned(), |name| format!("{name} · Sotto"));
    if unread > 0 { format!("({unread}) {name}") } else { name }
}

/// Part of the conversation that the address names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Where the page lies; around a seq, whatever is said beside it.
    pub place: Anchor,
    /// The messages.
    pub page: Page,
    /// Messages that are not among them, but are answered there, or that the address asks something of.
    pub others: Vec<Arc<Message>>,
}

/// A search that the address asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Searched {
    /// What was typed.
    pub text: String,
    /// The answer, as the part of the page that shows it reads it: every visit would load what can read it here.
    pub answer: String,
}

/// The first paint of this request, or why it could not be loaded.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Loaded(pub Result<FirstPaint, AppError>);

impl<'de> Deserialize<'de> for Loaded {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        Result::deserialize(Objects(json)).map(Self)
    }
}

//! Being told of messages while looking elsewhere: a notification of the system, if it was asked
//! for, and only while no tab of ours is visible, which the service worker knows.

use crate::{
    browser::{notification, storage, worker},
    device::Live,
};
use model::{event::ServerEvent, id::ConversationId, message::Message, state::ChatState, thread::Thread};
use std::collections::BTreeMap;

/// Where the choice of this device is kept.
const CHOICE: &str = "notifications";
/// The longest part of a message that is shown, in characters.
const SHOWN: usize = 120;

/// Whether this device tells of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notices {
    /// It cannot.
    Unsupported,
    /// The browser was told to let us not.
    Blocked,
    /// It was not asked for.
    Off,
    /// It does.
    On,
}

impl Notices {
    /// What holds now.
    pub fn now() -> Self {
        match notification::permission().as_str() {
            "granted" if storage::get(CHOICE).is_some() => Self::On,
            "granted" | "default" => Self::Off,
            "denied" => Self::Blocked,
            _ => Self::Unsupported,
        }
    }

    /// Asks the person, through the browser, and keeps their choice; returns what holds then.
    pub async fn turn_on() -> Self {
        notification::ask().await;
        storage::set(CHOICE, Some("on"));
        Self::now()
    }

    /// Stays silent from now on.
    pub fn turn_off() -> Self {
        storage::set(CHOICE, None);
        Self::now()
    }
}

/// What to tell of one conversation.
pub struct Notice {
    conversation: ConversationId,
    from: String,
    words: String,
}

/// What an event brings that somebody who looks elsewhere should hear of; before it is applied.
pub fn news(live: Live, event: &ServerEvent) -> Vec<Notice> {
    let messages = match event {
        ServerEvent::NewMessage { message } => std::slice::from_ref(message),
        ServerEvent::Resumed(snapshot) => &snapshot.missed,
        _ => return Vec::new(),
    };
    let is_unread = |thread: &Thread, message: &Message, state: &ChatState| {
        message.sender != state.me.id
            && message.content.words().is_some()
            && message.version > thread.cursor
            && message.seq > thread.read_by(state.me.id)
    };
    live.state.with_untracked(|state| {
        let unread = messages.iter().filter_map(|message| {
            let thread = state.threads.get(&message.conversation_id)?;
            let from = state.contact_in(message.conversation_id)?.username.to_string();
            let words = message.content.words().unwrap_or_default().chars().take(SHOWN).collect();
            let conversation = message.conversation_id;
            is_unread(thread, message, state).then_some((conversation, Notice { conversation, from, words }))
        });
        // Of each conversation the newest.
        unread.collect::<BTreeMap<_, _>>().into_values().collect()
    })
}

/// Hands the news to the service worker, which shows them if nobody looks.
pub fn call(news: Vec<Notice>) {
    if news.is_empty() || Notices::now() != Notices::On {
        return;
    }
    for Notice { conversation, from, words } in news {
        worker::tell(&["notify", &from, &words, &format!("/c/{conversation}")]);
    }
}

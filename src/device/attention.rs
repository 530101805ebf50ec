//! Being told of messages while looking elsewhere: a notification of the system, if it was asked
//! for, and only while no tab of ours is visible, which the service worker knows.

use crate::{
    browser::{clock, notification, storage, worker},
    device::Device,
    ui::words::in_brief,
};
use model::{
    event::ServerEvent,
    id::ConversationId,
    message::{ConversationKind, Message},
    state::ChatState,
    text::{beginning, without_directions},
    thread::Thread,
};

/// Where the choice of this device is kept.
const CHOICE: &str = "notifications";
/// The longest part of a message that is shown, in characters.
const SHOWN: usize = 120;

/// Whether this device tells of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notifications {
    /// It cannot.
    Unsupported,
    /// The browser was told to let us not.
    Blocked,
    /// It was not asked for.
    Off,
    /// It does.
    On,
}

impl Notifications {
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
pub struct Notification {
    conversation: ConversationId,
    from: String,
    words: String,
}

/// What an event brings that somebody who looks elsewhere should hear of; before it is applied.
pub fn news(device: Device, event: &ServerEvent) -> Vec<Notification> {
    let messages = match event {
        ServerEvent::NewMessage { message } => std::slice::from_ref(message),
        ServerEvent::Resumed(snapshot) => &snapshot.missed,
        _ => return Vec::new(),
    };
    let is_unread = |thread: &Thread, message: &Message, state: &ChatState| {
        // Who is meant hears of it all the same, unless they do not want to.
        let breaks_through = thread.prefs.mentions && message.means(state.me.id);
        (breaks_through || !thread.prefs.is_muted(clock::now()))
            && message.sender != state.me.id
            && message.content.words().is_some()
            && message.version > thread.cursor
            && message.seq > thread.read_by(state.me.id)
    };
    device.state.with_untracked(|state| {
        let unread = messages.iter().filter_map(|message| {
            let thread = state.threads.get(&message.conversation_id)?;
            let from = without_directions(&state.title(&thread.conversation)?);
            let content = &message.content;
            let said = in_brief(content.words().unwrap_or_default(), content.attachments());
            let said = beginning(&said, SHOWN);
            let words = match thread.conversation.kind {
                ConversationKind::Direct => said.to_owned(),
                // Who of the group.
                ConversationKind::Group => format!("{}: {said}", state.name_of(message.sender)?),
            };
            let (conversation, words) = (message.conversation_id, without_directions(&words));
            is_unread(thread, message, state).then_some(Notification { conversation, from, words })
        });
        // Of each conversation the newest.
        let mut notifications: Vec<Notification> = Vec::new();
        for notification in unread {
            notifications.retain(|known| known.conversation != notification.conversation);
            notifications.push(notification);
        }
        notifications
    })
}

/// What an event says was seen elsewhere, or is gone: after it was applied. Its notification goes, too.
pub enum Settled {
    /// One conversation.
    One(ConversationId),
    /// Whatever is not unread.
    AllBut(Vec<ConversationId>),
}

impl Settled {
    /// What an event settles; before it is applied.
    pub fn by(device: Device, event: &ServerEvent) -> Option<Self> {
        match event {
            ServerEvent::ReadCursorMoved { conversation_id, user_id, unread: Some(0), .. } => {
                let is_me = device.state.with_untracked(|state| state.me.id == *user_id);
                is_me.then_some(Self::One(*conversation_id))
            }
            ServerEvent::ConversationRemoved { conversation_id } => Some(Self::One(*conversation_id)),
            ServerEvent::Resumed(snapshot) => {
                let unread = snapshot.conversations.iter().filter(|summary| summary.unread > 0);
                Some(Self::AllBut(unread.map(|summary| summary.conversation.id).collect()))
            }
            _ => None,
        }
    }

    /// Has the service worker take the notifications back.
    pub fn tell(self) {
        let (word, of) = match self {
            Self::One(id) => ("settle", vec![id]),
            Self::AllBut(ids) => ("settle-others", ids),
        };
        let paths: Vec<_> = of.into_iter().map(|id| format!("/c/{id}")).collect();
        let words: Vec<_> = std::iter::once(word).chain(paths.iter().map(String::as_str)).collect();
        worker::tell(&words);
    }
}

/// Hands the news to the service worker, which shows them if nobody looks.
pub fn call(news: Vec<Notification>) {
    if news.is_empty() || Notifications::now() != Notifications::On {
        return;
    }
    for Notification { conversation, from, words } in news {
        worker::tell(&["notify", &from, &words, &format!("/c/{conversation}")]);
    }
}

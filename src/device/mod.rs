//! The device: keeps the socket open, feeds the reducer, empties the outbox.
//!
//! `connection` is the socket, `outbox` what the browser's database keeps of messages on their way,
//! `attention` what is said to somebody who looks elsewhere. The first paint needs none of them, so they are
//! a part of the page that comes right behind it ([`LINE`]).

mod attention;
mod connection;
pub mod first;
mod known;
mod outbox;

use crate::{
    browser::{clock, page, seal, storage, worker},
    ui::lazy::{self, lazy},
};
use futures::channel::mpsc::{Receiver, Sender, channel};
use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    connection::Connection,
    due::Wishes,
    error::AppError,
    event::{ClientEvent, TYPING_EVERY_MS, TYPING_MS},
    file::Attachment,
    friendship::Contact,
    id::{ConversationId, FileId, MessageId, UserId},
    message::{Anchor, Message, MessageBody},
    state::ChatState,
    thread::{Operation, Outgoing},
};
use std::collections::HashMap;
use uuid::Uuid;

pub use attention::Notifications;
pub use known::Known;

/// The page's line to the server and to the browser's database.
#[derive(Clone, Copy)]
struct Line {
    /// Takes it up, until the page is left; whenever the receiver hears something there may be more to say.
    take_up: fn(Device, Receiver<()>),
    /// Makes the database hold what the outboxes hold.
    keep: fn(Device),
}

lazy! {
    /// Not wanted for the first paint, but right after it, on every visit.
    static LINE: Line = line(Line {
        take_up: |device, nudges| {
            // What was done before the line was there.
            outbox::keep(device);
            outbox::open(device);
            spawn_local(connection::stay_connected(device, nudges));
        },
        keep: outbox::keep,
    })
}

/// How long it is waited before the line is loaded anew that did not come.
const LINE_AGAIN_MS: u32 = 2000;

/// The chat of one signed-in page. A cheap handle, found in the context of every view.
#[derive(Clone, Copy)]
pub struct Device {
    /// What the device knows.
    pub state: Known,
    /// Whether the connection has been lost for longer than a moment.
    pub is_lost: RwSignal<bool>,
    /// Whether no socket gets through, so that everything takes some seconds.
    pub is_polling: RwSignal<bool>,
    /// The zone to show times in.
    pub zone: RwSignal<clock::Zone>,
    /// Who writes at this moment, by conversation, whoever began first first; and when each was last heard to.
    typing: RwSignal<HashMap<ConversationId, Vec<(UserId, i64)>>>,
    /// Whether the page lives: from then on it shows what the server cannot know.
    pub is_started: RwSignal<bool>,
    /// Names of those with whom the viewer has parted just now.
    pub parted: RwSignal<Option<String>>,
    /// Why the last change of a message that was refused was; it is undone.
    pub refused: RwSignal<Option<AppError>>,
    /// What drafts are sealed with.
    key: StoredValue<[Uuid; 2]>,
    /// What the person wants to know and to tell.
    wishes: StoredValue<Wishes>,
    /// When the others last heard that the person writes.
    wrote_at: StoredValue<i64>,
    /// Whether the socket may be dead without having said so.
    doubts: StoredValue<bool>,
    /// What the browser's database keeps of the outbox.
    outbox: StoredValue<outbox::Kept>,
    /// Tells the socket that something waits for it. What, stands in the wishes and in the state, so
    /// that nothing is lost with a connection.
    nudge: StoredValue<Option<Sender<()>>>,
}

impl Device {
    /// The chat from its first state on; offline until [`Self::start`].
    pub fn new(state: ChatState, key: [Uuid; 2], zone: clock::Zone) -> Self {
        Self {
            state: Known::new(state),
            is_lost: RwSignal::new(false),
            is_polling: RwSignal::new(false),
            zone: RwSignal::new(zone),
            typing: RwSignal::default(),
            is_started: RwSignal::new(false),
            parted: RwSignal::default(),
            refused: RwSignal::default(),
            key: StoredValue::new(key),
            wishes: StoredValue::default(),
            wrote_at: StoredValue::default(),
            doubts: StoredValue::default(),
            outbox: StoredValue::default(),
            nudge: StoredValue::new(None),
        }
    }

    /// Connects, and stays connected until the page is left. For the browser only.
    pub fn start(self) {
        // One that waits says all that several would.
        let (nudge, nudges) = channel(0);
        self.nudge.set_value(Some(nudge));
        self.zone.set(clock::Zone::local());
        self.is_started.set(true);
        self.watch_the_line();
        spawn_local(async move {
            while lazy::load(LINE.loader(), Box::new(String::new)).await.is_err() {
                self.is_lost.try_set(true);
                page::sleep(LINE_AGAIN_MS).await;
            }
            if let Some(line) = LINE.get() {
                (line.take_up)(self, nudges);
            }
        });
    }

    /// Whether what is written here is kept from now on. Until then a form had better be posted.
    pub fn keeps(self) -> bool {
        LINE.get().is_some()
    }

    /// Keeps what waits to be sent over a reload. To be called after whatever may have changed it.
    fn keep(self) {
        if let Some(line) = LINE.get() {
            (line.keep)(self);
        }
    }

    /// Looks at once whether the socket still lives when the person comes back to the page, or the
    /// machine to its network: after sleep nothing else would tell for a minute.
    fn watch_the_line(self) {
        let doubt = move || {
            self.doubts.try_set_value(true);
            self.nudge();
        };
        let offline = window_event_listener(ev::offline, move |_| {
            self.is_lost.try_set(true);
        });
        let online = window_event_listener(ev::online, move |_| doubt());
        let focus = window_event_listener(ev::focus, move |_| doubt());
        let shown = window_event_listener(ev::pageshow, move |_| doubt());
        let visible = window_event_listener(ev::visibilitychange, move |_| {
            if page::is_visible() {
                doubt();
            }
        });
        on_cleanup(move || {
            for listener in [offline, online, focus, shown, visible] {
                listener.remove();
            }
        });
    }

    /// Shows a message at once and sends it as soon as the connection allows, and its `files` are at the server:
    /// none of them is yet.
    /// Errors: `invalid_message`; nothing was taken then.
    pub fn compose(
        self,
        conversation: ConversationId,
        text: &str,
        reply_to: Option<MessageId>,
        files: Vec<Attachment>,
    ) -> Result<(), AppError> {
        let body = if files.is_empty() { MessageBody::parse(text) } else { MessageBody::beside_files(text) };
        let awaited = files.iter().map(|attachment| attachment.file).collect();
        let operation = Operation::Send { body: body?.into(), reply_to, attachments: files, awaited };
        self.perform(conversation, operation);
        self.wishes.update_value(|wishes| wishes.writes = None);
        Ok(())
    }

    /// A file that messages wait for is at the server, which calls it `stored`.
    pub fn file_came(self, file: FileId, stored: FileId) {
        self.state.change(|state| ((), state.file_came(file, stored)));
        self.keep();
        self.nudge();
    }

    /// A message cannot be sent as it is: one of its files was refused.
    pub fn refuse(self, id: MessageId, error: AppError) {
        self.state.change(|state| ((), state.refuse(id, error)));
        self.keep();
    }

    /// Shows what was done at once, keeps it, and sends it as soon as the connection allows; a deletion once it
    /// cannot be taken back any more. Returns its name.
    pub fn perform(self, conversation: ConversationId, operation: Operation) -> MessageId {
        let id = MessageId::new();
        let outgoing = Outgoing::new(id, operation, clock::now());
        self.state.change(|state| ((), state.compose(conversation, outgoing)));
        self.keep();
        id
    }

    /// Asks for quoted messages that are not held; until they have come, asking again changes nothing.
    pub fn find(self, conversation: ConversationId, messages: Vec<MessageId>) {
        let is_new = self.wishes.try_update_value(|wishes| {
            let before = wishes.quoted.len();
            for message in messages {
                if !wishes.quoted.contains(&(conversation, message)) {
                    wishes.quoted.push((conversation, message));
                }
            }
            wishes.quoted.len() > before
        });
        if is_new == Some(true) {
            self.nudge();
        }
    }

    /// Sends a refused message again.
    pub fn retry(self, id: MessageId) {
        self.state.change(|state| ((), state.retry(id)));
        self.keep();
    }

    /// Forgets a message that was not sent.
    pub fn discard(self, id: MessageId) {
        self.state.change(|state| ((), state.discard(id)));
        self.keep();
    }

    /// Asks for a page of a conversation's history; until it has come, asking again changes nothing.
    pub fn load(self, conversation: ConversationId, place: Anchor) {
        let known = self.wishes.try_update_value(|wishes| wishes.pages.insert(conversation, place)).flatten();
        if known != Some(place) {
            self.nudge();
        }
    }

    /// Moves the read cursor to what was seen.
    pub fn mark_read(self, conversation: ConversationId, seq: u64) {
        let known = self.wishes.try_update_value(|wishes| wishes.seen.insert(conversation, seq)).flatten();
        if known != Some(seq) {
            self.nudge();
        }
    }

    /// What was typed and not sent, on this device.
    pub fn draft(self, conversation: ConversationId) -> Option<String> {
        self.open_draft(storage::get(&self.draft_key(conversation))?)
    }

    /// A draft as it is kept, read.
    pub fn open_draft(self, kept: String) -> Option<String> {
        seal::open(self.key.get_value(), kept)
    }

    /// Keeps what was typed and not sent, over a reload and a log-in, too; sealed, because whoever logs in
    /// next may look into the browser's storage.
    pub fn keep_draft(self, conversation: ConversationId, text: &str) {
        let text = Some(text).filter(|text| !text.trim().is_empty());
        let sealed = text.map(|text| seal::seal(self.key.get_value(), text));
        storage::set(&self.draft_key(conversation), sealed.as_deref());
    }

    /// Where a draft is kept: by the person and the conversation, as another person here must not see it.
    pub fn draft_key(self, conversation: ConversationId) -> String {
        self.state.with_untracked(|state| format!("draft:{}:{conversation}", state.me.id))
    }

    /// Leaves nothing on the device of those of the conversations `known` that are gone.
    fn forget(self, known: Vec<ConversationId>) {
        let is_gone = |id: &ConversationId| {
            self.state.try_with_untracked(|state| !state.threads.contains_key(id)).unwrap_or_default()
        };
        let gone: Vec<_> = known.into_iter().filter(is_gone).collect();
        for conversation in &gone {
            storage::set(&self.draft_key(*conversation), None);
        }
        if !gone.is_empty() {
            forget_pages();
        }
    }

    /// Tells the others that something is being written, every two seconds at most.
    pub fn writes(self, conversation: ConversationId) {
        let now = clock::now().0;
        if now - self.wrote_at.get_value() >= i64::from(TYPING_EVERY_MS) {
            self.wrote_at.set_value(now);
            self.wishes.update_value(|wishes| wishes.writes = Some(conversation));
            self.nudge();
        }
    }

    /// Shows that somebody writes, until they have not for a while.
    fn hear_typing(self, conversation: ConversationId, user: UserId) {
        let now = clock::elapsed();
        self.typing.try_update(|typing| {
            let writers = typing.entry(conversation).or_default();
            match writers.iter_mut().find(|(writer, _)| *writer == user) {
                Some((_, at)) => *at = now,
                None => writers.push((user, now)),
            }
        });
        spawn_local(async move {
            page::sleep(TYPING_MS).await;
            self.hush(conversation, |(writer, at)| writer == user && at == now);
        });
    }

    /// Those whom `is_silent` names do not write any more.
    fn hush(self, conversation: ConversationId, is_silent: impl Fn((UserId, i64)) -> bool) {
        self.typing.try_maybe_update(|typing| {
            let Some(writers) = typing.get_mut(&conversation) else { return (false, ()) };
            let before = writers.len();
            writers.retain(|writer| !is_silent(*writer));
            (writers.len() < before, ())
        });
    }

    /// Who writes in a conversation, whoever began first first.
    pub fn writers(self, conversation: ConversationId) -> Vec<UserId> {
        self.typing.with(|typing| {
            typing.get(&conversation).into_iter().flatten().map(|(writer, _)| *writer).collect()
        })
    }

    /// Whoever has sent what they wrote does not write any more.
    fn hear_message(self, message: &Message) {
        self.hush(message.conversation_id, |(writer, _)| writer == message.sender);
    }

    /// Whether somebody is on line, as far as anybody knows who may be off line.
    pub fn is_online(self, contact: &Contact) -> bool {
        contact.online && !self.is_lost.get()
    }

    fn nudge(self) {
        // A full channel means that the socket is about to look anyway.
        self.nudge.try_update_value(|nudge| nudge.as_mut().map(|nudge| nudge.try_send(())));
    }

    /// What is to be said over the socket now.
    fn due(self, connection: &mut Connection) -> Vec<ClientEvent> {
        let due = self.wishes.try_update_value(|wishes| {
            self.outbox.with_value(|kept| {
                self.state.with_untracked(|state| {
                    connection.due(Some(state), wishes, |message| kept.may_send(message), clock::elapsed())
                })
            })
        });
        due.unwrap_or_default()
    }
}

/// Each page that was kept for later shows the list, with the last words of every conversation.
fn forget_pages() {
    worker::tell(&["forget"]);
}

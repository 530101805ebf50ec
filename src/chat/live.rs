//! The device: keeps the socket open, feeds the reducer, empties the outbox.

use super::{
    event::{ClientEvent, ServerEvent, Target, close},
    model::{MessageBody, PageRequest},
    state::{ChatState, Need, Outgoing, Thread},
};
use crate::{
    browser::{
        clock, page,
        socket::{Arrival, Socket},
    },
    error::{AppError, ErrorCode},
    id::{ConversationId, MessageId},
};
use futures::{
    FutureExt, StreamExt,
    channel::mpsc::{Receiver, Sender, channel},
    future::FusedFuture,
    select_biased,
};
use leptos::{prelude::*, task::spawn_local};
use std::collections::HashMap;

/// The banner appears only after this long without a connection.
const PATIENCE_MS: u32 = 2000;
/// The first and the longest wait before another try to connect; in between it doubles.
const FIRST_WAIT_MS: f64 = 500.0;
const LONGEST_WAIT_MS: f64 = 10_000.0;
/// The wait before a message that the server could not take now is sent again.
const RETRY_MS: u32 = 2000;

/// The chat of one signed-in page. A cheap handle, found in the context of every view.
#[derive(Clone, Copy)]
pub struct Live {
    /// What the device knows.
    pub state: RwSignal<ChatState>,
    /// Whether the connection has been lost for longer than a moment.
    pub is_lost: RwSignal<bool>,
    /// The zone to show times in.
    pub zone: RwSignal<clock::Zone>,
    /// What was typed and not sent, by conversation.
    drafts: StoredValue<HashMap<ConversationId, String>>,
    /// Pages of history that were asked for and have not come, by the seq before which they end.
    pages: StoredValue<HashMap<ConversationId, Option<u64>>>,
    /// How far the person has seen, where the server may not know it yet.
    seen: StoredValue<HashMap<ConversationId, u64>>,
    /// Tells the socket that something waits for it. What, stands in the fields above and in the
    /// state, so that nothing is lost with a connection.
    nudge: StoredValue<Option<Sender<()>>>,
}

impl Live {
    /// The chat from its first state on; offline until [`Self::start`].
    pub fn new(state: ChatState, zone: clock::Zone) -> Self {
        Self {
            state: RwSignal::new(state),
            is_lost: RwSignal::new(false),
            zone: RwSignal::new(zone),
            drafts: StoredValue::default(),
            pages: StoredValue::default(),
            seen: StoredValue::default(),
            nudge: StoredValue::new(None),
        }
    }

    /// Connects, and stays connected until the page is left. For the browser only.
    pub fn start(self) {
        // One that waits says all that several would.
        let (nudge, nudges) = channel(0);
        self.nudge.set_value(Some(nudge));
        self.zone.set(clock::Zone::local());
        let online = window_event_listener(leptos::ev::online, move |_| self.nudge());
        on_cleanup(move || online.remove());
        spawn_local(stay_connected(self, nudges));
    }

    /// Shows a message at once and sends it as soon as the connection allows.
    /// Errors: `invalid_message`; nothing was taken then.
    pub fn compose(self, conversation: ConversationId, text: &str) -> Result<(), AppError> {
        let body = MessageBody::parse(text)?.into();
        let message = Outgoing { id: MessageId::new(), body, written_at: clock::now(), failed: None };
        self.state.update(|state| state.compose(conversation, message));
        self.nudge();
        Ok(())
    }

    /// Sends a refused message again.
    pub fn retry(self, id: MessageId) {
        self.state.update(|state| state.retry(id));
        self.nudge();
    }

    /// Forgets a message that was not sent.
    pub fn discard(self, id: MessageId) {
        self.state.update(|state| state.discard(id));
    }

    /// Asks for the newest page of a conversation, or for the one before a seq; until it has come,
    /// asking again changes nothing.
    pub fn load(self, conversation: ConversationId, before: Option<u64>) {
        let known = self.pages.try_update_value(|pages| pages.insert(conversation, before)).flatten();
        if known != Some(before) {
            self.nudge();
        }
    }

    /// Moves the read cursor to what was seen.
    pub fn mark_read(self, conversation: ConversationId, seq: u64) {
        let known = self.seen.try_update_value(|seen| seen.insert(conversation, seq)).flatten();
        if known != Some(seq) {
            self.nudge();
        }
    }

    /// What was typed and not sent.
    pub fn draft(self, conversation: ConversationId) -> Option<String> {
        self.drafts.with_value(|drafts| drafts.get(&conversation).cloned())
    }

    /// Keeps what was typed and not sent.
    pub fn keep_draft(self, conversation: ConversationId, text: String) {
        self.drafts.update_value(|drafts| {
            drafts.insert(conversation, text);
        });
    }

    fn nudge(self) {
        // A full channel means that the socket is about to look anyway.
        self.nudge.try_update_value(|nudge| nudge.as_mut().map(|nudge| nudge.try_send(())));
    }

    /// What a new socket says first.
    fn resume(self) -> ClientEvent {
        ClientEvent::Resume { cursors: self.state.with_untracked(ChatState::cursors) }
    }
}

/// Connects again and again, with growing waits, until the server says not to come back.
async fn stay_connected(live: Live, mut nudges: Receiver<()>) {
    let mut wait = FIRST_WAIT_MS;
    let connection = StoredValue::new(0_u64);
    loop {
        connection.update_value(|number| *number += 1);
        watch_for_loss(live, connection);
        let code = match Socket::open().await {
            Some(socket) => {
                let ended = converse(live, socket, &mut nudges, || {
                    connection.update_value(|number| *number += 1);
                    wait = FIRST_WAIT_MS;
                    live.is_lost.try_set(false);
                })
                .await;
                match ended {
                    Some(code) => code,
                    None => return,
                }
            }
            None => 0,
        };
        if code == close::SIGNED_OUT {
            return page::go_to("/auth");
        }
        let jittered = wait * (0.5 + page::random() / 2.0);
        wait = (wait * 2.0).min(LONGEST_WAIT_MS);
        // Being back on line, or having written something, is a reason to try at once.
        select_biased! {
            nudge = nudges.next() => if nudge.is_none() { return },
            () = page::sleep(jittered as u32).fuse() => {}
        }
    }
}

/// Shows the banner unless the connection is there in time.
fn watch_for_loss(live: Live, connection: StoredValue<u64>) {
    let Some(number) = connection.try_get_value() else { return };
    spawn_local(async move {
        page::sleep(PATIENCE_MS).await;
        if connection.try_get_value() == Some(number) {
            live.is_lost.try_set(true);
        }
    });
}

/// Speaks over one socket until it closes; `None` if the page was left.
async fn converse(
    live: Live,
    mut socket: Socket,
    nudges: &mut Receiver<()>,
    mut connected: impl FnMut(),
) -> Option<u16> {
    let mut said = say(&mut socket, &live.resume()).await;
    let mut resuming = true;
    let mut asked = Asked::default();
    let mut retry = Box::pin(futures::future::Fuse::terminated());
    while said {
        let next = {
            let mut arrival = Box::pin(socket.next().fuse());
            select_biased! {
                arrival = arrival => Next::Arrival(arrival),
                nudge = nudges.next() => nudge.map(|()| Next::Nudge)?,
                () = retry => Next::Retry,
            }
        };
        match next {
            Next::Arrival(Arrival::Closed(code)) => return Some(code),
            Next::Arrival(Arrival::Text(text)) => {
                // A newer server may say what this page does not know; it is passed over.
                let Ok(event) = ServerEvent::from_json(&text) else { continue };
                match &event {
                    ServerEvent::Resumed(_) => {
                        resuming = false;
                        connected();
                    }
                    ServerEvent::ConversationLoaded { conversation_id, before, .. } => {
                        asked.pages.remove(conversation_id);
                        live.pages.try_update_value(|pages| {
                            if pages.get(conversation_id) == Some(before) {
                                pages.remove(conversation_id);
                            }
                        });
                    }
                    ServerEvent::Error { error }
                        if matches!(error.code, ErrorCode::Unavailable | ErrorCode::Internal)
                            && retry.is_terminated() =>
                    {
                        retry.set(page::sleep(RETRY_MS).fuse());
                    }
                    _ => {}
                }
                let need = live.state.try_update(|state| state.apply(event))?;
                if need == Need::CatchUp && !resuming {
                    resuming = true;
                    said = say(&mut socket, &live.resume()).await;
                }
            }
            Next::Nudge => {}
            Next::Retry => {
                if std::mem::replace(&mut resuming, false) {
                    said = say(&mut socket, &live.resume()).await;
                    resuming = true;
                }
                asked = Asked::default();
            }
        }
        if said && !resuming {
            for event in asked.due(live) {
                said = said && say(&mut socket, &event).await;
            }
        }
    }
    Some(0)
}

enum Next {
    Arrival(Arrival),
    Nudge,
    Retry,
}

/// What was said over a socket and has not been answered.
#[derive(Default)]
struct Asked {
    messages: HashMap<ConversationId, MessageId>,
    pages: HashMap<ConversationId, Option<u64>>,
    seen: HashMap<ConversationId, u64>,
}

impl Asked {
    /// What is to be said now: of each conversation the next message, if none is on its way, the
    /// page that is missing, and how far the person has seen.
    fn due(&mut self, live: Live) -> Vec<ClientEvent> {
        let waiting: Vec<_> = live.state.with_untracked(|state| {
            let next = |(id, thread): (&ConversationId, &Thread)| {
                thread.next_to_send().map(|message| (*id, message.id, message.body.clone()))
            };
            state.threads.iter().filter_map(next).collect()
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
        due
    }
}

async fn say(socket: &mut Socket, event: &ClientEvent) -> bool {
    match serde_json::to_string(event) {
        Ok(text) => socket.send(text).await,
        Err(_) => false,
    }
}

//! The device: keeps the socket open, feeds the reducer, empties the outbox.

use super::{
    event::{ClientEvent, ServerEvent, Target, close},
    model::{MessageBody, PageRequest},
    state::{ChatState, Need, Outgoing, Thread},
};
use crate::{
    auth::api,
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
/// A socket is dropped when nothing comes for so long: after something that wants an answer, and
/// otherwise, where the server says `alive` every 25 s. A page would hear of a connection that
/// broke in silence only after many minutes.
const ANSWER_MS: u32 = 10_000;
const SILENCE_MS: u32 = 60_000;
/// The wait after the server closed a socket for its flood of frames.
const CALM_MS: u32 = 10_000;
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
        let mut resumed_at = None;
        let end = match Socket::open(ANSWER_MS).await {
            Some(socket) => {
                let connected = || {
                    connection.update_value(|number| *number += 1);
                    live.is_lost.try_set(false);
                    resumed_at.get_or_insert_with(clock::now);
                };
                converse(live, socket, &mut nudges, connected).await
            }
            None => End::Closed(0),
        };
        let asked_to_wait = match end {
            End::Left => return,
            End::Closed(close::SIGNED_OUT) => return page::go_to("/auth"),
            End::Closed(close::FLOODING) => Some(CALM_MS),
            End::GoingAway(after) => Some(after),
            End::Closed(_) => None,
        };
        match resumed_at {
            Some(at) if clock::now().0 - at.0 > LONGEST_WAIT_MS as i64 => wait = FIRST_WAIT_MS,
            Some(_) => {}
            // A browser does not say why a socket was refused.
            None if is_signed_out().await => return page::go_to("/auth"),
            None => {}
        }
        // Spread out, or all devices would come back in the same moment.
        let pause = match asked_to_wait {
            Some(after) => f64::from(after) * (1.0 + page::random()),
            None => wait * (0.5 + page::random() / 2.0),
        };
        wait = (wait * 2.0).min(LONGEST_WAIT_MS);
        // Being back on line, or having written something, is a reason to try at once.
        select_biased! {
            nudge = nudges.next() => if nudge.is_none() { return },
            () = page::sleep(pause as u32).fuse() => {}
        }
    }
}

/// Whether the session has ended, as far as the server can be asked.
async fn is_signed_out() -> bool {
    matches!(api::me().await, Err(error) if error.code == ErrorCode::NotSignedIn)
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

/// Why a conversation over a socket ended.
enum End {
    /// The person left the page.
    Left,
    /// The socket was closed, with this code.
    Closed(u16),
    /// The server restarts and is back after so many milliseconds.
    GoingAway(u32),
}

enum Next {
    Arrival(Arrival),
    Nudge,
    Retry,
    Silence,
}

/// Speaks over one socket until it ends.
async fn converse(
    live: Live,
    mut socket: Socket,
    nudges: &mut Receiver<()>,
    mut connected: impl FnMut(),
) -> End {
    let mut said = say(&mut socket, &live.resume()).await;
    let mut resuming = true;
    let mut asked = Asked::default();
    let mut going_away = None;
    let mut retry = Box::pin(futures::future::Fuse::terminated());
    let mut expecting = true;
    let mut patience = Box::pin(page::sleep(ANSWER_MS).fuse());
    while said {
        let next = {
            let mut arrival = Box::pin(socket.next().fuse());
            select_biased! {
                arrival = arrival => Next::Arrival(arrival),
                nudge = nudges.next() => match nudge {
                    Some(()) => Next::Nudge,
                    None => return End::Left,
                },
                () = retry => Next::Retry,
                () = patience => Next::Silence,
            }
        };
        let mut resume = false;
        match next {
            Next::Arrival(Arrival::Closed(code)) => {
                return going_away.map_or(End::Closed(code), End::GoingAway);
            }
            Next::Silence => break,
            Next::Arrival(Arrival::Text(text)) => {
                expecting = false;
                patience.set(page::sleep(SILENCE_MS).fuse());
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
                    ServerEvent::GoingAway { reconnect_after_ms } => going_away = Some(*reconnect_after_ms),
                    ServerEvent::Error { error }
                        if matches!(error.code, ErrorCode::Unavailable | ErrorCode::Internal)
                            && retry.is_terminated() =>
                    {
                        retry.set(page::sleep(RETRY_MS).fuse());
                    }
                    _ => {}
                }
                match live.state.try_update(|state| state.apply(event)) {
                    Some(Need::Nothing) => {}
                    Some(Need::CatchUp) => resume = !resuming,
                    None => return End::Left,
                }
            }
            Next::Nudge => {}
            Next::Retry => {
                // What went unanswered is said again; that may have been the resume itself.
                asked = Asked::default();
                resume = true;
            }
        }
        let mut due = Vec::new();
        if resume {
            resuming = true;
            due.push(live.resume());
        } else if !resuming {
            due = asked.due(live);
        }
        for event in due {
            said = said && say(&mut socket, &event).await;
            // Having seen something may be no news, and then nothing answers.
            if !matches!(event, ClientEvent::MarkRead { .. }) && !std::mem::replace(&mut expecting, true) {
                patience.set(page::sleep(ANSWER_MS).fuse());
            }
        }
    }
    End::Closed(0)
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

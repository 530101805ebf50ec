//! The device: keeps the socket open, feeds the reducer, empties the outbox.

use super::{
    event::{ClientEvent, ServerEvent, Target, close},
    model::{MessageBody, PageRequest},
    state::{ChatState, Need, Outgoing},
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
/// Wishes that may wait for the socket; they are only hints, the state holds what matters.
const WISHES: usize = 64;

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
    wishes: StoredValue<Option<Sender<Wish>>>,
}

/// What a view wants from the socket.
enum Wish {
    /// Look at the outbox.
    Send,
    /// Say this.
    Say(ClientEvent),
}

impl Live {
    /// The chat from its first state on; offline until [`Self::start`].
    pub fn new(state: ChatState, zone: clock::Zone) -> Self {
        Self {
            state: RwSignal::new(state),
            is_lost: RwSignal::new(false),
            zone: RwSignal::new(zone),
            drafts: StoredValue::default(),
            wishes: StoredValue::new(None),
        }
    }

    /// Connects, and stays connected until the page is left. For the browser only.
    pub fn start(self) {
        let (wishes, granted) = channel(WISHES);
        self.wishes.set_value(Some(wishes));
        self.zone.set(clock::Zone::local());
        let online = window_event_listener(leptos::ev::online, move |_| self.wish(Wish::Send));
        on_cleanup(move || online.remove());
        spawn_local(stay_connected(self, granted));
    }

    /// Shows a message at once and sends it as soon as the connection allows.
    /// Errors: `invalid_message`; nothing was taken then.
    pub fn compose(self, conversation: ConversationId, text: &str) -> Result<(), AppError> {
        let body = MessageBody::parse(text)?.into();
        let message = Outgoing { id: MessageId::new(), body, written_at: clock::now(), failed: None };
        self.state.update(|state| state.compose(conversation, message));
        self.wish(Wish::Send);
        Ok(())
    }

    /// Sends a refused message again.
    pub fn retry(self, id: MessageId) {
        self.state.update(|state| state.retry(id));
        self.wish(Wish::Send);
    }

    /// Forgets a message that was not sent.
    pub fn discard(self, id: MessageId) {
        self.state.update(|state| state.discard(id));
    }

    /// Asks for the newest page of a conversation, or for the one before a seq.
    pub fn load(self, conversation: ConversationId, before: Option<u64>) {
        let page = PageRequest { before, ..PageRequest::default() };
        self.wish(Wish::Say(ClientEvent::LoadConversation {
            target: Target::Conversation(conversation),
            page,
        }));
    }

    /// Moves the read cursor to what was seen.
    pub fn mark_read(self, conversation_id: ConversationId, seq: u64) {
        self.wish(Wish::Say(ClientEvent::MarkRead { conversation_id, seq }));
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

    fn wish(self, wish: Wish) {
        // A full channel means that the socket is about to look at the outbox anyway; what it
        // was to say is asked for again after the reconnect that follows.
        self.wishes.try_update_value(|wishes| wishes.as_mut().map(|wishes| wishes.try_send(wish)));
    }

    /// What a new socket says first.
    fn resume(self) -> ClientEvent {
        ClientEvent::Resume { cursors: self.state.with_untracked(ChatState::cursors) }
    }
}

/// Connects again and again, with growing waits, until the server says not to come back.
async fn stay_connected(live: Live, mut wishes: Receiver<Wish>) {
    let mut wait = FIRST_WAIT_MS;
    let connection = StoredValue::new(0_u64);
    loop {
        connection.update_value(|number| *number += 1);
        watch_for_loss(live, connection);
        let code = match Socket::open().await {
            Some(socket) => {
                let ended = converse(live, socket, &mut wishes, || {
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
            wish = wishes.next() => if wish.is_none() { return },
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
    wishes: &mut Receiver<Wish>,
    mut connected: impl FnMut(),
) -> Option<u16> {
    let mut said = say(&mut socket, &live.resume()).await;
    let mut resuming = true;
    let mut in_flight: HashMap<ConversationId, MessageId> = HashMap::new();
    let mut retry = Box::pin(futures::future::Fuse::terminated());
    while said {
        let next = {
            let mut arrival = Box::pin(socket.next().fuse());
            select_biased! {
                arrival = arrival => Next::Arrival(arrival),
                wish = wishes.next() => Next::Wish(wish?),
                () = retry => Next::Retry,
            }
        };
        match next {
            Next::Arrival(Arrival::Closed(code)) => return Some(code),
            Next::Arrival(Arrival::Text(text)) => {
                // A newer server may say what this page does not know; it is passed over.
                let Ok(event) = ServerEvent::from_json(&text) else { continue };
                if matches!(event, ServerEvent::Resumed(_)) {
                    resuming = false;
                    connected();
                }
                if let ServerEvent::Error { error } = &event
                    && matches!(error.code, ErrorCode::Unavailable | ErrorCode::Internal)
                    && retry.is_terminated()
                {
                    retry.set(page::sleep(RETRY_MS).fuse());
                }
                let need = live.state.try_update(|state| state.apply(event))?;
                if need == Need::CatchUp && !resuming {
                    resuming = true;
                    said = say(&mut socket, &live.resume()).await;
                }
            }
            Next::Wish(Wish::Say(event)) => said = say(&mut socket, &event).await,
            Next::Wish(Wish::Send) => {}
            Next::Retry => {
                if std::mem::replace(&mut resuming, false) {
                    said = say(&mut socket, &live.resume()).await;
                    resuming = true;
                }
                in_flight.clear();
            }
        }
        if said && !resuming {
            said = empty_outbox(live, &mut socket, &mut in_flight).await;
        }
    }
    Some(0)
}

enum Next {
    Arrival(Arrival),
    Wish(Wish),
    Retry,
}

/// Sends the next message of each conversation in which none is on its way.
async fn empty_outbox(
    live: Live,
    socket: &mut Socket,
    in_flight: &mut HashMap<ConversationId, MessageId>,
) -> bool {
    let due: Vec<_> = live.state.with_untracked(|state| {
        let next = |(id, thread): (&ConversationId, &super::state::Thread)| {
            thread.next_to_send().map(|message| (*id, message.id, message.body.clone()))
        };
        state.threads.iter().filter_map(next).collect()
    });
    // What was refused or stored is on its way no longer, and may be sent again.
    in_flight
        .retain(|conversation, id| due.iter().any(|(talk, next, _)| (talk, next) == (conversation, &*id)));
    for (conversation, id, body) in due {
        if in_flight.insert(conversation, id) == Some(id) {
            continue;
        }
        let target = Target::Conversation(conversation);
        let event = ClientEvent::SendPrivateMessage { id, target, body, reply_to: None };
        if !say(socket, &event).await {
            return false;
        }
    }
    true
}

async fn say(socket: &mut Socket, event: &ClientEvent) -> bool {
    match serde_json::to_string(event) {
        Ok(text) => socket.send(text).await,
        Err(_) => false,
    }
}

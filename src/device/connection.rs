//! The socket: opened again and again, and spoken over until it ends, as [`model::connection`] says.

use crate::{
    auth::api,
    browser::{
        clock, page,
        socket::{Arrival, Socket},
    },
    device::{Live, attention, forget_pages, outbox},
    kit::error::Refused,
};
use futures::{
    FutureExt, StreamExt,
    channel::mpsc::Receiver,
    future::{Either, select},
    select_biased,
};
use leptos::{prelude::*, task::spawn_local};
use model::{
    connection::{Connection, Next, Pace},
    error::ErrorCode,
    event::{ClientEvent, ServerEvent},
};
use std::pin::pin;

/// The banner appears only after this long without a connection.
const PATIENCE_MS: u32 = 2000;

/// Connects again and again, with growing waits, until the server says not to come back.
pub(super) async fn stay_connected(live: Live, mut nudges: Receiver<()>) {
    let mut connection = Connection::new(Pace::default());
    let connections = StoredValue::new(0_u64);
    watch_for_loss(live, connections);
    loop {
        outbox::follow(live, false);
        let end = match Socket::open(connection.pace().answer).await {
            Some(socket) => converse(live, &mut connection, socket, &mut nudges, connections).await,
            None => End::Lost(None),
        };
        let code = match end {
            End::Left => return,
            End::SomebodyElse => return page::reload(),
            End::Lost(code) => code,
        };
        let after = match connection.lost(code, clock::elapsed(), page::random()) {
            Next::SignedOut => return page::go_to("/auth"),
            Next::Again { ask_session: true, .. } if is_signed_out(connection.pace()).await => {
                return page::go_to("/auth");
            }
            Next::Again { ask_session, after } => {
                if !ask_session {
                    watch_for_loss(live, connections);
                }
                after
            }
        };
        select_biased! {
            nudge = nudges.next() => if nudge.is_none() { return },
            () = page::sleep(after).fuse() => {}
        }
    }
}

/// Whether the session has ended, as far as the server can be asked. A request has no limit of its
/// own, and one over a line that broke in silence would hold up the next try for many minutes.
async fn is_signed_out(pace: Pace) -> bool {
    match select(pin!(api::me()), pin!(page::sleep(pace.answer))).await {
        Either::Left((me, _)) => matches!(me, Err(Refused(error)) if error.code == ErrorCode::NotSignedIn),
        Either::Right(_) => false,
    }
}

/// Shows the banner unless there is another connection in time, however many tries that takes.
fn watch_for_loss(live: Live, connections: StoredValue<u64>) {
    let Some(number) = connections.try_get_value() else { return };
    spawn_local(async move {
        page::sleep(PATIENCE_MS).await;
        if connections.try_get_value() == Some(number) {
            live.is_lost.try_set(true);
        }
    });
}

/// Why a conversation over a socket ended.
enum End {
    /// The person left the page.
    Left,
    /// Somebody else has signed in here meanwhile.
    SomebodyElse,
    /// The socket was closed, with this code, or is dead.
    Lost(Option<u16>),
}

/// Speaks over one socket until it ends.
async fn converse(
    live: Live,
    connection: &mut Connection,
    mut socket: Socket,
    nudges: &mut Receiver<()>,
    connections: StoredValue<u64>,
) -> End {
    connection.opened(clock::elapsed());
    loop {
        for event in live.due(connection) {
            if !say(&mut socket, &event).await {
                return End::Lost(None);
            }
        }
        let wait = (connection.wakes_at() - clock::elapsed()).max(0) as u32;
        let arrival = {
            let mut arrival = pin!(socket.next().fuse());
            select_biased! {
                arrival = arrival => Some(arrival),
                nudge = nudges.next() => match nudge {
                    Some(()) => None,
                    None => return End::Left,
                },
                () = page::sleep(wait).fuse() => None,
            }
        };
        match arrival {
            Some(Arrival::Closed(code)) => return End::Lost(Some(code)),
            Some(Arrival::Text(text)) => {
                connection.alive(clock::elapsed());
                // A newer server may say what this page does not know; it is passed over.
                if let Ok(event) = ServerEvent::from_json(&text)
                    && let Some(end) = hear(live, connection, event, connections)
                {
                    return end;
                }
            }
            None => {
                if live.doubts.try_update_value(std::mem::take).unwrap_or_default() {
                    let lost = live.is_lost.try_get_untracked().unwrap_or_default();
                    connection.probe(lost, clock::elapsed());
                }
                if !connection.wake(clock::elapsed()) {
                    return End::Lost(None);
                }
            }
        }
    }
}

/// Takes in what the server says.
fn hear(
    live: Live,
    connection: &mut Connection,
    event: ServerEvent,
    connections: StoredValue<u64>,
) -> Option<End> {
    let is_resumed = matches!(event, ServerEvent::Resumed(_));
    if let ServerEvent::Resumed(snapshot) = &event
        && live.state.try_with_untracked(|state| state.me.id != snapshot.me.id).unwrap_or_default()
    {
        // Nothing of theirs may be mixed with what is here, nor be sent under their name.
        return Some(End::SomebodyElse);
    }
    live.wishes.try_update_value(|wishes| connection.heard(&event, wishes, clock::elapsed()));
    let mut known = Vec::new();
    match &event {
        ServerEvent::Resumed(_) | ServerEvent::ConversationRemoved { .. } => {
            known = live.state.with_untracked(|state| state.threads.keys().copied().collect());
        }
        ServerEvent::Typing { conversation_id, user_id } => live.hear_typing(*conversation_id, *user_id),
        ServerEvent::NewMessage { message } => live.hear_message(message),
        ServerEvent::MessageChanged { message } if message.content.is_deleted() => forget_pages(),
        _ => {}
    }
    if is_resumed {
        connections.update_value(|number| *number += 1);
        live.is_lost.try_set(false);
    }
    let news = attention::news(live, &event);
    let settled = attention::Settled::by(live, &event);
    if let ServerEvent::ConversationRemoved { conversation_id } = &event {
        let name =
            live.state.with_untracked(|state| Some(state.contact_in(*conversation_id)?.name().to_owned()));
        live.parted.try_set(name);
    }
    let applied = live.state.change(|state| {
        let applied = state.apply(event);
        (applied.need, applied.touched)
    });
    let Some(need) = applied else { return Some(End::Left) };
    connection.applied(need);
    live.forget(known);
    if is_resumed {
        outbox::follow(live, true);
    }
    outbox::keep(live);
    attention::call(news);
    if let Some(settled) = settled {
        settled.tell();
    }
    None
}

async fn say(socket: &mut Socket, event: &ClientEvent) -> bool {
    match serde_json::to_string(event) {
        Ok(text) => socket.send(text).await,
        Err(_) => false,
    }
}

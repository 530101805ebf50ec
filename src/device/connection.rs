//! The socket: opened again and again, and spoken over until it ends, as [`model::connection`] says.

use crate::{
    auth::api,
    browser::{
        clock, page,
        socket::{Arrival, Socket},
    },
    device::{Device, attention, forget_pages, outbox},
    kit::error::Refused,
};
use futures::{
    FutureExt, StreamExt,
    channel::mpsc::Receiver,
    future::{Either, Fuse, select},
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
/// How often a device that does without a socket tries whether one gets through by now.
const SOCKET_EVERY_MS: u32 = 30_000;

/// Connects again and again, with growing waits, until the server says not to come back.
pub(super) async fn stay_connected(device: Device, mut nudges: Receiver<()>) {
    let mut connection = Connection::new(Pace::default());
    let connections = StoredValue::new(0_u64);
    watch_for_loss(device, connections);
    loop {
        outbox::follow(device, false);
        let socket = match connection.trying(clock::elapsed()) {
            true => Some(Socket::polling()),
            false => Socket::open(connection.pace().answer).await,
        };
        let end = match socket {
            Some(socket) => converse(device, &mut connection, socket, &mut nudges, connections).await,
            None => End::Lost(None),
        };
        let code = match end {
            End::Left => return,
            End::SomebodyElse => return page::reload(),
            End::Lost(code) => code,
        };
        let after = match connection.lost(code, clock::elapsed(), page::random()) {
            Next::SignedOut => return page::go_to("/auth"),
            Next::Again { ask_session: true, after } => {
                match is_signed_in(connection.pace()).await {
                    Some(true) => connection.reached(clock::elapsed()),
                    Some(false) => return page::go_to("/auth"),
                    None => {}
                }
                after
            }
            Next::Again { ask_session: false, after } => {
                watch_for_loss(device, connections);
                after
            }
        };
        select_biased! {
            nudge = nudges.next() => if nudge.is_none() { return },
            () = page::sleep(after).fuse() => {}
        }
    }
}

/// Whether the session is good; `None`: the server does not answer. A request has no limit of its own, and
/// one over a line that broke in silence would hold up the next try for many minutes.
async fn is_signed_in(pace: Pace) -> Option<bool> {
    match select(pin!(api::me()), pin!(page::sleep(pace.answer))).await {
        Either::Left((Ok(_), _)) => Some(true),
        Either::Left((Err(Refused(error)), _)) => (error.code == ErrorCode::NotSignedIn).then_some(false),
        Either::Right(_) => None,
    }
}

/// The first socket that opens, for a device that does without meanwhile.
async fn later_socket(pace: Pace) -> Socket {
    loop {
        page::sleep(SOCKET_EVERY_MS).await;
        if let Some(socket) = Socket::open(pace.answer).await {
            return socket;
        }
    }
}

/// Shows the banner unless there is another connection in time, however many tries that takes.
fn watch_for_loss(device: Device, connections: StoredValue<u64>) {
    let Some(number) = connections.try_get_value() else { return };
    spawn_local(async move {
        page::sleep(PATIENCE_MS).await;
        if connections.try_get_value() == Some(number) {
            device.is_lost.try_set(true);
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
    device: Device,
    connection: &mut Connection,
    mut socket: Socket,
    nudges: &mut Receiver<()>,
    connections: StoredValue<u64>,
) -> End {
    let mut later = match socket.polls() {
        true => later_socket(connection.pace()).boxed_local().fuse(),
        false => Fuse::terminated(),
    };
    connection.opened(socket.polls(), clock::elapsed());
    device.is_polling.try_set(socket.polls());
    loop {
        for event in device.due(connection) {
            if !say(&mut socket, &event).await {
                return End::Lost(None);
            }
        }
        let wait = (connection.wakes_at() - clock::elapsed()).max(0) as u32;
        let mut better = None;
        let arrival = {
            let mut arrival = pin!(socket.next().fuse());
            select_biased! {
                arrival = arrival => Some(arrival),
                nudge = nudges.next() => match nudge {
                    Some(()) => None,
                    None => return End::Left,
                },
                opened = later => {
                    better = Some(opened);
                    None
                }
                () = page::sleep(wait).fuse() => None,
            }
        };
        if let Some(better) = better {
            socket = better;
            connection.opened(false, clock::elapsed());
            device.is_polling.try_set(false);
            continue;
        }
        match arrival {
            Some(Arrival::Closed(code)) => return End::Lost(Some(code)),
            Some(Arrival::Text(text)) => {
                connection.alive(clock::elapsed());
                // A newer server may say what this page does not know; it is passed over.
                if let Ok(event) = ServerEvent::from_json(&text)
                    && let Some(end) = hear(device, connection, event, connections)
                {
                    return end;
                }
            }
            None => {
                if device.doubts.try_update_value(std::mem::take).unwrap_or_default() {
                    let lost = device.is_lost.try_get_untracked().unwrap_or_default();
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
    device: Device,
    connection: &mut Connection,
    event: ServerEvent,
    connections: StoredValue<u64>,
) -> Option<End> {
    let is_resumed = matches!(event, ServerEvent::Resumed(_));
    if let ServerEvent::Resumed(snapshot) = &event
        && device.state.try_with_untracked(|state| state.me.id != snapshot.me.id).unwrap_or_default()
    {
        // Nothing of theirs may be mixed with what is here, nor be sent under their name.
        return Some(End::SomebodyElse);
    }
    device.wishes.try_update_value(|wishes| connection.heard(&event, wishes, clock::elapsed()));
    let mut known = Vec::new();
    match &event {
        ServerEvent::Resumed(_) | ServerEvent::ConversationRemoved { .. } => {
            known = device.state.with_untracked(|state| state.threads.keys().copied().collect());
        }
        ServerEvent::Typing { conversation_id, user_id } => device.hear_typing(*conversation_id, *user_id),
        ServerEvent::NewMessage { message } => device.hear_message(message),
        ServerEvent::MessageChanged { message } if message.content.is_deleted() => forget_pages(),
        _ => {}
    }
    if is_resumed {
        connections.update_value(|number| *number += 1);
        device.is_lost.try_set(false);
    }
    let news = attention::news(device, &event);
    let settled = attention::Settled::by(device, &event);
    if let ServerEvent::ConversationRemoved { conversation_id } = &event {
        let name =
            device.state.with_untracked(|state| Some(state.contact_in(*conversation_id)?.name().to_owned()));
        device.parted.try_set(name);
    }
    let applied = device.state.change(|state| {
        let applied = state.apply(event);
        (applied.need, applied.touched)
    });
    let Some(need) = applied else { return Some(End::Left) };
    connection.applied(need);
    device.forget(known);
    if is_resumed {
        outbox::follow(device, true);
    }
    outbox::keep(device);
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

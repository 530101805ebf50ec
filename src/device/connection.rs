//! The socket: opened again and again, and spoken over until it ends.

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
    future::{Either, FusedFuture, select},
    select_biased,
};
use leptos::{prelude::*, task::spawn_local};
use model::{
    due::Asked,
    error::ErrorCode,
    event::{ClientEvent, ServerEvent, close},
    state::Need,
};
use std::pin::pin;

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
/// The longest that a snapshot may take on a slow line: twice as long after each that did not come.
const LONGEST_RESUME_MS: u32 = 60_000;
/// The wait after the server closed a socket for its flood of frames.
const CALM_MS: u32 = 10_000;
/// The wait before a message that the server could not take now is sent again.
const RETRY_MS: u32 = 2000;

/// Connects again and again, with growing waits, until the server says not to come back.
pub(super) async fn stay_connected(live: Live, mut nudges: Receiver<()>) {
    let mut wait = FIRST_WAIT_MS;
    let mut patience = ANSWER_MS;
    let connections = StoredValue::new(0_u64);
    watch_for_loss(live, connections);
    loop {
        outbox::follow(live, false);
        let mut resumed_at = None;
        let end = match Socket::open(ANSWER_MS).await {
            Some(socket) => {
                let connected = || {
                    connections.update_value(|number| *number += 1);
                    live.is_lost.try_set(false);
                    resumed_at.get_or_insert_with(clock::now);
                };
                converse(live, socket, patience, &mut nudges, connected).await
            }
            None => End::Closed(0),
        };
        let asked_to_wait = match end {
            End::Left => return,
            End::SomebodyElse => return page::reload(),
            End::Closed(close::SIGNED_OUT) => return page::go_to("/auth"),
            End::Closed(close::FLOODING) => Some(CALM_MS),
            End::GoingAway(after) => Some(after),
            End::Closed(_) => None,
        };
        match resumed_at {
            Some(at) => {
                watch_for_loss(live, connections);
                patience = ANSWER_MS;
                if clock::now().0 - at.0 > LONGEST_WAIT_MS as i64 {
                    wait = FIRST_WAIT_MS;
                }
            }
            // A browser does not say why a socket was refused.
            None if is_signed_out().await => return page::go_to("/auth"),
            None => patience = (patience * 2).min(LONGEST_RESUME_MS),
        }
        let pause = pause(asked_to_wait, wait, page::random());
        wait = (wait * 2.0).min(LONGEST_WAIT_MS);
        // Being back on line, or having written something, is a reason to try at once.
        select_biased! {
            nudge = nudges.next() => if nudge.is_none() { return },
            () = page::sleep(pause).fuse() => {}
        }
    }
}

/// How long to wait before another try, in milliseconds: what the server asked for and up to twice
/// that, else between half and all of `wait`. `random`, from 0 to 1, spreads the devices out, or all
/// would come back in the same moment.
pub fn pause(asked: Option<u32>, wait: f64, random: f64) -> u32 {
    let pause = match asked {
        Some(after) => f64::from(after) * (1.0 + random),
        None => wait * (0.5 + random / 2.0),
    };
    pause as u32
}

/// Whether the session has ended, as far as the server can be asked. A request has no limit of its
/// own, and one over a line that broke in silence would hold up the next try for many minutes.
async fn is_signed_out() -> bool {
    match select(pin!(api::me()), pin!(page::sleep(ANSWER_MS))).await {
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
    patience_ms: u32,
    nudges: &mut Receiver<()>,
    mut connected: impl FnMut(),
) -> End {
    let mut said = say(&mut socket, &live.resume()).await;
    let mut resuming = true;
    let mut asked = Asked::default();
    let mut going_away = None;
    let mut retry = Box::pin(futures::future::Fuse::terminated());
    let mut expecting = true;
    let mut patience = Box::pin(page::sleep(patience_ms).fuse());
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
                if let ServerEvent::Resumed(snapshot) = &event
                    && live
                        .state
                        .try_with_untracked(|state| state.me.id != snapshot.me.id)
                        .unwrap_or_default()
                {
                    // Nothing of theirs may be mixed with what is here, nor be sent under their name.
                    return End::SomebodyElse;
                }
                live.wishes.try_update_value(|wishes| asked.answered(&event, wishes));
                match &event {
                    ServerEvent::Resumed(_) => {
                        resuming = false;
                        connected();
                    }
                    ServerEvent::Typing { conversation_id, user_id } => {
                        live.hear_typing(*conversation_id, *user_id);
                    }
                    ServerEvent::NewMessage { message } => live.hear_message(message),
                    ServerEvent::MessageChanged { message } if message.deleted_at.is_some() => forget_pages(),
                    ServerEvent::GoingAway { reconnect_after_ms } => going_away = Some(*reconnect_after_ms),
                    ServerEvent::Error { error }
                        if matches!(error.code, ErrorCode::Unavailable | ErrorCode::Internal)
                            && retry.is_terminated() =>
                    {
                        retry.set(page::sleep(RETRY_MS).fuse());
                    }
                    _ => {}
                }
                let is_resumed = matches!(event, ServerEvent::Resumed(_));
                let news = attention::news(live, &event);
                let known = match &event {
                    ServerEvent::Resumed(_) | ServerEvent::ConversationRemoved { .. } => {
                        live.state.with_untracked(|state| state.threads.keys().copied().collect())
                    }
                    _ => Vec::new(),
                };
                match live.state.try_update(|state| state.apply(event)) {
                    Some(Need::Nothing) => {}
                    Some(Need::CatchUp) => resume = !resuming,
                    None => return End::Left,
                }
                live.forget(known);
                if is_resumed {
                    outbox::follow(live, true);
                }
                outbox::keep(live);
                attention::call(news);
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
            due = live.due(&mut asked);
        }
        for event in due {
            said = said && say(&mut socket, &event).await;
            // Having seen something may be no news, and then nothing answers; nor is writing answered.
            let is_answered = !matches!(event, ClientEvent::MarkRead { .. } | ClientEvent::Typing { .. });
            if is_answered && !std::mem::replace(&mut expecting, true) {
                patience.set(page::sleep(ANSWER_MS).fuse());
            }
        }
    }
    End::Closed(0)
}

async fn say(socket: &mut Socket, event: &ClientEvent) -> bool {
    match serde_json::to_string(event) {
        Ok(text) => socket.send(text).await,
        Err(_) => false,
    }
}

//! `GET /ws`: one task per socket, which reads a frame, answers it, and sends what waits.

use crate::{
    chat::server::{Rates, answer::answer},
    kit::{
        AppState, AuthSession, Login, Network, Whom, audit_refusal, budget::Budget, cross_site,
        error::Refused, has_own_origin, is_good, meter::Meter, session_key,
    },
    live::{
        Frame,
        hub::{Closing, Connection},
        roster::{announce_arrival, announce_departure},
    },
    metrics::METRICS,
};
use axum::{
    Extension,
    extract::{
        State, WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket, rejection::WebSocketUpgradeRejection},
    },
    http::HeaderMap,
    response::Response,
};
use futures::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use model::{
    error::AppError,
    event::{MAX_FRAME, ServerEvent, close},
    user::User,
};
use std::{net::IpAddr, time::Duration};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, MissedTickBehavior, interval_at, sleep, sleep_until, timeout},
};

/// How often the server pings.
const PING: Duration = Duration::from_secs(25);
/// A socket from which nothing came for so long is closed.
const SILENCE: Duration = Duration::from_secs(60);
/// How long a socket may take to accept its last frame.
const FAREWELL: Duration = Duration::from_secs(2);
/// The default of tungstenite is 128 KiB of reading buffer for each socket.
const BUFFER: usize = 4 * 1024;
/// How often it is looked whether the session is still good.
const RECHECK: Duration = Duration::from_secs(15 * 60);

/// Checks origin and session before the upgrade (OWASP ASVS 5.0, 4.4.2).
pub async fn upgrade(
    State(app): State<AppState>,
    Extension(session): Extension<AuthSession>,
    Extension(meter): Extension<Meter>,
    Network(network): Network,
    headers: HeaderMap,
    socket: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Refused> {
    if !has_own_origin(&app, &headers) {
        tracing::warn!(audit = "cross_site", "refused a socket from another site");
        return Err(cross_site().into());
    }
    let (Some(Login(account)), Some(key)) = (session.user, session.session.id().map(session_key)) else {
        return Err(AppError::not_signed_in().into());
    };
    let socket = socket.map_err(AppError::malformed)?;
    let user = account.user;
    let connection = app.live.hub().connect(user.id, key, app.config.limits.sockets_per_user as usize)?;
    let open = Open { app: app.clone(), user, session: key, socket: connection.id, network, meter };
    // Once more, now that the hub knows the socket: a log-out in between has not seen it.
    if !open.is_signed_in().await? {
        return Err(AppError::not_signed_in().into());
    }
    Ok(socket
        .max_frame_size(MAX_FRAME)
        .max_message_size(MAX_FRAME)
        .read_buffer_size(BUFFER)
        // Without a maximum: a frame is only taken when the one before it has left, and one that
        // does not fit would end the socket.
        .write_buffer_size(BUFFER)
        .on_upgrade(move |socket| Box::pin(run(open, connection, socket))))
}

/// A socket that is known to the hub until this is dropped, also if the upgrade fails.
pub(super) struct Open {
    pub(super) app: AppState,
    pub(super) user: User,
    session: i128,
    pub(super) socket: u64,
    pub(super) network: IpAddr,
    meter: Meter,
}

impl Open {
    /// Whether the session that the socket was opened with is still good.
    async fn is_signed_in(&self) -> Result<bool, AppError> {
        Ok(is_good(&*self.app.store, self.session).await?)
    }

    /// Takes a token for a frame; true if there was none.
    fn floods(&self) -> bool {
        let user = self.user.id;
        let floods = self.app.part::<Rates>().events.take(&user).is_err();
        if floods {
            tracing::warn!(audit = "limit", limit = "events", %user, "a socket floods and is closed");
        }
        floods
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(leaving) = self.app.live.hub().disconnect(self.user.id, self.socket) {
            announce_departure(&self.app.live, self.user.id, leaving);
        }
    }
}

pub(super) type Outlet = SplitSink<WebSocket, Message>;

/// Why the task ends.
pub(super) enum End {
    /// The other side is gone.
    Gone,
    /// We close, like this.
    Close(Closing),
}

impl End {
    fn with(code: u16) -> Self {
        Self::Close(code.into())
    }
}

async fn run(open: Open, mut connection: Connection, socket: WebSocket) {
    if connection.arrived {
        announce_arrival(&open.app.live, open.user.id).await;
    }
    let (mut outlet, mut inlet) = socket.split();
    let End::Close(closing) = talk(&open, &mut connection, &mut outlet, &mut inlet).await else { return };
    let farewell = async {
        while let Ok(frame) = connection.frames.try_recv() {
            outlet.feed(Message::Text(frame.0)).await?;
        }
        if let Some(frame) = closing.last_word {
            outlet.feed(Message::Text(frame.0)).await?;
        }
        outlet.send(Message::Close(Some(CloseFrame { code: closing.code, reason: "".into() }))).await
    };
    // A socket that does not even take this is dropped.
    if let Ok(Ok(())) = timeout(FAREWELL, farewell).await {
        // Frames left unread would reset the connection, and the close code with it.
        let _ = timeout(FAREWELL, async { while let Some(Ok(_)) = inlet.next().await {} }).await;
    }
}

/// What a socket's task turns to next.
enum Turn {
    Heard(Option<Result<Message, axum::Error>>),
    News(Frame),
    Ping,
    Recheck,
    Silence,
    Close(Closing),
}

async fn talk(
    open: &Open,
    connection: &mut Connection,
    outlet: &mut Outlet,
    inlet: &mut SplitStream<WebSocket>,
) -> End {
    let Connection { frames, closing, .. } = connection;
    let mut ping = interval_at(Instant::now() + PING, PING);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut recheck = interval_at(Instant::now() + RECHECK, RECHECK);
    let mut heard = Instant::now();
    // Until its first frame is answered a device holds nothing that news could change.
    let mut begun = false;
    open.meter.next_message();
    loop {
        let turn = tokio::select! {
            frame = inlet.next() => Turn::Heard(frame),
            Some(frame) = frames.recv(), if begun => Turn::News(frame),
            _ = ping.tick() => Turn::Ping,
            _ = recheck.tick() => Turn::Recheck,
            () = sleep_until(heard + SILENCE) => Turn::Silence,
            closing = told_to_close(closing) => Turn::Close(closing),
        };
        if matches!(turn, Turn::Heard(_)) {
            heard = Instant::now();
            if !open.meter.is_exceeded() {
                open.meter.next_message();
            }
        }
        let step = async {
            match turn {
                // Every frame costs, also one that nobody answers.
                Turn::Heard(Some(Ok(
                    Message::Text(_) | Message::Binary(_) | Message::Ping(_) | Message::Pong(_),
                ))) if open.floods() => Err(End::with(close::FLOODING)),
                Turn::Heard(Some(Ok(Message::Text(text)))) => {
                    begun = true;
                    answer(open, outlet, text.as_str()).await
                }
                Turn::Heard(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => Ok(()),
                Turn::Heard(Some(Ok(Message::Binary(_)))) => {
                    refuse(open, outlet, AppError::malformed("send text frames")).await
                }
                Turn::Heard(Some(Err(_))) if open.meter.is_exceeded() => {
                    tracing::warn!(audit = "limit", limit = "fragments", user = %open.user.id, "a socket floods and is closed");
                    Err(End::with(close::FLOODING))
                }
                // Also where the connection broke; then there is nobody to be told.
                Turn::Heard(Some(Err(error))) => {
                    tracing::info!(audit = "unreadable", user = %open.user.id, %error, "a socket is closed");
                    Err(End::with(close::UNREADABLE))
                }
                Turn::Heard(Some(Ok(Message::Close(_))) | None) => Err(End::Gone),
                Turn::News(frame) => deliver(outlet, frame, frames).await,
                Turn::Silence => Err(End::Gone),
                Turn::Recheck => match open.is_signed_in().await {
                    Ok(false) => Err(End::with(close::SIGNED_OUT)),
                    // A store that cannot answer now is no reason to end anything.
                    Ok(true) | Err(_) => Ok(()),
                },
                Turn::Ping => beat(outlet).await,
                Turn::Close(closing) => Err(End::Close(closing)),
            }
        };
        // What was begun is finished, or a frame would be missing among those that follow. But
        // a reader that never reads does not hold us up for ever, and not for long once we close.
        let patience = timeout(SILENCE, async {
            told_to_close(closing).await;
            sleep(FAREWELL).await;
        });
        let result = tokio::select! {
            result = step => result,
            _ = patience => Err(End::Gone),
        };
        if let Err(end) = result {
            return end;
        }
    }
}

/// Completes when the hub wants the socket closed.
async fn told_to_close(closing: &mut watch::Receiver<Option<Closing>>) -> Closing {
    loop {
        if let Some(closing) = closing.borrow_and_update().clone() {
            return closing;
        }
        if closing.changed().await.is_err() {
            // The hub has forgotten the socket; only this task makes it do so.
            std::future::pending::<()>().await;
        }
    }
}

/// Sends a frame and all that wait behind it, and flushes once.
async fn deliver(outlet: &mut Outlet, first: Frame, rest: &mut mpsc::Receiver<Frame>) -> Result<(), End> {
    let mut next = Some(first);
    let mut made = Vec::new();
    while let Some(Frame(text, at)) = next {
        outlet.feed(Message::Text(text)).await.map_err(|_| End::Gone)?;
        made.push(at);
        next = rest.try_recv().ok();
    }
    outlet.flush().await.map_err(|_| End::Gone)?;
    made.into_iter().for_each(|made| METRICS.delivered(made));
    Ok(())
}

/// A ping, whose answer shows that the other side lives, and the same for a page, which cannot
/// see pings.
async fn beat(outlet: &mut Outlet) -> Result<(), End> {
    outlet.feed(Message::Ping(Default::default())).await.map_err(|_| End::Gone)?;
    say(outlet, &ServerEvent::Alive {}).await
}

pub(super) async fn say(outlet: &mut Outlet, event: &ServerEvent) -> Result<(), End> {
    outlet.send(Message::Text(Frame::of(event).0)).await.map_err(|_| End::Gone)
}

/// Says what may be large, where there is room for it.
pub(super) async fn say_within(open: &Open, outlet: &mut Outlet, event: &ServerEvent) -> Result<(), End> {
    let Frame(text, _) = Frame::of(event);
    match open.app.part::<Budget>().enter(open.network, text.len()) {
        Ok(_room) => outlet.send(Message::Text(text)).await.map_err(|_| End::Gone),
        Err(error) => refuse(open, outlet, error).await,
    }
}

/// Refuses something that a frame asked for; the socket stays open.
pub(super) async fn refuse(open: &Open, outlet: &mut Outlet, error: AppError) -> Result<(), End> {
    audit_refusal(&error, Some(Whom::User(open.user.id)));
    say(outlet, &ServerEvent::Error { error }).await
}

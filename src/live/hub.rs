//! Who is connected: every open socket of every user, and the way to speak to them.
//!
//! A frame is encoded once and shared. Each socket has a bounded queue; one that does not keep
//! up is closed with the code that means "resume", and nobody waits for it.

use axum::extract::ws::Utf8Bytes;
use model::{
    error::{AppError, ErrorCode},
    event::{ServerEvent, close},
    id::UserId,
};
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};
use tokio::sync::{mpsc, watch};

/// Frames that may wait for one socket.
const QUEUE: usize = 256;

/// An event as it goes over the wire, and when it was made; cloning it shares the bytes.
#[derive(Clone, Debug)]
pub struct Frame(pub Utf8Bytes, pub Instant);

impl Frame {
    /// Encodes an event.
    pub fn of(event: &ServerEvent) -> Self {
        let json = event.to_json().unwrap_or_else(|error| {
            tracing::error!(%error, "an event could not be encoded");
            r#"{"type":"error","error":{"code":"internal","message":"An event was lost. Reload the page."}}"#
                .into()
        });
        Self(json.into(), Instant::now())
    }
}

/// All open sockets; a cheap handle.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    users: Mutex<HashMap<UserId, Presence>>,
    next_socket: AtomicU64,
    /// How many sockets are open.
    open: watch::Sender<usize>,
}

/// A user who is connected, or was a moment ago.
#[derive(Default)]
struct Presence {
    sockets: Vec<Socket>,
    /// Counts departures, so that an old one does not speak for a newer one.
    departures: u64,
}

struct Socket {
    id: u64,
    session: i128,
    queue: mpsc::Sender<Frame>,
    closing: watch::Sender<Option<Closing>>,
}

/// How a socket is to be closed: what waits for it is sent first, then this.
#[derive(Clone, Debug)]
pub struct Closing {
    /// The close code.
    pub code: u16,
    /// A frame that finds its place even behind a full queue.
    pub last_word: Option<Frame>,
}

impl From<u16> for Closing {
    fn from(code: u16) -> Self {
        Self { code, last_word: None }
    }
}

/// A socket's own end.
pub struct Connection {
    /// Names the socket as long as the server runs.
    pub id: u64,
    /// What to send.
    pub frames: mpsc::Receiver<Frame>,
    /// Turns into the way to close.
    pub closing: watch::Receiver<Option<Closing>>,
    /// Whether the user was away before.
    pub arrived: bool,
}

/// What a hub has to do at a moment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Load {
    /// Users who are connected, or were a moment ago.
    pub users: usize,
    /// Open sockets.
    pub sockets: usize,
    /// Frames in all queues.
    pub frames_waiting: usize,
    /// Frames in the longest queue.
    pub longest_queue: usize,
}

/// A departure that has not been announced yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaving(u64);

impl Hub {
    /// Nobody is connected.
    pub fn new() -> Self {
        Self(Arc::new(Inner {
            users: Mutex::default(),
            next_socket: AtomicU64::new(0),
            open: watch::Sender::new(0),
        }))
    }

    /// Opens a socket of `user` under a session. Errors: `too_many` above `limit` sockets.
    pub fn connect(&self, user: UserId, session: i128, limit: usize) -> Result<Connection, AppError> {
        let (queue, frames) = mpsc::channel(QUEUE);
        let (closing, closed) = watch::channel(None);
        let mut users = self.users();
        let is_new = !users.contains_key(&user);
        let presence = users.entry(user).or_default();
        if presence.sockets.len() >= limit {
            return Err(AppError::new(
                ErrorCode::TooMany,
                "The chat is open in too many places. Close some of them and reload.",
            )
            .retry_after(60));
        }
        let id = self.0.next_socket.fetch_add(1, Ordering::Relaxed);
        presence.sockets.push(Socket { id, session, queue, closing });
        self.0.open.send_modify(|open| *open += 1);
        Ok(Connection { id, frames, closing: closed, arrived: is_new })
    }

    /// Takes a socket out. `Some` if it was the user's last one.
    pub fn disconnect(&self, user: UserId, socket: u64) -> Option<Leaving> {
        let mut users = self.users();
        let presence = users.get_mut(&user)?;
        let before = presence.sockets.len();
        presence.sockets.retain(|open| open.id != socket);
        self.0.open.send_modify(|open| *open -= before - presence.sockets.len());
        (before > 0 && presence.sockets.is_empty()).then(|| {
            presence.departures += 1;
            Leaving(presence.departures)
        })
    }

    /// Whether the user has stayed away since that departure; if so, they are offline from now.
    pub fn is_gone(&self, user: UserId, leaving: Leaving) -> bool {
        let mut users = self.users();
        let gone = users
            .get(&user)
            .is_some_and(|presence| presence.sockets.is_empty() && presence.departures == leaving.0);
        if gone {
            users.remove(&user);
        }
        gone
    }

    /// Whether the user's contacts see them as online.
    pub fn is_online(&self, user: UserId) -> bool {
        self.users().contains_key(&user)
    }

    /// Sends to every device of a user, but one socket. Whether any device of theirs is connected.
    pub fn send(&self, user: UserId, but: Option<u64>, frame: &Frame) -> bool {
        self.send_where(user, frame, |socket| Some(socket) != but)
    }

    /// Sends to one device of a user.
    pub fn send_to(&self, user: UserId, only: u64, frame: &Frame) {
        self.send_where(user, frame, |socket| socket == only);
    }

    /// How much there is to do.
    pub fn load(&self) -> Load {
        let users = self.users();
        let sockets = users.values().flat_map(|presence| &presence.sockets);
        let queues = sockets.map(|socket| socket.queue.max_capacity() - socket.queue.capacity());
        queues.fold(Load { users: users.len(), ..Load::default() }, |load, queue| Load {
            sockets: load.sockets + 1,
            frames_waiting: load.frames_waiting + queue,
            longest_queue: load.longest_queue.max(queue),
            ..load
        })
    }

    /// The sessions under which sockets are open, each once.
    pub fn sessions(&self) -> Vec<i128> {
        let users = self.users();
        let sockets = users.values().flat_map(|presence| &presence.sockets);
        let sessions: HashSet<_> = sockets.map(|socket| socket.session).collect();
        sessions.into_iter().collect()
    }

    /// Closes the sockets of a session.
    pub fn close_session(&self, session: i128, code: u16) {
        for presence in self.users().values() {
            for socket in presence.sockets.iter().filter(|socket| socket.session == session) {
                socket.closing.send_replace(Some(code.into()));
            }
        }
    }

    /// Closes the sockets of a user, but those of one session.
    pub fn close_sessions_of(&self, user: UserId, but: Option<i128>, code: u16) {
        let users = self.users();
        let sockets = users.get(&user).into_iter().flat_map(|presence| &presence.sockets);
        for socket in sockets.filter(|socket| Some(socket.session) != but) {
            socket.closing.send_replace(Some(code.into()));
        }
    }

    /// Closes all sockets with a last word to everyone; `all_closed` tells when they are.
    pub fn close_all(&self, last_word: &Frame) {
        let closing = Closing { code: close::RESTART, last_word: Some(last_word.clone()) };
        for presence in self.users().values() {
            for socket in &presence.sockets {
                socket.closing.send_replace(Some(closing.clone()));
            }
        }
    }

    /// Completes when no socket is open.
    pub async fn all_closed(&self) {
        let mut open = self.0.open.subscribe();
        // The sender lives in `self`.
        let _ = open.wait_for(|open| *open == 0).await;
    }

    fn send_where(&self, user: UserId, frame: &Frame, wanted: impl Fn(u64) -> bool) -> bool {
        let users = self.users();
        let Some(presence) = users.get(&user) else { return false };
        for socket in presence.sockets.iter().filter(|socket| wanted(socket.id)) {
            // A full queue: the socket misses this frame, so it must not get a later one. A restart
            // leaves time for the acknowledgement of what is just being stored.
            let is_open = |closing: &Option<Closing>| {
                closing.as_ref().is_none_or(|closing| closing.code == close::RESTART)
            };
            if is_open(&socket.closing.borrow()) && socket.queue.try_send(frame.clone()).is_err() {
                tracing::warn!(audit = "slow", %user, "a socket does not keep up and is closed");
                socket.closing.send_replace(Some(close::TOO_SLOW.into()));
            }
        }
        !presence.sockets.is_empty()
    }

    fn users(&self) -> MutexGuard<'_, HashMap<UserId, Presence>> {
        self.0.users.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Default for Hub {
    fn default() -> Self {
        Self::new()
    }
}

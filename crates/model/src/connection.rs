//! When a device connects, what it says first, and when it gives a socket up.
//!
//! A state machine without I/O, beside [`due`](crate::due): whoever drives it opens sockets, passes on
//! what they bring, sends what is [`due`](Connection::due) and wakes at [`wakes_at`](Connection::wakes_at).
//! The page does, and so do the devices of the torture, only faster. Moments are milliseconds of a clock
//! that nobody sets, spans are milliseconds.

use crate::{
    due::{InFlight, Wishes},
    error::ErrorCode,
    event::{ClientEvent, ServerEvent, close},
    state::{ChatState, Need},
    thread::Outgoing,
};

/// How long a device waits for what.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// The first wait before another try to connect; it doubles with each.
    pub first_wait: u32,
    /// The longest one.
    pub longest_wait: u32,
    /// How long opening may take, and the answer to something that wants one.
    pub answer: u32,
    /// The same for somebody who has just looked again at what may be long dead.
    pub probe: u32,
    /// The longest that a snapshot may take on a slow line: twice as long after each that did not come.
    pub longest_resume: u32,
    /// Where nothing is to be answered, the server says `alive` every 25 s. A connection that broke in
    /// silence would be noticed only after many minutes.
    pub silence: u32,
    /// The wait after the server closed a socket for its flood of frames.
    pub calm: u32,
    /// The wait before what the server could not do now is asked for again.
    pub retry: u32,
    /// How long sockets are tried that bring nothing, while the server answers requests, before the device
    /// does without.
    pub sockets: u32,
    /// Without a socket, how long after the last answer the device asks what is new.
    pub poll: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first_wait: 500,
            longest_wait: 10_000,
            answer: 10_000,
            probe: 4000,
            longest_resume: 60_000,
            silence: 60_000,
            calm: 10_000,
            retry: 2000,
            sockets: 12_000,
            poll: 5000,
        }
    }
}

/// What to do once a socket has ended, or could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing: the session has ended.
    SignedOut,
    /// Connect again after so long.
    Again {
        /// In milliseconds. Being back on line, or having written something, is a reason to try at once.
        after: u32,
        /// Whether the session may have ended: a browser does not say why a socket was refused.
        ask_session: bool,
    },
}

/// The connection of one device, over many sockets.
#[derive(Debug)]
pub struct Connection {
    pace: Pace,
    /// The next wait before a try.
    wait: u32,
    /// How long the next snapshot may take.
    patience: u32,
    /// Since when no socket has brought anything.
    trying_since: Option<i64>,
    /// Whether the device does without one.
    polls: bool,
    socket: Socket,
}

/// What is to be known of one socket.
#[derive(Debug, Default)]
struct Socket {
    asked: InFlight,
    /// Since when the device knows what the server knows.
    resumed_at: Option<i64>,
    /// Whether a snapshot was asked for and has not come.
    resuming: bool,
    /// Whether one is to be asked for.
    resume: bool,
    /// Whether something was asked that is to be answered.
    expecting: bool,
    /// When it last brought something.
    heard_at: Option<i64>,
    /// When the socket is given up unless something comes.
    patient_until: i64,
    retry_at: Option<i64>,
    /// Whether it is none, but one request after the other, which brings no news by itself.
    polls: bool,
    /// When to ask what is new.
    poll_at: Option<i64>,
    /// The server restarts and is back after so long.
    going_away: Option<u32>,
}

impl Connection {
    /// Not connected yet.
    pub fn new(pace: Pace) -> Self {
        Self {
            wait: pace.first_wait,
            patience: pace.answer,
            trying_since: None,
            polls: false,
            pace,
            socket: Socket::default(),
        }
    }

    /// A try to connect begins. Returns whether to do without a socket, because something on the way lets
    /// none through.
    pub fn trying(&mut self, now: i64) -> bool {
        self.trying_since.get_or_insert(now);
        self.polls
    }

    /// The server answers requests, although the last socket brought nothing.
    pub fn reached(&mut self, now: i64) {
        let patience = i64::from(self.pace.sockets);
        self.polls = self.trying_since.is_some_and(|since| now - since >= patience);
    }

    /// A socket is open, or what `polls` in its place: the device says what it has.
    pub fn opened(&mut self, polls: bool, now: i64) {
        self.socket = Socket {
            polls,
            resume: true,
            expecting: true,
            patient_until: now + i64::from(self.patience),
            ..Socket::default()
        };
    }

    /// The socket has brought something, whatever it says.
    pub fn alive(&mut self, now: i64) {
        self.socket.expecting = false;
        self.socket.heard_at = Some(now);
        self.socket.patient_until = now + i64::from(self.pace.silence);
    }

    /// How long things may take.
    pub fn pace(&self) -> Pace {
        self.pace
    }

    /// Takes note of what the server says, before the reducer does.
    pub fn heard(&mut self, event: &ServerEvent, wishes: &mut Wishes, now: i64) {
        let socket = &mut self.socket;
        socket.asked.answered(event, wishes);
        match event {
            ServerEvent::Resumed(_) => {
                socket.resuming = false;
                socket.resumed_at.get_or_insert(now);
                if !socket.polls {
                    (self.trying_since, self.polls) = (None, false);
                }
                socket.poll_at = socket.polls.then(|| now + i64::from(self.pace.poll));
            }
            ServerEvent::GoingAway { reconnect_after_ms } => socket.going_away = Some(*reconnect_after_ms),
            ServerEvent::Error { error }
                if matches!(
                    error.code,
                    ErrorCode::Unavailable | ErrorCode::Internal | ErrorCode::Changed
                ) =>
            {
                socket.retry_at.get_or_insert(now + i64::from(self.pace.retry));
            }
            _ => {}
        }
    }

    /// Takes note of what the reducer found missing.
    pub fn applied(&mut self, need: Need) {
        self.socket.resume |= need == Need::CatchUp && !self.socket.resuming;
    }

    /// Somebody looks at what may be long dead (after sleep, in another network): it has to show soon
    /// that it lives, unless it just did and nothing else says that it is `lost`.
    pub fn probe(&mut self, lost: bool, now: i64) {
        let (socket, patience) = (&mut self.socket, i64::from(self.pace.probe));
        if !lost && socket.heard_at.is_some_and(|at| now - at < patience) {
            return;
        }
        socket.resume |= !socket.resuming;
        socket.expecting = true;
        socket.patient_until = socket.patient_until.min(now + patience);
    }

    /// What is to be said over the socket now; `state` is `None` for a device that knows nothing yet.
    pub fn due(
        &mut self,
        state: Option<&ChatState>,
        wishes: &mut Wishes,
        may_be_sent: impl Fn(&Outgoing) -> bool,
        now: i64,
    ) -> Vec<ClientEvent> {
        let socket = &mut self.socket;
        let due = match state {
            _ if std::mem::take(&mut socket.resume) => {
                socket.resuming = true;
                vec![ClientEvent::Resume { cursors: state.map(ChatState::cursors).unwrap_or_default() }]
            }
            Some(state) if !socket.resuming => socket.asked.due(state, wishes, may_be_sent),
            _ => Vec::new(),
        };
        // Having seen something may be no news, and then nothing answers; nor is writing answered.
        let is_answered =
            |event: &ClientEvent| !matches!(event, ClientEvent::MarkRead { .. } | ClientEvent::Typing { .. });
        if due.iter().any(is_answered) && !std::mem::replace(&mut socket.expecting, true) {
            socket.patient_until = now + i64::from(self.pace.answer);
        }
        due
    }

    /// When to [`wake`](Self::wake) if nothing happens before.
    pub fn wakes_at(&self) -> i64 {
        let Socket { patient_until, retry_at, poll_at, .. } = self.socket;
        [retry_at, poll_at].into_iter().flatten().fold(patient_until, i64::min)
    }

    /// Time has passed. `false`: the socket is dead, nothing has come for too long.
    pub fn wake(&mut self, now: i64) -> bool {
        let socket = &mut self.socket;
        if socket.retry_at.is_some_and(|at| at <= now) {
            // What went unanswered is said again; that may have been the resume itself.
            socket.retry_at = None;
            socket.asked = InFlight::default();
            socket.resume = true;
        }
        if socket.poll_at.is_some_and(|at| at <= now) {
            socket.poll_at = None;
            socket.resume = true;
        }
        now < socket.patient_until
    }

    /// The socket is closed with this code, was given up or could not be opened; `random`, from 0 to 1,
    /// spreads the devices out.
    pub fn lost(&mut self, code: Option<u16>, now: i64, random: f64) -> Next {
        let Socket { resumed_at, going_away, polls, .. } = std::mem::take(&mut self.socket);
        if polls {
            // Sockets are tried for a while before the device does without again.
            (self.trying_since, self.polls) = (None, false);
        }
        let asked_to_wait = match (going_away, code) {
            (Some(after), _) => Some(after),
            (None, Some(close::SIGNED_OUT)) => return Next::SignedOut,
            (None, Some(close::FLOODING)) => Some(self.pace.calm),
            (None, _) => None,
        };
        match resumed_at {
            Some(at) => {
                self.patience = self.pace.answer;
                if now - at > i64::from(self.pace.longest_wait) {
                    self.wait = self.pace.first_wait;
                }
            }
            None => self.patience = (self.patience * 2).min(self.pace.longest_resume),
        }
        let after = pause(asked_to_wait, self.wait, random);
        self.wait = (self.wait * 2).min(self.pace.longest_wait);
        Next::Again { after, ask_session: resumed_at.is_none() }
    }
}

/// How long to wait before another try, in milliseconds: what the server asked for and up to twice
/// that, else between half and all of `wait`. `random`, from 0 to 1, spreads the devices out, or all
/// would come back in the same moment.
pub fn pause(asked: Option<u32>, wait: u32, random: f64) -> u32 {
    let pause = match asked {
        Some(after) => f64::from(after) * (1.0 + random),
        None => f64::from(wait) * (0.5 + random / 2.0),
    };
    pause as u32
}

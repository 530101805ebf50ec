//! Stays connected, catches up, empties the outbox: `src/chat/live.rs` once more, without a
//! browser, and with a person who cannot stop writing.

use super::{
    asked::{Asked, Wishes},
    link::{Link, NoLink},
    log::Log,
    orders::{Command, Orders, Report, report},
};
use crate::{judge::What, random::Random};
use sotto::{
    chat::{
        event::{ClientEvent, ServerEvent},
        state::{ChatState, Need, Outgoing},
    },
    error::ErrorCode,
    id::{ConversationId, MessageId},
    time::Timestamp,
};
use std::{
    collections::{BTreeMap, HashSet},
    time::Duration,
};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};

/// As in the page, ten times as fast; silence even faster, because nothing else shows here that
/// the last news before a quiet moment were lost.
const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(1);
const ANSWER: Duration = Duration::from_millis(1500);
const SILENCE: Duration = Duration::from_secs(4);
const RETRY: Duration = Duration::from_millis(200);
/// A person stops writing where so much waits to be sent.
const PATIENCE: usize = 20;

pub struct Device {
    orders: Orders,
    log: Log,
    random: Random,
    commands: mpsc::Receiver<Command>,
    /// Unknown until the first snapshot.
    state: Option<ChatState>,
    wishes: Wishes,
    begun: HashSet<MessageId>,
    written: u64,
    writes_at: Instant,
    task: Task,
}

/// What the driver wants.
enum Task {
    Write,
    Settle { reported: bool },
    Agree(BTreeMap<ConversationId, u64>),
    Ended,
}

/// What a moment brings.
enum Next {
    Text(Option<String>),
    Command(Command),
    Write,
    Retry,
    Silence,
}

impl Device {
    pub fn new(orders: Orders, commands: mpsc::Receiver<Command>) -> Self {
        Self {
            log: Log::open(&orders),
            random: Random::from_seed(orders.seed),
            commands,
            state: None,
            wishes: Wishes::default(),
            begun: HashSet::new(),
            written: 0,
            writes_at: Instant::now(),
            task: Task::Write,
            orders,
        }
    }

    /// Connects again and again, with growing waits, until there is nothing left to do.
    pub async fn live(mut self) {
        self.log.write(What::Came { user: self.orders.user });
        let mut wait = FIRST_WAIT;
        while !matches!(self.task, Task::Ended) {
            match Link::open(&self.orders, ANSWER).await {
                Ok(link) => {
                    let opened = Instant::now();
                    self.log.write(What::Connected);
                    self.converse(link).await;
                    self.log.write(What::Lost);
                    if opened.elapsed() > LONGEST_WAIT {
                        wait = FIRST_WAIT;
                    }
                }
                Err(NoLink::Now) => {}
                Err(NoLink::SignedOut) => self.complain("the session is gone"),
            }
            self.pause(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
        // The driver has yet to read the report; the process ends with its input.
        std::future::pending::<()>().await;
    }

    /// Waits without a connection; the person goes on writing.
    async fn pause(&mut self, wait: Duration) {
        let wait = wait / 2 + wait.mul_f64(self.random.within(0..500) as f64 / 1000.0);
        let until = Instant::now() + wait;
        while Instant::now() < until && !matches!(self.task, Task::Ended) {
            tokio::select! {
                () = sleep_until(until) => {}
                Some(command) = self.commands.recv() => self.obey(command),
                () = sleep_until(self.writes_at), if matches!(self.task, Task::Write) => self.write(),
            }
        }
    }

    /// Speaks over one socket until it ends.
    async fn converse(&mut self, mut link: Link) {
        let mut resuming = true;
        let mut asked = Asked::default();
        let mut retry = None;
        let mut expecting = true;
        let mut patience = Instant::now() + ANSWER;
        if !self.say(&mut link, &self.resume()).await {
            return;
        }
        while !matches!(self.task, Task::Ended) {
            let far = Instant::now() + SILENCE;
            let next = tokio::select! {
                biased;
                text = link.next() => Next::Text(text),
                Some(command) = self.commands.recv() => Next::Command(command),
                () = sleep_until(retry.unwrap_or(far)), if retry.is_some() => Next::Retry,
                () = sleep_until(patience) => Next::Silence,
                () = sleep_until(self.writes_at), if matches!(self.task, Task::Write) => Next::Write,
            };
            let mut resume = false;
            match next {
                Next::Text(None) | Next::Silence => return,
                Next::Text(Some(text)) => {
                    expecting = false;
                    patience = Instant::now() + SILENCE;
                    let Ok(event) = ServerEvent::from_json(&text) else {
                        self.complain(&format!("unreadable: {text}"));
                        continue;
                    };
                    self.log.heard(&event);
                    match &event {
                        ServerEvent::Resumed(_) => resuming = false,
                        ServerEvent::ConversationLoaded { conversation_id, before, .. } => {
                            asked.pages.remove(conversation_id);
                            if self.wishes.pages.get(conversation_id) == Some(before) {
                                self.wishes.pages.remove(conversation_id);
                            }
                        }
                        ServerEvent::Error { error } => match error.code {
                            ErrorCode::Unavailable | ErrorCode::Internal => {
                                self.log.write(What::Unavailable);
                                retry.get_or_insert(Instant::now() + RETRY);
                            }
                            _ => self.complain(&format!("{:?}: {error}", error.code)),
                        },
                        _ => {}
                    }
                    resume = self.apply(event) == Need::CatchUp && !resuming;
                }
                Next::Command(command) => self.obey(command),
                Next::Write => self.write(),
                Next::Retry => {
                    retry = None;
                    asked = Asked::default();
                    resume = true;
                }
            }
            let mut due = Vec::new();
            if resume {
                resuming = true;
                due.push(self.resume());
            } else if !resuming {
                self.want();
                due = self.state.as_ref().map(|state| asked.due(state, &mut self.wishes)).unwrap_or_default();
                self.progress();
            }
            for event in due {
                if !self.say(&mut link, &event).await {
                    return;
                }
                if !matches!(event, ClientEvent::MarkRead { .. }) && !std::mem::replace(&mut expecting, true)
                {
                    patience = Instant::now() + ANSWER;
                }
            }
        }
    }

    fn apply(&mut self, event: ServerEvent) -> Need {
        match (&mut self.state, event) {
            (Some(state), event) => state.apply(event),
            (none, ServerEvent::Resumed(snapshot)) => {
                *none = Some(ChatState::begin(snapshot));
                Need::Nothing
            }
            (None, _) => Need::Nothing,
        }
    }

    fn resume(&self) -> ClientEvent {
        let cursors = self.state.as_ref().map(ChatState::cursors).unwrap_or_default();
        ClientEvent::Resume { cursors }
    }

    async fn say(&mut self, link: &mut Link, event: &ClientEvent) -> bool {
        if let ClientEvent::SendPrivateMessage {
            id,
            target: sotto::chat::event::Target::Conversation(conversation),
            body,
            ..
        } = event
        {
            let (conversation, id) = (*conversation, *id);
            self.log.write(if self.begun.insert(id) {
                What::Begun { conversation, id, body: body.clone() }
            } else {
                What::Again { conversation, id }
            });
        }
        link.say(serde_json::to_string(event).expect("JSON"), ANSWER).await
    }

    fn complain(&mut self, why: &str) {
        self.log.write(What::Complaint { why: why.to_owned() });
    }

    fn obey(&mut self, command: Command) {
        self.task = match command {
            Command::Settle => Task::Settle { reported: false },
            Command::Agree(heads) => Task::Agree(heads),
        };
    }

    /// The person does something: mostly writes, sometimes reads or scrolls up.
    fn write(&mut self) {
        let pace = self.orders.pace.as_micros() as u64;
        self.writes_at = Instant::now() + Duration::from_micros(self.random.within(0..2 * pace + 1));
        let Some(state) = &mut self.state else { return };
        let talks: Vec<_> = state.threads.keys().copied().collect();
        let Some(talk) = self.random.one_of(&talks) else { return };
        let Some(thread) = state.threads.get(&talk) else { return };
        match self.random.within(0..10) {
            0 => drop(self.wishes.pages.insert(talk, thread.older_than())),
            1 | 2 => {
                let Some(seq) = thread.last_message().map(|message| message.seq) else { return };
                self.wishes.seen.insert(talk, seq);
                self.log.write(What::Seen { conversation: talk, seq });
            }
            _ if thread.outbox.len() >= PATIENCE => {}
            _ => {
                self.written += 1;
                // Some are long, so that commits are, too.
                let length = if self.random.chance(0.1) { self.random.within(500..3900) } else { 10 };
                let body = format!("{} {} {}", self.orders.device, self.written, "x".repeat(length as usize));
                let message = Outgoing { id: MessageId::new(), body, written_at: Timestamp(0), failed: None };
                state.compose(talk, message);
            }
        }
    }

    /// Whoever is to agree wants to see all of the history.
    fn want(&mut self) {
        let (Task::Agree(_), Some(state)) = (&self.task, &self.state) else { return };
        for (id, thread) in &state.threads {
            if let Some(before) = thread.older_than() {
                self.wishes.pages.insert(*id, Some(before));
            }
        }
    }

    /// Says how far the driver's task has come.
    fn progress(&mut self) {
        let Some(state) = &self.state else { return };
        match &mut self.task {
            Task::Settle { reported } => {
                let waits = state.threads.values().any(|thread| !thread.outbox.is_empty());
                if !waits && self.wishes.pages.is_empty() && self.wishes.seen.is_empty() && !*reported {
                    *reported = true;
                    report(Report::Settled);
                }
            }
            Task::Agree(heads) => {
                let behind = |(id, thread): (&ConversationId, &sotto::chat::state::Thread)| {
                    thread.has_more || heads.get(id).is_some_and(|head| thread.cursor < *head)
                };
                if !state.threads.iter().any(behind) {
                    self.end();
                }
            }
            Task::Write | Task::Ended => {}
        }
    }

    /// Logs everything that the device holds.
    fn end(&mut self) {
        for (conversation, thread) in self.state.iter().flat_map(|state| &state.threads) {
            self.log.write(What::Ended {
                conversation: *conversation,
                cursor: thread.cursor,
                read: thread.read.clone(),
                messages: thread.messages.values().cloned().collect(),
            });
        }
        self.task = Task::Ended;
        report(Report::Ended);
    }
}

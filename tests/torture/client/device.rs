//! Stays connected, catches up, empties the outbox: `src/chat/live.rs` once more, without a browser.

use super::{
    link::{Link, NoLink},
    log::Log,
    orders::{Command, Orders},
    person::Task,
};
use crate::{judge::What, random::Random};
use model::{
    due::{Asked, Wishes},
    error::ErrorCode,
    event::{ClientEvent, ServerEvent},
    id::MessageId,
    state::{ChatState, Need},
};
use std::{collections::HashSet, time::Duration};
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

pub struct Device {
    pub(super) orders: Orders,
    pub(super) log: Log,
    pub(super) random: Random,
    commands: mpsc::Receiver<Command>,
    /// Unknown until the first snapshot.
    pub(super) state: Option<ChatState>,
    pub(super) wishes: Wishes,
    begun: HashSet<MessageId>,
    pub(super) written: u64,
    pub(super) writes_at: Instant,
    pub(super) task: Task,
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
                    asked.answered(&event, &mut self.wishes);
                    match &event {
                        ServerEvent::Resumed(_) => resuming = false,
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
                if let Some(state) = &self.state {
                    due = asked.due(state, &mut self.wishes, |_| true);
                }
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
            target: model::event::Target::Conversation(conversation),
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
}

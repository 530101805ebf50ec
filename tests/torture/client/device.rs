//! Stays connected, catches up, empties the outbox: as the page does, without a browser.

use super::{
    errand::{Errand, Errands},
    link::{Link, NoLink},
    log::Log,
    orders::{Command, Orders},
    parcel::Parcels,
    person::Task,
};
use crate::{
    judge::{How, What},
    random::Random,
};
use model::{
    connection::{Connection, Next, Pace},
    due::Wishes,
    error::ErrorCode,
    event::{ClientEvent, ServerEvent, Target},
    id::{ConversationId, MessageId},
    state::{ChatState, Need},
};
use std::{collections::HashSet, time::Duration};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};

/// How long the network may take for one thing.
const ANSWER: Duration = Duration::from_millis(PACE.answer as u64);
/// As in the page, ten times as fast; silence even faster, because nothing else shows here that
/// the last news before a quiet moment were lost.
const PACE: Pace = Pace {
    first_wait: 50,
    longest_wait: 1000,
    answer: 1500,
    probe: 400,
    longest_resume: 6000,
    silence: 4000,
    calm: 1000,
    retry: 200,
    sockets: 800,
    poll: 500,
};

pub struct Device {
    pub(super) orders: Orders,
    pub(super) log: Log,
    pub(super) random: Random,
    commands: mpsc::Receiver<Command>,
    /// Unknown until the first snapshot.
    pub(super) state: Option<ChatState>,
    pub(super) wishes: Wishes,
    begun_at: Instant,
    begun: HashSet<MessageId>,
    pub(super) written: u64,
    pub(super) writes_at: Instant,
    pub(super) task: Task,
    pub(super) errands: Errands,
    pub(super) parcels: Parcels,
}

/// What a moment brings.
enum Moment {
    Text(Option<String>),
    Command(Command),
    Done(Errand),
    Arrived,
    Write,
    Wake,
}

impl Device {
    pub fn new(orders: Orders, commands: mpsc::Receiver<Command>) -> Self {
        Self {
            log: Log::open(&orders),
            random: Random::from_seed(orders.seed),
            commands,
            state: None,
            wishes: Wishes::default(),
            begun_at: Instant::now(),
            begun: HashSet::new(),
            written: 0,
            writes_at: Instant::now(),
            task: Task::Write,
            errands: Errands::new(&orders),
            parcels: Parcels::default(),
            orders,
        }
    }

    /// Connects again and again, with growing waits, until there is nothing left to do.
    pub async fn live(mut self) {
        self.log.write(What::Came { user: self.orders.user });
        let mut connection = Connection::new(PACE);
        while !matches!(self.task, Task::Ended) {
            match Link::open(&self.orders, ANSWER).await {
                Ok(link) => {
                    self.log.write(What::Connected);
                    self.converse(&mut connection, link).await;
                    self.log.write(What::Lost);
                }
                Err(NoLink::Now) => {}
                Err(NoLink::SignedOut) => self.complain("the session is gone"),
            }
            let random = self.random.within(0..1000) as f64 / 1000.0;
            // With whatever code the line ended, the driver wants this device back.
            if let Next::Again { after, .. } = connection.lost(None, self.now(), random) {
                self.pause(Duration::from_millis(after.into())).await;
            }
        }
        // The driver has yet to read the report; the process ends with its input.
        std::future::pending::<()>().await;
    }

    /// Milliseconds since the device began.
    fn now(&self) -> i64 {
        self.begun_at.elapsed().as_millis() as i64
    }

    /// Waits without a connection; the person goes on writing.
    async fn pause(&mut self, wait: Duration) {
        let until = Instant::now() + wait;
        while Instant::now() < until && !matches!(self.task, Task::Ended) {
            tokio::select! {
                () = sleep_until(until) => {}
                Some(command) = self.commands.recv() => self.obey(command),
                errand = self.errands.next() => self.log.did(errand),
                () = self.parcels.arrived() => {}
                () = sleep_until(self.writes_at), if matches!(self.task, Task::Write) => self.write(),
            }
        }
    }

    /// Speaks over one socket until it ends.
    async fn converse(&mut self, connection: &mut Connection, mut link: Link) {
        connection.opened(false, self.now());
        while !matches!(self.task, Task::Ended) {
            self.want();
            let now = self.now();
            for event in connection.due(self.state.as_ref(), &mut self.wishes, |_| true, now) {
                if !self.say(&mut link, &event).await {
                    return;
                }
            }
            self.progress();
            let wakes_at = self.begun_at + Duration::from_millis(connection.wakes_at().max(0) as u64);
            let moment = tokio::select! {
                biased;
                text = link.next() => Moment::Text(text),
                Some(command) = self.commands.recv() => Moment::Command(command),
                errand = self.errands.next() => Moment::Done(errand),
                () = self.parcels.arrived() => Moment::Arrived,
                () = sleep_until(wakes_at) => Moment::Wake,
                () = sleep_until(self.writes_at), if matches!(self.task, Task::Write) => Moment::Write,
            };
            match moment {
                Moment::Text(None) => return,
                Moment::Text(Some(text)) => {
                    connection.alive(self.now());
                    self.hear(connection, &text);
                }
                Moment::Command(command) => self.obey(command),
                Moment::Done(errand) => self.log.did(errand),
                Moment::Arrived => {}
                Moment::Write => self.write(),
                Moment::Wake => {
                    if !connection.wake(self.now()) {
                        return;
                    }
                }
            }
        }
    }

    fn hear(&mut self, connection: &mut Connection, text: &str) {
        let Ok(event) = ServerEvent::from_json(text) else {
            return self.complain(&format!("unreadable: {text}"));
        };
        self.log.heard(&event);
        let now = self.now();
        connection.heard(&event, &mut self.wishes, now);
        if let ServerEvent::Error { error } = &event {
            match error.code {
                ErrorCode::Unavailable | ErrorCode::Internal => self.log.write(What::Unavailable),
                code => self.log.write(What::Complaint { code, why: error.to_string() }),
            }
        }
        let refused = match &event {
            ServerEvent::MessageRefused { id, .. } => Some(*id),
            _ => None,
        };
        let need = self.apply(event);
        connection.applied(need);
        // As the page does with a change, and the person with a message.
        if let (Some(id), Some(state)) = (refused, &mut self.state) {
            state.discard(id);
        }
    }

    fn apply(&mut self, event: ServerEvent) -> Need {
        match (&mut self.state, event) {
            (Some(state), event) => state.apply(event).need,
            (none, ServerEvent::Resumed(snapshot)) => {
                *none = Some(ChatState::begin(snapshot));
                Need::Nothing
            }
            (None, _) => Need::Nothing,
        }
    }

    async fn say(&mut self, link: &mut Link, event: &ClientEvent) -> bool {
        if let Some((conversation, id, begun)) = begun(event) {
            let is_first = self.begun.insert(id);
            self.log.write(if is_first { begun } else { What::Again { conversation, id } });
        }
        link.say(serde_json::to_string(event).expect("JSON"), ANSWER).await
    }

    fn complain(&mut self, why: &str) {
        self.log.write(What::Complaint { code: ErrorCode::Malformed, why: why.to_owned() });
    }
}

/// What is begun with a frame that asks for something to be stored, and what it is called.
fn begun(event: &ClientEvent) -> Option<(ConversationId, MessageId, What)> {
    let changing = |conversation: &ConversationId, message: &MessageId, change: &Option<MessageId>, how| {
        let (conversation, message, id) = (*conversation, *message, (*change)?);
        Some((conversation, id, What::Changing { conversation, id, message, how }))
    };
    match event {
        ClientEvent::SendPrivateMessage { id, target: Target::Conversation(conversation), body, .. } => {
            let (conversation, id) = (*conversation, *id);
            Some((conversation, id, What::Begun { conversation, id, body: body.clone(), file: None }))
        }
        ClientEvent::EditMessage { conversation_id, id, body, change } => {
            changing(conversation_id, id, change, How::Edit(body.clone()))
        }
        ClientEvent::DeleteMessage { conversation_id, id, change } => {
            changing(conversation_id, id, change, How::Delete)
        }
        ClientEvent::React { conversation_id, id, emoji, on, change } => {
            changing(conversation_id, id, change, How::React { emoji: emoji.clone(), on: *on })
        }
        ClientEvent::PinMessage { conversation_id, id, on, change } => {
            changing(conversation_id, id, change, How::Pin { on: *on })
        }
        _ => None,
    }
}

//! The person at the device, who cannot stop writing until told to; and what the driver wants to be
//! told after that.

use super::{
    device::Device,
    orders::{Command, Report, report},
};
use crate::judge::What;
use model::{
    id::{ConversationId, MessageId},
    thread::{Outgoing, Thread},
    time::Timestamp,
};
use std::{collections::BTreeMap, time::Duration};
use tokio::time::Instant;

/// A person stops writing where so much waits to be sent.
const PATIENCE: usize = 20;

/// What the driver wants.
pub enum Task {
    Write,
    Settle { reported: bool },
    Agree(BTreeMap<ConversationId, u64>),
    Ended,
}

impl Device {
    pub(super) fn obey(&mut self, command: Command) {
        self.task = match command {
            Command::Settle => Task::Settle { reported: false },
            Command::Agree(heads) => Task::Agree(heads),
        };
    }

    /// The person does something: mostly writes, sometimes reads or scrolls up.
    pub(super) fn write(&mut self) {
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
                let message = Outgoing::text(MessageId::new(), body, Timestamp(0));
                state.compose(talk, message);
            }
        }
    }

    /// Whoever is to agree wants to see all of the history.
    pub(super) fn want(&mut self) {
        let (Task::Agree(_), Some(state)) = (&self.task, &self.state) else { return };
        for (id, thread) in &state.threads {
            if let Some(before) = thread.older_than() {
                self.wishes.pages.insert(*id, Some(before));
            }
        }
    }

    /// Says how far the driver's task has come.
    pub(super) fn progress(&mut self) {
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
                let behind = |(id, thread): (&ConversationId, &Thread)| {
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

//! The person at the device, who cannot stop writing until told to; and what the driver wants to be
//! told after that.

use super::{
    device::Device,
    orders::{Command, Goal, Report, report},
};
use crate::{
    judge::{About, Deed, What},
    random::Random,
};
use model::{
    change::{Change, Emoji},
    group::{ADMINS, EVERYONE, HIDDEN, HISTORY, Role, SHOWN, Setting},
    id::{ConversationId, MessageId, UserId},
    message::{Anchor, ConversationKind, Message, MessageBody},
    state::ChatState,
    thread::{Operation, Outgoing, Thread},
    time::Timestamp,
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::time::Instant;

/// A person stops writing where so much waits to be sent.
const PATIENCE: usize = 20;
/// So far back a person looks for something to change.
const SIGHT: usize = 20;
/// Emojis as they are written in full.
const EMOJIS: [&str; 3] = ["👍", "🎉", "🦆"];

/// What the driver wants.
pub enum Task {
    Write,
    Settle { reported: bool },
    Agree(BTreeMap<ConversationId, Goal>),
    Ended,
}

/// What a person does next.
#[derive(Clone, Copy)]
enum Mood {
    Write,
    ScrollUp,
    Read,
    Edit,
    Delete,
    React,
    Pin,
    Rule,
    Attach,
}

impl Mood {
    fn of(random: &mut Random) -> Self {
        match random.within(0..100) {
            0..8 => Self::ScrollUp,
            8..24 => Self::Read,
            24..32 => Self::Edit,
            32..35 => Self::Delete,
            35..47 => Self::React,
            47..51 => Self::Pin,
            51..58 => Self::Rule,
            58..64 => Self::Attach,
            _ => Self::Write,
        }
    }
}

impl Device {
    pub(super) fn obey(&mut self, command: Command) {
        self.task = match command {
            Command::Settle => Task::Settle { reported: false },
            Command::Agree(goals) => Task::Agree(goals),
        };
    }

    /// The person does something: mostly writes, sometimes changes what stands there, reads, scrolls up, sends a
    /// file, or does something about a group.
    pub(super) fn write(&mut self) {
        let pace = self.orders.pace.as_micros() as u64;
        self.writes_at = Instant::now() + Duration::from_micros(self.random.within(0..2 * pace + 1));
        let Some(state) = &self.state else { return };
        let talks: Vec<_> = state.threads.keys().copied().collect();
        let Some(talk) = self.random.one_of(&talks) else { return };
        let Some(thread) = state.threads.get(&talk) else { return };
        let me = state.me.id;
        let waiting = thread.outbox.len();
        match Mood::of(&mut self.random) {
            Mood::ScrollUp => drop(self.wishes.pages.insert(talk, Anchor::before(thread.older_than()))),
            Mood::Read => {
                let Some(seq) = thread.last_message().map(|message| message.seq) else { return };
                self.wishes.seen.insert(talk, seq);
                self.log.write(What::Seen { conversation: talk, seq });
            }
            Mood::Rule => self.rule(),
            Mood::Attach if self.parcels.is_out() => {}
            Mood::Attach => {
                let (seed, body) = (self.random.next(), self.words());
                self.parcels.send(&self.orders, seed, talk, body);
            }
            _ if waiting >= PATIENCE => {}
            Mood::Write => {
                let body = self.words();
                self.compose(talk, Operation::text(body));
            }
            Mood::Edit => {
                // Somebody else's words sometimes, which is refused and undone.
                let is_own = !self.random.chance(0.1);
                let Some(message) = self.pick(talk, |message| (message.sender == me) == is_own) else {
                    return;
                };
                let words = MessageBody::parse(&self.words()).expect("words");
                self.compose(talk, Operation::Change { message, change: Change::Edit(words) });
            }
            Mood::Delete => {
                let Some(message) = self.pick(talk, |message| message.sender == me) else { return };
                self.compose(talk, Operation::Change { message, change: Change::Delete });
            }
            Mood::React => {
                let Some(message) = self.pick(talk, |_| true) else { return };
                let emoji = self.random.one_of(&EMOJIS).unwrap_or(EMOJIS[0]);
                let emoji = Emoji::parse(emoji).expect("an emoji");
                let on = self.random.chance(0.6);
                self.compose(talk, Operation::Change { message, change: Change::React { emoji, on } });
            }
            Mood::Pin => {
                let Some(message) = self.pick(talk, |_| true) else { return };
                let on = self.random.chance(0.6);
                self.compose(talk, Operation::Change { message, change: Change::Pin { on } });
            }
        }
    }

    fn compose(&mut self, talk: ConversationId, operation: Operation) {
        if let Some(state) = &mut self.state {
            state.compose(talk, Outgoing::new(MessageId::new(), operation, Timestamp(0)));
        }
    }

    /// Words that nobody else says, nor has said before.
    fn words(&mut self) -> String {
        self.written += 1;
        // Some are long, so that commits are, too.
        let length = if self.random.chance(0.1) { self.random.within(500..3900) } else { 10 };
        format!("{} {} {}", self.orders.device, self.written, "x".repeat(length as usize))
    }

    /// One of the newest messages that are somebody's words, if any is as wanted.
    fn pick(&mut self, talk: ConversationId, wanted: impl Fn(&Message) -> bool) -> Option<MessageId> {
        let messages = self.state.as_ref()?.threads.get(&talk)?.messages.values().rev().take(SIGHT);
        let such = messages.filter(|message| message.content.words().is_some() && wanted(message));
        let such: Vec<_> = such.map(|message| message.id).collect();
        self.random.one_of(&such)
    }

    /// Does something about a group.
    fn rule(&mut self) {
        let Some(state) = &self.state else { return };
        if self.errands.is_out {
            return;
        }
        let is_group = |id: &ConversationId| {
            state.threads.get(id).is_some_and(|thread| thread.conversation.kind == ConversationKind::Group)
        };
        let groups: Vec<_> = self.orders.groups.iter().copied().filter(|group| is_group(&group.id)).collect();
        let Some(group) = self.random.one_of(&groups) else { return };
        let me = state.me.id;
        let (keeper, is_open) = (group.keeper, group.is_open);
        let number = self.written;
        let Some(deed) = deed(state, group.id, (keeper, is_open), &mut self.random, |random| {
            format!("{} {number} {}", self.orders.device, random.next() % 1_000_000_000)
        }) else {
            return;
        };
        let id = MessageId::new();
        self.log.write(What::Asked { conversation: group.id, id, deed: deed.clone() });
        self.errands.run(group.id, id, &deed, me);
    }

    /// Whoever is to agree wants to see all of the history; and nobody wants any of what is not theirs any more.
    pub(super) fn want(&mut self) {
        let Some(state) = &self.state else { return };
        self.wishes.pages.retain(|id, _| state.threads.contains_key(id));
        if !matches!(self.task, Task::Agree(_)) {
            return;
        }
        for (id, thread) in &state.threads {
            if let Some(before) = thread.older_than() {
                self.wishes.pages.insert(*id, Anchor::before(before));
            }
        }
    }

    /// Says how far the driver's task has come.
    pub(super) fn progress(&mut self) {
        let Some(state) = &self.state else { return };
        match &mut self.task {
            Task::Settle { reported } => {
                let waits = state.threads.values().any(|thread| !thread.outbox.is_empty());
                let wishes = !self.wishes.pages.is_empty() || !self.wishes.seen.is_empty();
                if !waits && !wishes && !self.errands.is_out && !self.parcels.is_out() && !*reported {
                    *reported = true;
                    report(Report::Settled);
                }
            }
            Task::Agree(goals) => {
                let me = state.me.id;
                let own = goals.iter().filter(|(_, goal)| goal.members.contains(&me));
                let is_there = |(id, goal): (&ConversationId, &Goal)| {
                    let follows = |thread: &Thread| !thread.has_more && thread.cursor >= goal.head;
                    state.threads.get(id).is_some_and(follows)
                };
                if state.threads.len() == own.clone().count() && own.clone().all(is_there) {
                    self.end();
                }
            }
            Task::Write | Task::Ended => {}
        }
    }

    /// Logs everything that the device shows.
    fn end(&mut self) {
        let Some(state) = &self.state else { return };
        for thread in state.threads.values() {
            let shown = |message: &Arc<Message>| thread.shown(message, state.me.id);
            self.log.write(What::Ended {
                about: About::of(&thread.conversation),
                cursor: thread.cursor,
                read: thread.read.clone(),
                pins: thread.pins.clone(),
                messages: thread.messages.values().map(shown).collect(),
            });
        }
        self.task = Task::Ended;
        report(Report::Ended);
    }
}

/// What somebody wants of a group; whether they may is the server's business.
fn deed(
    state: &ChatState,
    group: ConversationId,
    (keeper, is_open): (UserId, bool),
    random: &mut Random,
    name: impl Fn(&mut Random) -> String,
) -> Option<Deed> {
    let (me, members) = (state.me.id, &state.threads.get(&group)?.conversation.members);
    let others: Vec<_> = members.iter().copied().filter(|member| *member != me).collect();
    let friends: Vec<_> = state.contacts.keys().copied().filter(|other| !members.contains(other)).collect();
    let other = random.one_of(&others);
    match random.within(0..16) {
        0 | 1 => Some(Deed::Rename(name(random))),
        2..8 => random.one_of(&friends).map(Deed::Add),
        8 | 9 => other.filter(|other| *other != keeper).map(Deed::Remove),
        10 => (me != keeper).then_some(Deed::Remove(me)),
        11 => other.map(|other| Deed::Role(other, Role::Admin)),
        12 => {
            other.map(|other| Deed::Role(other, if random.chance(0.5) { Role::Member } else { Role::Owner }))
        }
        13 if is_open => {
            let word = random.one_of(&[SHOWN, HIDDEN])?;
            Some(Deed::Set(HISTORY.into(), word.into()))
        }
        _ => {
            let setting = random.one_of(&Setting::ALL)?;
            let word = if random.chance(0.3) { ADMINS } else { EVERYONE };
            Some(Deed::Set(setting.word().into(), word.into()))
        }
    }
}

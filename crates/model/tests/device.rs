//! A device on a bad line, and when it may say that it knows what the server knows.

use super::server::{self, ME, Server, talk_id};
use model::{
    change::{Change, Emoji},
    event::ServerEvent,
    id::{ConversationId, MessageId},
    message::{Anchor, Conversation, MessageBody},
    state::{ChatState, Need},
    thread::{Operation, Outgoing},
    time::Timestamp,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use uuid::Uuid;

/// What can happen between the two; `pick` is taken modulo what waits.
#[derive(Clone, Debug)]
pub enum Step {
    /// Something changes on the server.
    Change(server::Change),
    /// News arrive, in any order.
    Deliver { pick: usize },
    /// News arrive, and will arrive again.
    Double { pick: usize },
    /// News are lost.
    Drop { pick: usize },
    /// The device asks for what it missed, over the same socket.
    CatchUp,
    /// A new socket: what was on its way is lost.
    Reconnect,
    /// The device asks for the newest page, or for the one before what is looked at.
    Load { talk: usize, older: bool },
    /// It asks for the page around a seq.
    LoadAround { talk: usize, pick: usize },
    /// It asks for the page after what is looked at.
    LoadNewer { talk: usize },
    /// The person goes back to the newest messages.
    Leave { talk: usize },
    /// The server answers the oldest question.
    Answer,
    /// The same, and while it puts the answer together something changes.
    AnswerTorn(server::Change),
    /// The person writes something.
    Write { talk: usize },
    /// The person changes something that is held, also what is not theirs, which is refused: edits it, deletes it,
    /// reacts to it, or takes that back.
    Alter { talk: usize, pick: usize, how: usize },
    /// The device sends what is due.
    Send { talk: usize },
}

/// Questions are answered in the order in which they were asked; the answers overtake the news.
enum Question {
    Resume(BTreeMap<ConversationId, u64>),
    Load(ConversationId, Anchor),
}

pub struct World {
    pub server: Server,
    pub state: ChatState,
    /// Everything that the person wrote, and where.
    pub written: Vec<(ConversationId, MessageId)>,
    altered: u128,
    news: VecDeque<ServerEvent>,
    questions: VecDeque<Question>,
}

impl World {
    /// The device begins after all this has happened.
    pub fn after(past: &[server::Change]) -> Self {
        let mut server = Server::new();
        for change in past {
            server.make(change);
        }
        let state = ChatState::begin(server.snapshot(&BTreeMap::new()));
        Self { server, state, written: vec![], altered: 0, news: VecDeque::new(), questions: VecDeque::new() }
    }

    pub fn step(&mut self, step: &Step) {
        match *step {
            Step::Change(ref change) => self.news.extend(self.server.make(change)),
            Step::Deliver { pick } => self.deliver(pick, false),
            Step::Double { pick } => self.deliver(pick, true),
            Step::Drop { pick } => {
                self.take_news(pick);
            }
            Step::CatchUp => self.questions.push_back(Question::Resume(self.state.cursors())),
            Step::Reconnect => {
                self.news.clear();
                self.questions.clear();
                self.step(&Step::CatchUp);
            }
            Step::Load { talk, older } => self.ask_for_page(talk, older),
            Step::LoadAround { talk, pick } => {
                let talk = talk % self.server.talks.len();
                let seq = pick as u64 % (self.server.talks[talk].head + 2);
                self.questions.push_back(Question::Load(talk_id(talk), Anchor::around(seq)));
            }
            Step::LoadNewer { talk } => {
                let id = talk_id(talk % self.server.talks.len());
                let last = self.state.threads.get(&id).and_then(|thread| thread.newer_than());
                self.questions.extend(last.map(|last| Question::Load(id, Anchor::after(last))));
            }
            Step::Leave { talk } => drop(self.state.leave_window(talk_id(talk % self.server.talks.len()))),
            Step::Answer => self.answer(None),
            Step::AnswerTorn(ref change) => self.answer(Some(change)),
            Step::Write { talk } => self.write(talk),
            Step::Alter { talk, pick, how } => self.alter(talk, pick, how),
            Step::Send { talk } => self.send(talk),
        }
    }

    /// The device comes back, catches up and sends what waits, over a good line.
    pub fn settle(&mut self) {
        self.step(&Step::Reconnect);
        self.step(&Step::Answer);
        for talk in 0..self.server.talks.len() {
            let waiting = self.state.threads.get(&talk_id(talk)).map_or(0, |thread| thread.outbox.len());
            for _ in 0..waiting {
                self.send(talk);
                assert_eq!(self.deliver_in_order(), Need::Nothing, "nothing was lost");
            }
        }
    }

    /// Gives the device all news that wait, once and in order; says what it needs then.
    pub fn deliver_in_order(&mut self) -> Need {
        let need = |need, event| match self.state.apply(event).need {
            Need::CatchUp => Need::CatchUp,
            Need::Nothing => need,
        };
        self.news.drain(..).fold(Need::Nothing, need)
    }

    /// Holes, strays, old states, wrong counts: none of them.
    pub fn assert_device_knows_what_the_server_knows(&self) {
        assert_eq!(self.state.threads.len(), self.server.visible().count(), "the same conversations");
        for talk in self.server.visible() {
            let thread = &self.state.threads[&talk.conversation.id];
            let members = |conversation: &Conversation| BTreeSet::from_iter(conversation.members.clone());
            assert_eq!(members(&thread.conversation), members(&talk.conversation), "the members");
            let (known, is) = (&thread.conversation, &talk.conversation);
            assert_eq!(
                (&known.name, &known.roles),
                (&is.name, &is.roles),
                "what it is called, who may do what"
            );
            assert_eq!(known.settings, is.settings, "its settings");
            let oldest = thread.messages.keys().next().copied().unwrap_or(u64::MAX);
            let held: Vec<_> = talk.messages.range(oldest..).map(|(_, message)| message).collect();
            assert_eq!(thread.messages.values().collect::<Vec<_>>(), held, "the newest part, as it is now");
            assert_eq!(thread.messages.is_empty(), talk.messages.is_empty());
            let visible = talk.visible_from();
            let is_more = visible < oldest && talk.messages.range(visible..oldest).next().is_some();
            // Until it has asked, a device does not know where a hidden history begins for it.
            assert!(thread.has_more || !is_more || held.is_empty(), "older messages can be loaded");
            assert!(!thread.has_more || is_more || visible > 0, "there are none");
            if thread.outbox.iter().all(|waiting| waiting.failed.is_some()) {
                let shown = thread.messages.values().map(|message| thread.shown(message, ME));
                assert!(shown.eq(thread.messages.values().cloned()), "what was refused is undone");
            }
            if let Some(window) = &thread.window {
                let (first, last) = (window.first(), window.last());
                let there: Vec<_> = talk.messages.range(first..=last).map(|(_, message)| message).collect();
                assert_eq!(window.messages().values().collect::<Vec<_>>(), there, "a part, as it is now");
                let is_more = visible < first && talk.messages.range(visible..first).next().is_some();
                assert!(window.has_more || !is_more, "older messages can be loaded there");
                assert!(!window.has_more || is_more || visible > 0, "there are none there");
                assert!(last < oldest, "two parts that meet are one");
            }
            assert_eq!(thread.cursor, talk.head, "the cursor");
            assert_eq!(thread.read, talk.read, "the read cursors");
            assert_eq!(thread.unread(ME), talk.unread(), "the unread count");
            assert_eq!(thread.pins, talk.pins(), "what is pinned");
            assert_eq!(thread.mentions(), talk.mentions().len() as u64, "what means the viewer");
            let summary = talk.summary();
            let settled = thread.prefs.settled(thread.last_message().map(|message| &**message));
            assert_eq!(settled, summary.prefs, "what the viewer keeps of it");
            assert_eq!(thread.is_archived(), summary.prefs.archived);
        }
        let now = self.server.now();
        let calls = self.server.visible().map(|talk| talk.summary().calls(now));
        assert_eq!(self.state.unread(now), calls.sum::<u64>());
    }

    /// All that was written where the viewer stayed; elsewhere it may have been too late.
    pub fn assert_what_was_written_is_stored_once(&self) {
        for talk in &self.server.talks {
            let stored: Vec<_> = talk.messages.values().map(|message| message.id).collect();
            for (_, id) in self.written.iter().filter(|(at, _)| *at == talk.conversation.id) {
                let times = stored.iter().filter(|stored| *stored == id).count();
                assert!(times == 1 || (times == 0 && talk.was_left), "{id} is stored {times} times");
            }
            let thread = self.state.threads.get(&talk.conversation.id);
            let refused = |waiting: &Outgoing| {
                waiting.failed.is_some() && (talk.was_left || waiting.new_text().is_none())
            };
            assert!(thread.is_none_or(|thread| thread.outbox.iter().all(refused)), "nothing waits");
        }
    }

    fn deliver(&mut self, pick: usize, again: bool) {
        let Some(event) = self.take_news(pick) else { return };
        if again {
            self.news.push_back(event.clone());
        }
        self.state.apply(event);
    }

    fn take_news(&mut self, pick: usize) -> Option<ServerEvent> {
        self.news.remove(pick.checked_rem(self.news.len())?)
    }

    fn ask_for_page(&mut self, talk: usize, older: bool) {
        let id = talk_id(talk % self.server.talks.len());
        let Some(thread) = self.state.threads.get(&id) else { return };
        match (older, thread.older_than()) {
            (false, _) => self.questions.push_back(Question::Load(id, Anchor::default())),
            (true, Some(before)) => self.questions.push_back(Question::Load(id, Anchor::before(before))),
            (true, None) => {}
        }
    }

    fn answer(&mut self, meanwhile: Option<&server::Change>) {
        let summaries = self.server.summaries();
        if let Some(change) = meanwhile {
            self.news.extend(self.server.make(change));
        }
        let answer = match self.questions.pop_front() {
            Some(Question::Resume(cursors)) => {
                Some(ServerEvent::Resumed(self.server.snapshot_of(&cursors, summaries)))
            }
            Some(Question::Load(id, place)) => self.server.page(id, place),
            None => None,
        };
        if let Some(event) = answer {
            assert_eq!(self.state.apply(event).need, Need::Nothing, "an answer never asks again");
        }
    }

    fn write(&mut self, talk: usize) {
        let talk = talk_id(talk % self.server.talks.len());
        let id = MessageId(Uuid::from_u128(1_000_000 + self.written.len() as u128));
        if self.state.threads.contains_key(&talk) {
            self.written.push((talk, id));
            let body = format!("body of {id}");
            self.state.compose(talk, Outgoing::text(id, body, Timestamp(0)));
        }
    }

    fn alter(&mut self, talk: usize, pick: usize, how: usize) {
        let talk = talk_id(talk % self.server.talks.len());
        let Some(thread) = self.state.threads.get(&talk) else { return };
        let Some(index) = pick.checked_rem(thread.messages.len()) else { return };
        let Some(message) = thread.messages.values().nth(index).map(|message| message.id) else { return };
        let name = MessageId(Uuid::from_u128(2_000_000 + self.altered));
        self.altered += 1;
        let emoji = Emoji::parse("👍").expect("an emoji");
        let change = match how % 4 {
            0 => Change::Edit(MessageBody::parse(&format!("altered {name}")).expect("a text")),
            1 => Change::Delete,
            how => Change::React { emoji, on: how == 2 },
        };
        let operation = Operation::Change { message, change };
        self.state.compose(talk, Outgoing::new(name, operation, Timestamp(0)));
    }

    fn send(&mut self, talk: usize) {
        let talk = talk_id(talk % self.server.talks.len());
        let next = self.state.threads.get(&talk).and_then(|thread| thread.next_to_send(|_| true)).cloned();
        let Some(Outgoing { id, operation, .. }) = next else { return };
        match operation {
            Operation::Send { .. } => self.news.push_back(self.server.accept(talk, id)),
            Operation::Change { message, change } => {
                self.news.extend(self.server.alter(talk, id, message, &change));
            }
        }
    }
}

//! A device that lives on the reducer: what the page does, without a page.

use crate::app::{Person, Socket};
use model::{
    due::{InFlight, Wishes},
    event::{ClientEvent, ServerEvent},
    group::shows_history,
    id::{ConversationId, MessageId, UserId},
    message::{ConversationKind, Message, Summary},
    state::{ChatState, Need},
    thread::{Outgoing, Thread},
    time::Timestamp,
};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use store::Store;
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::timeout,
};

/// How long a device may take to learn what the server knows.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a device knows, and what made it ask for what it had missed.
#[derive(Clone, Debug)]
pub struct Known {
    pub state: ChatState,
    pub gaps: Vec<ServerEvent>,
}

/// What a device is told to do, in this order.
pub enum Order {
    /// Something is written here, and sent as soon as there is a line.
    Write(ConversationId, String),
    /// Said over the line, if there is one.
    Say(ClientEvent),
    /// The line breaks, without a word.
    Cut,
    /// A new line, unless there is one.
    Return,
}

/// A device with its own task, which reads whatever comes.
pub struct Device {
    pub known: watch::Receiver<Known>,
    orders: mpsc::UnboundedSender<Order>,
    task: JoinHandle<()>,
}

/// A connection, and what was said over it and has not been answered.
struct Line {
    socket: Socket,
    resuming: bool,
    asked: InFlight,
}

impl Device {
    /// A device that begins now.
    pub async fn begin(person: Arc<Person>) -> Self {
        let mut socket = person.connect().await.expect("an open socket");
        let snapshot = socket.resume(json!({})).await;
        let ServerEvent::Resumed(snapshot) = read(&snapshot) else { panic!("a snapshot") };
        let (known, state) = watch::channel(Known { state: ChatState::begin(snapshot), gaps: vec![] });
        let (orders, received) = mpsc::unbounded_channel();
        let line = Line { socket, resuming: false, asked: InFlight::default() };
        let task = tokio::spawn(live(person, line, known, received));
        Self { known: state, orders, task }
    }

    pub fn tell(&self, order: Order) {
        self.orders.send(order).expect("a device that lives");
    }

    /// Looks at what the device has of a conversation.
    pub fn look<T>(
        &self,
        conversation: ConversationId,
        look: impl FnOnce(&Thread) -> Option<T>,
    ) -> Option<T> {
        self.known.borrow().state.threads.get(&conversation).and_then(look)
    }

    /// Waits until the device knows what the server knows, and nothing waits to be sent.
    pub async fn settle(&mut self, store: &dyn Store) {
        loop {
            let known = self.known.borrow_and_update().clone();
            // Read after it: what differs now is on its way, and will be noticed.
            let Err(differs) = compare(&known.state, store).await else { return };
            match timeout(PATIENCE, self.known.changed()).await {
                Ok(changed) => changed.unwrap_or_else(|_| panic!("the device ended; {differs}")),
                Err(_) => panic!("a device of {} stays behind: {differs}", known.state.me.username),
            }
        }
    }

    /// Lets go of the line. A panic of the device is one of the test.
    pub async fn end(self) -> Known {
        drop(self.orders);
        self.task.await.expect("a device without a panic");
        self.known.borrow().clone()
    }
}

fn read(event: &Value) -> ServerEvent {
    ServerEvent::from_json(&event.to_string()).expect("an event")
}

async fn live(
    person: Arc<Person>,
    line: Line,
    known: watch::Sender<Known>,
    mut orders: mpsc::UnboundedReceiver<Order>,
) {
    let mut line = Some(line);
    loop {
        let heard = async {
            match &mut line {
                Some(line) => line.socket.next().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            order = orders.recv() => match order {
                Some(Order::Write(conversation, body)) => {
                    let message = Outgoing::text(MessageId::new(), body, Timestamp(0));
                    known.send_modify(|known| {
                        known.state.compose(conversation, message);
                    });
                }
                Some(Order::Say(event)) => if let Some(line) = &mut line {
                    say(&mut line.socket, &event).await;
                },
                Some(Order::Cut) => line = None,
                Some(Order::Return) => if line.is_none() {
                    let socket = person.connect().await.expect("an open socket");
                    let mut back = Line { socket, resuming: false, asked: InFlight::default() };
                    back.resume(&known).await;
                    line = Some(back);
                },
                None => return,
            },
            event = heard => {
                let event = event.unwrap_or_else(|code| panic!("closed with {code}"));
                if let Some(line) = &mut line {
                    line.hear(read(&event), &known).await;
                }
            }
        }
        if let Some(line) = &mut line {
            line.send_what_waits(&known).await;
        }
    }
}

impl Line {
    async fn resume(&mut self, known: &watch::Sender<Known>) {
        let cursors = known.borrow().state.cursors();
        self.resuming = true;
        say(&mut self.socket, &ClientEvent::Resume { cursors }).await;
    }

    async fn hear(&mut self, event: ServerEvent, known: &watch::Sender<Known>) {
        self.resuming &= !matches!(event, ServerEvent::Resumed(_));
        let mut need = Need::Nothing;
        known.send_modify(|known| need = known.state.apply(event.clone()).need);
        if need == Need::CatchUp && !self.resuming {
            known.send_modify(|known| known.gaps.push(event));
            self.resume(known).await;
        }
    }

    /// Of each conversation the next message, if none is on its way.
    async fn send_what_waits(&mut self, known: &watch::Sender<Known>) {
        if self.resuming {
            return;
        }
        let due = self.asked.due(&known.borrow().state, &mut Wishes::default(), |_| true);
        for event in due {
            say(&mut self.socket, &event).await;
        }
    }
}

async fn say(socket: &mut Socket, event: &ClientEvent) {
    socket.say(serde_json::to_value(event).expect("JSON")).await;
}

/// Errors: the first thing that differs.
async fn compare(state: &ChatState, store: &dyn Store) -> Result<(), String> {
    let me = state.me.id;
    let summaries = store.summaries(me).await.expect("an answer");
    let (known, real) = (state.threads.len(), summaries.len());
    if known != real {
        return Err(format!("{known} conversations instead of {real}"));
    }
    for summary in summaries {
        let id = summary.conversation.id;
        let thread = state.threads.get(&id).ok_or_else(|| format!("{id} is unknown"))?;
        let mut history = store.changes(id, 0, usize::MAX).await.expect("an answer").messages;
        history.sort_unstable_by_key(|message| message.seq);
        let group = &summary.conversation;
        if group.kind == ConversationKind::Group && !shows_history(&group.settings) {
            let joined = store.joined(id).await.expect("an answer");
            history.retain(|message| joined.get(&me).is_some_and(|since| message.seq >= *since));
        }
        compare_thread(thread, &summary, &history, me).map_err(|what| format!("{id}: {what}"))?;
    }
    Ok(())
}

fn compare_thread(
    thread: &Thread,
    summary: &Summary,
    history: &[Arc<Message>],
    me: UserId,
) -> Result<(), String> {
    let sorted = |mut members: Vec<UserId>| {
        members.sort_unstable();
        members
    };
    // What a device has seen before its person left and came back, it still holds.
    let visible = history.first().map_or(0, |first| first.seq);
    let known: Vec<_> = thread.messages.values().filter(|message| message.seq >= visible).collect();
    let oldest = known.first().map_or(u64::MAX, |message| message.seq);
    let held: Vec<_> = history.iter().filter(|message| message.seq >= oldest).collect();
    same("cursor", thread.cursor, summary.head)?;
    let members = sorted(thread.conversation.members.clone());
    same("members", members, sorted(summary.conversation.members.clone()))?;
    same("read", &thread.read, &summary.read)?;
    same("messages", known, held.clone())?;
    let has_more = held.len() < history.len() && !held.is_empty();
    // That there is something further back which they do not see, they learn when they look for it.
    let is_newcomer = history.first().is_some_and(|first| first.seq > 1);
    same("has more", thread.has_more, has_more || thread.has_more && is_newcomer)?;
    same("unread", thread.unread(me), summary.unread)?;
    same("waiting", thread.next_to_send(|_| true), None)
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, known: T, real: T) -> Result<(), String> {
    (known == real).then_some(()).ok_or_else(|| format!("{what}: {known:?} instead of {real:?}"))
}

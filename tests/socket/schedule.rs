//! The reducer's property once more, through the real store and real sockets: three people, each
//! with a device on a good line and one whose line breaks, and whatever they do in whatever order.

use super::device::{Device, Order};
use crate::app::{Person, TestApp};
use model::{
    event::{ClientEvent, Target},
    id::{ConversationId, UserId},
    message::{Message, PageRequest},
    thread::Thread,
};
use proptest::prelude::*;
use serde_json::json;
use std::sync::Arc;

/// One thing that happens; `pick` is taken modulo what there is.
#[derive(Clone, Debug)]
enum Act {
    /// Anything is written on any device, with or without a line.
    Write {
        device: usize,
        talk: usize,
    },
    Edit {
        person: usize,
        talk: usize,
        pick: usize,
    },
    Delete {
        person: usize,
        talk: usize,
        pick: usize,
    },
    React {
        person: usize,
        talk: usize,
        pick: usize,
        emoji: usize,
        on: bool,
    },
    Read {
        person: usize,
        talk: usize,
        pick: usize,
    },
    Load {
        device: usize,
        talk: usize,
    },
    Join {
        person: usize,
    },
    Leave {
        person: usize,
    },
    Cut {
        person: usize,
    },
    Return {
        person: usize,
    },
    /// Everyone with a line learns what the server knows.
    Settle,
}

fn act() -> impl Strategy<Value = Act> {
    let (person, device, talk, pick) = (0..3_usize, 0..6_usize, 0..2_usize, any::<usize>());
    let emoji = 0..EMOJIS.len();
    prop_oneof![
        10 => (device.clone(), talk.clone()).prop_map(|(device, talk)| Act::Write { device, talk }),
        5 => (person.clone(), talk.clone(), pick)
            .prop_map(|(person, talk, pick)| Act::Edit { person, talk, pick }),
        2 => (person.clone(), talk.clone(), pick)
            .prop_map(|(person, talk, pick)| Act::Delete { person, talk, pick }),
        5 => (person.clone(), talk.clone(), pick, emoji, any::<bool>())
            .prop_map(|(person, talk, pick, emoji, on)| Act::React { person, talk, pick, emoji, on }),
        3 => (person.clone(), talk.clone(), pick)
            .prop_map(|(person, talk, pick)| Act::Read { person, talk, pick }),
        2 => (device, talk).prop_map(|(device, talk)| Act::Load { device, talk }),
        // The one who made the group stays, or it would be gone for good.
        3 => (1..3_usize).prop_map(|person| Act::Join { person }),
        2 => (1..3_usize).prop_map(|person| Act::Leave { person }),
        3 => person.clone().prop_map(|person| Act::Cut { person }),
        3 => person.prop_map(|person| Act::Return { person }),
        2 => Just(Act::Settle),
    ]
}

const EMOJIS: [&str; 5] = ["👍", "🦆", "❤", "❤\u{fe0f}", "🇩🇪"];

struct Scene {
    app: TestApp,
    users: Vec<UserId>,
    /// Of each person the one on a good line, then the other.
    people: Vec<Arc<Person>>,
    devices: Vec<Device>,
    /// A direct conversation of the first two, and a group.
    talks: [ConversationId; 2],
    cut: Vec<bool>,
    written: usize,
}

impl Scene {
    /// Whoever joins the group sees what was written before, or does not.
    async fn set(is_history_shown: bool) -> Self {
        let app = TestApp::without_rates().await;
        let mut people = Vec::new();
        for name in ["ada", "ben", "cleo"] {
            people.push(Arc::new(app.person(name).await));
        }
        let [ada, ben, cleo] = &people[..] else { panic!("three people") };
        let direct = ada.befriend(ben).await;
        ada.befriend(cleo).await;
        ben.befriend(cleo).await;
        let users: Vec<UserId> = people.iter().map(|person| person.id.parse().expect("an id")).collect();
        let group = ada.make_group("Ducks", &[ben, cleo]).await;
        if is_history_shown {
            ada.in_group(&group, "settings", json!({ "history": "shown" })).await.ok();
        }
        let talks = [direct, group].map(|id| id.parse().expect("an id"));
        let devices = Self::devices_of(&people).await;
        Self { app, people, users, devices, talks, cut: vec![false; 6], written: 0 }
    }

    async fn devices_of(people: &[Arc<Person>]) -> Vec<Device> {
        let mut devices = Vec::new();
        for person in people {
            for _ in 0..2 {
                devices.push(Device::begin(person.clone()).await);
            }
        }
        devices
    }

    async fn play(&mut self, act: &Act) {
        match *act {
            Act::Write { device, talk } => {
                self.written += 1;
                let body = format!("message {}", self.written);
                self.devices[device].tell(Order::Write(self.talks[talk], body));
            }
            Act::Edit { person, talk, pick } => self.on_message(person, talk, pick, true, |of| {
                let body = format!("edited {}", of.version);
                ClientEvent::EditMessage {
                    conversation_id: of.conversation_id,
                    id: of.id,
                    body,
                    change: None,
                }
            }),
            Act::Delete { person, talk, pick } => self.on_message(person, talk, pick, true, |of| {
                ClientEvent::DeleteMessage { conversation_id: of.conversation_id, id: of.id, change: None }
            }),
            Act::React { person, talk, pick, emoji, on } => {
                self.on_message(person, talk, pick, false, |of| {
                    let (conversation_id, id, emoji) = (of.conversation_id, of.id, EMOJIS[emoji].to_owned());
                    ClientEvent::React { conversation_id, id, emoji, on, change: None }
                })
            }
            Act::Read { person, talk, pick } => {
                let conversation_id = self.talks[talk];
                let seen = |thread: &Thread| nth(thread.messages.keys().copied().collect(), pick);
                if let Some(seq) = self.devices[2 * person].look(conversation_id, seen) {
                    self.say(person, ClientEvent::MarkRead { conversation_id, seq });
                }
            }
            Act::Load { device, talk } => {
                let before = self.devices[device].look(self.talks[talk], Thread::older_than);
                let target = Target::Conversation(self.talks[talk]);
                let page = PageRequest { before, limit: Some(5), ..PageRequest::default() };
                self.devices[device].tell(Order::Say(ClientEvent::LoadConversation { target, page }));
            }
            Act::Join { person } => {
                self.people[0].add(&self.talks[1].to_string(), &self.people[person]).await.ok();
            }
            Act::Leave { person } => {
                // Nobody leaves with words on the way, nor writes before they know that they have
                // left: the acknowledgement would find nothing to acknowledge, should they be back
                // before it comes, and the device would rightly catch up.
                self.devices[2 * person].settle(&*self.app.store).await;
                // Who is not in it cannot leave it.
                let _ = self.people[person].in_group(&self.talks[1].to_string(), "leave", json!({})).await;
                self.devices[2 * person].settle(&*self.app.store).await;
            }
            Act::Cut { person } => self.set_line(2 * person + 1, true),
            Act::Return { person } => self.set_line(2 * person + 1, false),
            Act::Settle => self.settle().await,
        }
    }

    fn set_line(&mut self, device: usize, cut: bool) {
        self.cut[device] = cut;
        self.devices[device].tell(if cut { Order::Cut } else { Order::Return });
    }

    fn say(&self, person: usize, event: ClientEvent) {
        self.devices[2 * person].tell(Order::Say(event));
    }

    /// Asks for something with a message that the person can see. By the time it is asked it may
    /// be too late for it, and then it is refused.
    fn on_message(
        &self,
        person: usize,
        talk: usize,
        pick: usize,
        own: bool,
        what: impl FnOnce(&Message) -> ClientEvent,
    ) {
        let me = self.users[person];
        let wanted = |message: &&Arc<Message>| {
            let living = message.content.words().is_some();
            living && (!own || message.sender == me)
        };
        let choose = |thread: &Thread| nth(thread.messages.values().filter(wanted).cloned().collect(), pick);
        if let Some(message) = self.devices[2 * person].look(self.talks[talk], choose) {
            self.say(person, what(&message));
        }
    }

    async fn settle(&mut self) {
        for (device, cut) in self.devices.iter_mut().zip(&self.cut) {
            if !cut {
                device.settle(&*self.app.store).await;
            }
        }
    }

    /// Everyone comes back and learns all. Who never lost the line never had to ask.
    async fn end(mut self) {
        for person in 0..3 {
            self.set_line(2 * person + 1, false);
        }
        // Twice: what one device sends at the end reaches the others after they have settled.
        self.settle().await;
        self.settle().await;
        for (index, device) in self.devices.into_iter().enumerate() {
            let gaps = device.end().await.gaps;
            assert!(index % 2 == 1 || gaps.is_empty(), "a device on a good line had to catch up: {gaps:?}");
        }
    }
}

fn nth<T>(mut all: Vec<T>, pick: usize) -> Option<T> {
    let index = pick.checked_rem(all.len())?;
    Some(all.swap_remove(index))
}

proptest! {
    // Each case is a server; a failing schedule is printed as short as it can be made.
    #![proptest_config(ProptestConfig {
        cases: 10, max_shrink_iters: 60, failure_persistence: None, ..Default::default()
    })]

    #[test]
    fn every_device_ends_with_what_the_server_knows(
        acts in prop::collection::vec(act(), 100..160),
        is_history_shown: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let mut scene = Scene::set(is_history_shown).await;
            for act in &acts {
                scene.play(act).await;
            }
            scene.end().await;
        });
    }
}

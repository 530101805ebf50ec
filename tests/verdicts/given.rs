//! Two devices, one conversation, two messages: all well.

use crate::judge::{Entry, Fault, Glance, Kept, Promise, Talk, What, judge};
use model::{
    content::Content,
    id::{ConversationId, MessageId, UserId},
    message::Message,
    time::Timestamp,
};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

pub const TALK: ConversationId = ConversationId(Uuid::from_u128(1));
pub const ANNA: UserId = UserId(Uuid::from_u128(11));
pub const BEN: UserId = UserId(Uuid::from_u128(12));

pub fn id(number: u128) -> MessageId {
    MessageId(Uuid::from_u128(100 + number))
}

pub fn message(number: u128, seq: u64, sender: UserId) -> Arc<Message> {
    let content = Content::text(format!("text {number}"));
    Arc::new(Message::new(id(number), TALK, seq, sender, content, Timestamp(0)))
}

pub fn begun(device: &str, number: u128) -> Entry {
    let body = format!("text {number}");
    entry(device, What::Begun { conversation: TALK, id: id(number), body })
}

pub fn acked(device: &str, number: u128, seq: u64) -> Entry {
    entry(device, What::Acked { conversation: TALK, id: id(number), seq })
}

pub fn heard(device: &str, number: u128, seq: u64) -> Entry {
    entry(device, What::Heard { conversation: TALK, id: id(number), seq, version: seq })
}

pub fn read(device: &str, user: UserId, seq: u64) -> Entry {
    entry(device, What::Read { conversation: TALK, user, seq })
}

pub fn resumed(device: &str, head: u64, read: &[(UserId, u64)]) -> Entry {
    let glance = Glance { head, read: read.iter().copied().collect() };
    entry(device, What::Resumed { talks: BTreeMap::from([(TALK, glance)]) })
}

pub fn entry(device: &str, what: What) -> Entry {
    Entry { device: device.into(), what }
}

/// A run that went well; what a test breaks.
pub struct Run {
    pub history: Vec<Entry>,
    pub talk: Talk,
    /// What each device holds in the end.
    pub ends: BTreeMap<&'static str, Talk>,
}

impl Run {
    /// Anna writes 1, which is stored as 1; then Ben, who has read it, writes 2.
    pub fn good() -> Self {
        let talk = Talk {
            members: vec![ANNA, BEN],
            head: 2,
            messages: vec![message(1, 1, ANNA), message(2, 2, BEN)],
            read: BTreeMap::from([(BEN, 1)]),
        };
        let history = vec![
            entry("anna-1", What::Came { user: ANNA }),
            entry("ben-1", What::Came { user: BEN }),
            entry("anna-1", What::Connected),
            entry("ben-1", What::Connected),
            resumed("anna-1", 0, &[]),
            resumed("ben-1", 0, &[]),
            begun("anna-1", 1),
            acked("anna-1", 1, 1),
            heard("ben-1", 1, 1),
            entry("ben-1", What::Seen { conversation: TALK, seq: 1 }),
            read("anna-1", BEN, 1),
            begun("ben-1", 2),
            heard("anna-1", 2, 2),
            acked("ben-1", 2, 2),
        ];
        Self { history, ends: BTreeMap::from([("anna-1", talk.clone()), ("ben-1", talk.clone())]), talk }
    }

    /// The same change in the store and on every device.
    pub fn everywhere(&mut self, change: impl Fn(&mut Talk)) {
        change(&mut self.talk);
        self.ends.values_mut().for_each(change);
    }

    pub fn verdict(&self) -> Vec<Fault> {
        let mut history = self.history.clone();
        history.extend(self.ends.iter().map(|(device, held)| {
            let Talk { head, messages, read, .. } = held.clone();
            entry(device, What::Ended { conversation: TALK, cursor: head, read, messages })
        }));
        judge(&history, &Kept(BTreeMap::from([(TALK, self.talk.clone())])))
    }

    /// That exactly this promise is broken, whatever else is.
    #[track_caller]
    pub fn assert_broken(&self, promise: Promise) {
        let faults = self.verdict();
        assert!(!faults.is_empty() && faults.iter().all(|fault| fault.promise == promise), "{faults:?}");
    }
}

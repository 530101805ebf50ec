//! What a run left behind, and what of it breaks a promise. Pure: a history and the store's
//! contents in, faults out.

mod acknowledged;
mod agreement;
mod entry;
mod fault;
mod order;
mod reading;

pub use entry::{Entry, Glance, What};
pub use fault::{Fault, Promise};

use model::{
    id::{ConversationId, MessageId, UserId},
    message::Message,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// What the store holds in the end.
#[derive(Clone, Debug, Default)]
pub struct Kept(pub BTreeMap<ConversationId, Talk>);

/// A conversation in the store.
#[derive(Clone, Debug, Default)]
pub struct Talk {
    pub members: Vec<UserId>,
    pub head: u64,
    /// By rising version.
    pub messages: Vec<Arc<Message>>,
    pub read: BTreeMap<UserId, u64>,
}

impl Kept {
    /// Where each message stands.
    fn places(&self) -> HashMap<(ConversationId, MessageId), u64> {
        let talks = self.0.iter();
        talks.flat_map(|(talk, kept)| kept.messages.iter().map(|m| ((*talk, m.id), m.seq))).collect()
    }
}

/// Everything that is wrong, in the order of the promises.
pub fn judge(history: &[Entry], kept: &Kept) -> Vec<Fault> {
    let rules = [
        acknowledged::stays_in_its_place,
        acknowledged::is_stored_once,
        agreement::devices_end_with_the_store,
        order::follows_real_time,
        order::is_each_devices_own,
        reading::never_goes_back,
    ];
    rules.iter().flat_map(|rule| rule(history, kept)).collect()
}

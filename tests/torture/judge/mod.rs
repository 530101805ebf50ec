//! What a run left behind, and what of it breaks a promise. Pure: a history and the store's
//! contents in, faults out.

mod acknowledged;
mod agreement;
mod asked;
mod changes;
mod entry;
mod fault;
mod files;
mod groups;
mod order;
mod reading;
mod refusals;
mod seeing;

pub use entry::{About, Deed, Entry, Glance, How, State, What};
pub use fault::{Fault, Promise};
pub use files::{Belongs, KeptFile};

use model::{
    id::{ConversationId, FileId, MessageId, UserId},
    message::Message,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// What the store holds in the end.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    pub talks: BTreeMap<ConversationId, Talk>,
    /// All that is known of any, or of which there are bytes, once what was erased is swept away.
    pub files: BTreeMap<FileId, KeptFile>,
}

/// A conversation in the store.
#[derive(Clone, Debug)]
pub struct Talk {
    pub about: About,
    /// Since which seq each member of a group belongs to it.
    pub joined: BTreeMap<UserId, u64>,
    pub head: u64,
    /// By rising version.
    pub messages: Vec<Arc<Message>>,
    pub read: BTreeMap<UserId, u64>,
}

impl Talk {
    /// The messages in the order in which they were written.
    fn by_seq(&self) -> Vec<&Arc<Message>> {
        let mut messages: Vec<_> = self.messages.iter().collect();
        messages.sort_unstable_by_key(|message| message.seq);
        messages
    }
}

impl Kept {
    /// Where each message stands.
    fn places(&self) -> HashMap<(ConversationId, MessageId), u64> {
        self.messages().into_iter().map(|(name, message)| (name, message.seq)).collect()
    }

    fn messages(&self) -> HashMap<(ConversationId, MessageId), &Message> {
        let talks = self.talks.iter();
        talks.flat_map(|(talk, kept)| kept.messages.iter().map(|m| ((*talk, m.id), &**m))).collect()
    }

    fn group(&self, conversation: ConversationId) -> Option<&Talk> {
        self.talks.get(&conversation).filter(|talk| talk.about.is_group)
    }
}

/// Everything that is wrong, in the order of the promises.
pub fn judge(history: &[Entry], kept: &Kept) -> Vec<Fault> {
    let rules = [
        acknowledged::stays_in_its_place,
        acknowledged::stays_as_it_was_told,
        changes::are_as_acknowledged,
        groups::are_as_their_history_says,
        acknowledged::is_stored_once,
        agreement::devices_end_with_the_store,
        order::follows_real_time,
        order::is_each_devices_own,
        reading::never_goes_back,
        seeing::is_for_members,
        files::are_whole,
        files::go_with_their_messages,
        refusals::have_a_reason,
    ];
    rules.iter().flat_map(|rule| rule(history, kept)).collect()
}

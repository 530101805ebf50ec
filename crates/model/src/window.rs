//! A part of a conversation's history further back than the newest, to which somebody was led.

use crate::message::Message;
use std::{collections::BTreeMap, sync::Arc};

/// Messages between which none is missing. Whether any is missing between the last of them and the newest part is
/// not known; as soon as the two meet, they are one.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    messages: BTreeMap<u64, Arc<Message>>,
    /// Whether the server has older messages than these.
    pub has_more: bool,
}

impl Window {
    /// Nothing, where there is no message.
    pub(super) fn new(page: &[Arc<Message>], has_more: bool) -> Option<Self> {
        let mut window = Self { messages: BTreeMap::new(), has_more };
        window.extend(page);
        (!window.messages.is_empty()).then_some(window)
    }

    /// By seq; at least one.
    pub fn messages(&self) -> &BTreeMap<u64, Arc<Message>> {
        &self.messages
    }

    /// The seq of its first message.
    pub fn first(&self) -> u64 {
        self.messages.keys().next().copied().unwrap_or_default()
    }

    /// The seq of its last message.
    pub fn last(&self) -> u64 {
        self.messages.keys().next_back().copied().unwrap_or_default()
    }

    /// Whether a message with this seq is here if there is one.
    pub fn covers(&self, seq: u64) -> bool {
        seq <= self.last() && (!self.has_more || self.first() <= seq)
    }

    /// Takes in a page that lies next to it.
    pub(super) fn extend(&mut self, page: &[Arc<Message>]) {
        page.iter().for_each(|message| self.put(message));
    }

    /// Takes in a message's newer state, if it stands here.
    pub(super) fn update(&mut self, message: &Arc<Message>) {
        if self.messages.contains_key(&message.seq) {
            self.put(message);
        }
    }

    fn put(&mut self, message: &Arc<Message>) {
        if self.messages.get(&message.seq).is_none_or(|held| held.version < message.version) {
            self.messages.insert(message.seq, message.clone());
        }
    }

    pub(super) fn into_messages(self) -> impl Iterator<Item = Arc<Message>> {
        self.messages.into_values()
    }
}

//! The device's part of the history.

use super::{
    errand::{Errand, Said},
    orders::Orders,
};
use crate::judge::{Entry, Glance, State, What};
use model::{
    event::ServerEvent,
    message::{Message, Snapshot},
};
use std::{
    fs::{File, OpenOptions},
    io::Write,
};

pub struct Log {
    device: String,
    file: File,
}

impl Log {
    pub fn open(orders: &Orders) -> Self {
        let file = OpenOptions::new().append(true).create(true).open(&orders.history);
        Self { device: orders.device.clone(), file: file.expect("a history that can be written") }
    }

    /// Appends a line, with one write: it is in its place in the common order when this returns.
    pub fn write(&mut self, what: What) {
        let entry = Entry { device: self.device.clone(), what };
        let mut line = serde_json::to_vec(&entry).expect("JSON");
        line.push(b'\n');
        self.file.write_all(&line).expect("a history that can be written");
    }

    /// What the server said, as far as it promises something.
    pub fn heard(&mut self, event: &ServerEvent) {
        match event {
            ServerEvent::Resumed(snapshot) => self.snapshot(snapshot),
            ServerEvent::ConversationLoaded { messages, .. }
            | ServerEvent::MessagesFound { messages, .. } => {
                messages.iter().for_each(|message| self.message(message));
            }
            ServerEvent::NewMessage { message } | ServerEvent::MessageChanged { message } => {
                self.message(message);
            }
            ServerEvent::ConversationChanged { conversation, .. } => {
                conversation.last_message.iter().for_each(|message| self.message(message));
            }
            ServerEvent::ChangeAcked { id, conversation_id, version } => {
                self.write(What::Changed { conversation: *conversation_id, id: *id, version: *version });
            }
            ServerEvent::MessageAcked { id, conversation_id, seq, .. } => {
                self.write(What::Acked { conversation: *conversation_id, id: *id, seq: *seq });
            }
            ServerEvent::MessageRefused { id, error } => {
                self.write(What::Refused { id: *id, code: error.code, why: error.to_string() });
            }
            ServerEvent::ReadCursorMoved { conversation_id, user_id, seq, .. } => {
                self.write(What::Read { conversation: *conversation_id, user: *user_id, seq: *seq });
            }
            _ => {}
        }
    }

    /// What became of a request about a group, if anything is known of it.
    pub fn did(&mut self, Errand { conversation, id, said }: Errand) {
        match said {
            Said::Done(head) => self.write(What::Done { conversation, id, head }),
            Said::Declined(code) => self.write(What::Declined { conversation, id, code }),
            Said::Nothing => {}
        }
    }

    fn snapshot(&mut self, snapshot: &Snapshot) {
        let talks = snapshot.conversations.iter();
        let glance = |s: &model::message::Summary| Glance { head: s.head, read: s.read.clone() };
        let talks = talks.map(|summary| (summary.conversation.id, glance(summary))).collect();
        self.write(What::Resumed { talks });
        let newest = snapshot.conversations.iter().filter_map(|summary| summary.last_message.as_ref());
        newest.chain(&snapshot.missed).for_each(|message| self.message(message));
    }

    fn message(&mut self, message: &Message) {
        let Message { conversation_id: conversation, id, seq, version, .. } = *message;
        // Of what is not there, or was asked for and is not for this device, nothing is said.
        if seq > 0 {
            self.write(What::Heard { conversation, id, seq, version, state: State::of(message) });
        }
    }
}

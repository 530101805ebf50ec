//! The device's part of the history.

use super::orders::Orders;
use crate::judge::{Entry, Glance, What};
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
            ServerEvent::ConversationLoaded { messages, .. } => messages.iter().for_each(|m| self.message(m)),
            ServerEvent::NewMessage { message } => self.message(message),
            ServerEvent::MessageAcked { id, conversation_id, seq, .. } => {
                self.write(What::Acked { conversation: *conversation_id, id: *id, seq: *seq });
            }
            ServerEvent::MessageRefused { id, error } => {
                self.write(What::Refused { id: *id, why: error.to_string() });
            }
            ServerEvent::ReadCursorMoved { conversation_id, user_id, seq, .. } => {
                self.write(What::Read { conversation: *conversation_id, user: *user_id, seq: *seq });
            }
            _ => {}
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
        self.write(What::Heard { conversation, id, seq, version });
    }
}

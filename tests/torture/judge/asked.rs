//! What was asked for, and what became of it, as the history tells.

use super::{Deed, Entry, How, What};
use model::id::{ConversationId, MessageId, UserId};
use std::collections::HashMap;

/// A change of a message.
pub struct Change<'a> {
    pub conversation: ConversationId,
    pub id: MessageId,
    pub message: MessageId,
    pub how: &'a How,
    pub by: UserId,
    /// The line at which it was first sent.
    pub begun: usize,
    /// The line at which it was first acknowledged, and the version that was named there.
    pub acked: Option<(usize, u64)>,
    pub refused: bool,
    pub tries: usize,
}

impl Change<'_> {
    /// Whether it is certain that it was never stored: of what was sent twice the first may have been.
    pub fn is_nothing(&self) -> bool {
        self.refused && self.tries == 1
    }
}

/// Something about a group.
pub struct Request<'a> {
    pub conversation: ConversationId,
    pub deed: &'a Deed,
    pub by: UserId,
    pub asked: usize,
    /// The line at which it was done, and the group's counter then.
    pub done: Option<(usize, Option<u64>)>,
    pub declined: bool,
}

/// Whose each device is.
pub fn owners(history: &[Entry]) -> HashMap<&str, UserId> {
    let came = history.iter().filter_map(|Entry { device, what }| match what {
        What::Came { user } => Some((device.as_str(), *user)),
        _ => None,
    });
    came.collect()
}

/// All changes of messages, in the order in which they were begun.
pub fn changes(history: &[Entry]) -> Vec<Change<'_>> {
    let owners = owners(history);
    let (mut changes, mut known) = (Vec::<Change<'_>>::new(), HashMap::new());
    for (line, Entry { device, what }) in history.iter().enumerate() {
        match what {
            What::Changing { conversation, id, message, how } => {
                let Some(by) = owners.get(device.as_str()) else { continue };
                known.insert(*id, changes.len());
                let (conversation, id, message, by) = (*conversation, *id, *message, *by);
                let (acked, refused) = (None, false);
                changes.push(Change {
                    conversation,
                    id,
                    message,
                    how,
                    by,
                    begun: line,
                    acked,
                    refused,
                    tries: 1,
                });
            }
            What::Again { id, .. } => {
                if let Some(index) = known.get(id) {
                    changes[*index].tries += 1;
                }
            }
            What::Changed { id, version, .. } => {
                if let Some(index) = known.get(id) {
                    changes[*index].acked.get_or_insert((line, *version));
                }
            }
            What::Refused { id, .. } => {
                if let Some(index) = known.get(id) {
                    changes[*index].refused = true;
                }
            }
            _ => {}
        }
    }
    changes
}

/// All requests about groups, in the order in which they were made.
pub fn requests(history: &[Entry]) -> Vec<Request<'_>> {
    let owners = owners(history);
    let (mut requests, mut known) = (Vec::<Request<'_>>::new(), HashMap::new());
    for (line, Entry { device, what }) in history.iter().enumerate() {
        match what {
            What::Asked { conversation, id, deed } => {
                let Some(by) = owners.get(device.as_str()) else { continue };
                known.insert(*id, requests.len());
                let (conversation, by) = (*conversation, *by);
                requests.push(Request { conversation, deed, by, asked: line, done: None, declined: false });
            }
            What::Done { id, head, .. } => {
                if let Some(index) = known.get(id) {
                    requests[*index].done = Some((line, *head));
                }
            }
            What::Declined { id, .. } => {
                if let Some(index) = known.get(id) {
                    requests[*index].declined = true;
                }
            }
            _ => {}
        }
    }
    requests
}

/// Something that was to have a value from some moment on.
#[derive(Clone, Debug)]
pub struct Write<V> {
    pub value: V,
    pub begun: usize,
    /// The line at which it was known to be so; `None`: it may be so, or never become so.
    pub done: Option<usize>,
}

/// Whether something can have this value in the end: it was written, and nothing that was begun after that
/// was known has been done.
pub fn may_be<V: PartialEq>(value: &V, writes: &[Write<V>]) -> bool {
    let is_over = |done: usize| writes.iter().any(|later| later.done.is_some() && later.begun > done);
    let mut such = writes.iter().filter(|write| write.value == *value);
    such.any(|write| !write.done.is_some_and(is_over))
}

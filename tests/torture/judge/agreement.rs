//! Every device ends with what the store holds.

use super::{Entry, Fault, Kept, Promise, Talk, What};
use model::{
    id::{ConversationId, UserId},
    message::Message,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

struct End<'a> {
    cursor: u64,
    read: &'a BTreeMap<UserId, u64>,
    messages: &'a [Arc<Message>],
}

pub fn devices_end_with_the_store(history: &[Entry], kept: &Kept) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (conversation, talk) in &kept.0 {
        let versions = talk.messages.iter().map(|message| message.version);
        if !versions.eq(1..=talk.head) {
            let what = format!("the versions of {conversation} are not 1 to {}, each once", talk.head);
            faults.push(Promise::DevicesAgree.broken(what));
        }
    }
    let mut devices = BTreeMap::new();
    let mut ends: HashMap<(&str, ConversationId), End<'_>> = HashMap::new();
    for Entry { device, what } in history {
        match what {
            What::Came { user } => drop(devices.insert(device.as_str(), *user)),
            What::Ended { conversation, cursor, read, messages } => {
                ends.insert((device, *conversation), End { cursor: *cursor, read, messages });
            }
            _ => {}
        }
    }
    for (device, user) in devices {
        let own = kept.0.iter().filter(|(_, talk)| talk.members.contains(&user));
        for (conversation, talk) in own {
            let difference = match ends.get(&(device, *conversation)) {
                Some(end) => difference(end, talk),
                None => Some("has not said what it holds".into()),
            };
            if let Some(difference) = difference {
                let what = format!("{device} {difference} of {conversation}");
                faults.push(Promise::DevicesAgree.broken(what));
            }
        }
    }
    faults
}

fn difference(end: &End<'_>, talk: &Talk) -> Option<String> {
    let pairs = end.messages.iter().zip(&talk.messages);
    if let Some((held, stored)) = pairs.clone().find(|(held, stored)| held != stored) {
        return Some(format!(
            "holds {} ({}) where the store has {} ({})",
            held.id, held.seq, stored.id, stored.seq
        ));
    }
    if end.messages.len() != talk.messages.len() {
        return Some(format!("holds {} messages and the store {}", end.messages.len(), talk.messages.len()));
    }
    if end.cursor != talk.head {
        return Some(format!("is at version {}, the store at {},", end.cursor, talk.head));
    }
    let moved = |read: &BTreeMap<UserId, u64>| {
        read.iter().filter(|(_, seq)| **seq > 0).map(|(u, s)| (*u, *s)).collect::<Vec<_>>()
    };
    (moved(end.read) != moved(&talk.read)).then(|| "has other read cursors".into())
}

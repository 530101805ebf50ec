//! Every device ends with what the store holds.

use super::{
    About, Entry, Fault, Kept, Promise, Talk, What,
    asked::{changes, owners},
};
use model::{
    group::shows_history,
    id::{ConversationId, MessageId, UserId},
    message::Message,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

struct End<'a> {
    about: &'a About,
    cursor: u64,
    read: &'a BTreeMap<UserId, u64>,
    pins: &'a [MessageId],
    messages: &'a [Arc<Message>],
}

pub fn devices_end_with_the_store(history: &[Entry], kept: &Kept) -> Vec<Fault> {
    let mut faults = versions_are_complete(history, kept);
    let devices: BTreeMap<_, _> = owners(history).into_iter().collect();
    let mut ends: HashMap<(&str, ConversationId), End<'_>> = HashMap::new();
    for Entry { device, what } in history {
        if let What::Ended { about, cursor, read, pins, messages } = what {
            ends.insert((device, about.conversation), End { about, cursor: *cursor, read, pins, messages });
        }
    }
    for (device, user) in devices {
        for (conversation, talk) in &kept.talks {
            let end = ends.get(&(device, *conversation));
            let difference = match (end, talk.about.members.contains(&user)) {
                (Some(end), true) => difference(end, talk, user),
                (None, true) => Some("has not said what it holds".into()),
                (Some(_), false) => Some("holds something, and its person is not in it,".into()),
                (None, false) => None,
            };
            if let Some(difference) = difference {
                let what = format!("{device} {difference} of {conversation}");
                faults.push(Promise::DevicesAgree.broken(what));
            }
        }
    }
    faults
}

/// Each version is one message's, the newest one the head's; and if some are nobody's any more, there were
/// changes that they can have been.
fn versions_are_complete(history: &[Entry], kept: &Kept) -> Vec<Fault> {
    let mut tries: HashMap<ConversationId, u64> = HashMap::new();
    for change in changes(history).iter().filter(|change| !change.is_nothing()) {
        // On a bad line each may have arrived twice.
        *tries.entry(change.conversation).or_default() += 2 * change.tries as u64;
    }
    let mut faults = Vec::new();
    for (conversation, talk) in &kept.talks {
        let versions: BTreeSet<_> = talk.messages.iter().map(|message| message.version).collect();
        let missing = talk.head.saturating_sub(versions.len() as u64);
        let is_complete = versions.len() == talk.messages.len()
            && versions.last().copied().unwrap_or_default() == talk.head
            && !versions.contains(&0)
            && missing <= tries.get(conversation).copied().unwrap_or_default();
        if !is_complete {
            let what = format!("the versions of {conversation} are not 1 to {}, each once", talk.head);
            faults.push(Promise::DevicesAgree.broken(what));
        }
    }
    faults
}

fn difference(end: &End<'_>, talk: &Talk, user: UserId) -> Option<String> {
    let name = |message: &Message| format!("{} ({}, version {})", message.id, message.seq, message.version);
    let stored: BTreeMap<_, _> = talk.messages.iter().map(|message| (message.seq, message)).collect();
    for held in end.messages {
        match stored.get(&held.seq) {
            Some(stored) if *stored == held => {}
            Some(stored) => {
                return Some(format!("holds {} where the store has {}", name(held), name(stored)));
            }
            None => return Some(format!("holds {}, which the store has not,", name(held))),
        }
    }
    // What was shown to them once they may still have.
    let from = match talk.about.is_group && !shows_history(&talk.about.settings) {
        true => talk.joined.get(&user).copied().unwrap_or_default(),
        false => 0,
    };
    let held: BTreeSet<_> = end.messages.iter().map(|message| message.seq).collect();
    if let Some((_, missing)) = stored.range(from..).find(|(seq, _)| !held.contains(seq)) {
        return Some(format!("lacks {}", name(missing)));
    }
    let mut pinned: Vec<_> =
        stored.range(from..).filter_map(|(_, message)| Some((message.pinned?.at, message.id))).collect();
    pinned.sort_unstable();
    if !pinned.iter().map(|(_, id)| id).eq(end.pins) {
        return Some(format!("takes {:?} for what is pinned, in place of {pinned:?},", end.pins));
    }
    if *end.about != talk.about {
        return Some(format!("takes {:?} for {:?}", end.about, talk.about));
    }
    if end.cursor != talk.head {
        return Some(format!("is at version {}, the store at {},", end.cursor, talk.head));
    }
    let moved = |read: &BTreeMap<UserId, u64>| {
        read.iter().filter(|(_, seq)| **seq > 0).map(|(u, s)| (*u, *s)).collect::<Vec<_>>()
    };
    (moved(end.read) != moved(&talk.read)).then(|| "has other read cursors".into())
}

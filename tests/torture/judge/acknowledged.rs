//! What was acknowledged is there; what was not is there once at most.

use super::{Entry, Fault, Kept, Promise, What};
use std::collections::{HashMap, HashSet};

/// Acknowledged, or shown to anybody, which is a promise just as well: nothing is told before it
/// is stored.
pub fn stays_in_its_place(history: &[Entry], kept: &Kept) -> Vec<Fault> {
    let places = kept.places();
    let mut known = HashSet::new();
    let mut faults = Vec::new();
    for Entry { device, what } in history {
        let (conversation, id, seq, how) = match what {
            What::Acked { conversation, id, seq } => (conversation, id, seq, "acknowledged to"),
            What::Heard { conversation, id, seq, .. } => (conversation, id, seq, "shown to"),
            _ => continue,
        };
        // Each claim once, though many make it.
        if !known.insert((conversation, id, seq)) {
            continue;
        }
        let is = match places.get(&(*conversation, *id)) {
            Some(place) if place == seq => continue,
            Some(place) => format!("is at {place}"),
            None => "is not in the store".into(),
        };
        let what = format!("{id}, {how} {device} as {seq} of {conversation}, {is}");
        faults.push(Promise::AcknowledgedStays.broken(what));
    }
    faults
}

/// Each id once, each text once, and nothing else.
pub fn is_stored_once(history: &[Entry], kept: &Kept) -> Vec<Fault> {
    let mut written = HashMap::new();
    let mut owners = HashMap::new();
    for Entry { device, what } in history {
        match what {
            What::Came { user } => drop(owners.insert(device, user)),
            What::Begun { conversation, id, body } => {
                written.insert((conversation, id), (owners.get(device).copied(), body));
            }
            _ => {}
        }
    }
    let mut faults = Vec::new();
    for (conversation, talk) in &kept.0 {
        let (mut ids, mut texts) = (HashSet::new(), HashSet::new());
        for message in &talk.messages {
            let name = format!("{} at {} of {conversation}", message.id, message.seq);
            let mut broken = |what| faults.push(Promise::StoredOnce.broken(format!("{name} {what}")));
            match written.get(&(conversation, &message.id)) {
                None => broken("was written by nobody"),
                Some((sender, _)) if *sender != Some(&message.sender) => broken("is somebody else's"),
                Some((_, body)) if message.content.words() != Some(body) => {
                    broken("has other words than were written")
                }
                Some(_) => {}
            }
            if !ids.insert(message.id) {
                broken("is stored twice");
            } else if !texts.insert(message.content.words()) {
                broken("says what another message says: it was sent once and stored twice");
            }
        }
    }
    faults
}

//! Read cursors only grow, also across crashes, and no answer is older than what was known.

use super::{Deed, Entry, Fault, Glance, Kept, Promise, What};
use model::id::{ConversationId, UserId};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What anybody was told so far, and what follows from it.
type Known = BTreeMap<ConversationId, Glance>;

/// Who may have been taken out of a group, or have left it: their cursor goes with them.
type Gone = HashSet<(ConversationId, UserId)>;

/// A socket.
struct Opened {
    /// What was known when it was opened.
    before: Known,
    /// The read cursors that were told over it since.
    said: HashMap<(ConversationId, UserId), u64>,
}

pub fn never_goes_back(history: &[Entry], kept: &Kept) -> Vec<Fault> {
    let mut known = Known::new();
    // What people have seen, of which the server need not have heard yet.
    let mut seen = Known::new();
    let mut opened: HashMap<&str, Opened> = HashMap::new();
    let mut owners = HashMap::new();
    let mut gone = Gone::new();
    let mut broken = Vec::new();
    for Entry { device, what } in history {
        match what {
            What::Came { user } => drop(owners.insert(device.as_str(), *user)),
            What::Asked { conversation, deed: Deed::Remove(who), .. } => {
                gone.insert((*conversation, *who));
            }
            What::Connected => {
                opened.insert(device, Opened { before: known.clone(), said: HashMap::new() });
            }
            What::Acked { conversation, seq, .. } => rise(&mut known, *conversation, *seq),
            What::Heard { conversation, version, .. } | What::Changed { conversation, version, .. } => {
                rise(&mut known, *conversation, *version);
            }
            What::Done { conversation, head: Some(head), .. } => rise(&mut known, *conversation, *head),
            What::Resumed { talks } => {
                let before = opened.get(device.as_str()).map(|opened| &opened.before);
                for (conversation, was) in before.into_iter().flatten() {
                    if let Some(is) =
                        talks.get(conversation).and_then(|is| older(*conversation, was, is, &gone))
                    {
                        broken.push(format!("{device} was told in {conversation}: {is}"));
                    }
                }
                for (conversation, glance) in talks {
                    rise(&mut known, *conversation, glance.head);
                    glance.read.iter().for_each(|(user, seq)| read(&mut known, *conversation, *user, *seq));
                }
            }
            What::Read { conversation, user, seq } => {
                let said = opened.get_mut(device.as_str()).map(|opened| &mut opened.said);
                let before = said.and_then(|said| said.insert((*conversation, *user), *seq));
                if before.is_some_and(|before| before > *seq) {
                    broken.push(format!(
                        "{device} was told that {user} had read {before:?} of {conversation}, then {seq}"
                    ));
                }
                read(&mut known, *conversation, *user, *seq);
            }
            What::Seen { conversation, seq } => {
                if let Some(user) = owners.get(device.as_str()) {
                    read(&mut seen, *conversation, *user, *seq);
                }
            }
            _ => {}
        }
    }
    for (conversation, glance) in seen {
        glance.read.iter().for_each(|(user, seq)| read(&mut known, conversation, *user, *seq));
    }
    for (conversation, talk) in &kept.talks {
        let is = Glance { head: talk.head, read: talk.read.clone() };
        if let Some(older) = known.get(conversation).and_then(|was| older(*conversation, was, &is, &gone)) {
            broken.push(format!("in the end the store has in {conversation}: {older}"));
        }
        let beyond = talk.read.iter().find(|(_, seq)| **seq > talk.head);
        broken.extend(
            beyond.map(|(user, seq)| format!("{user} has read {seq} of {} in {conversation}", talk.head)),
        );
    }
    broken.into_iter().map(|what| Promise::NeverGoesBack.broken(what)).collect()
}

fn rise(known: &mut Known, conversation: ConversationId, version: u64) {
    let glance = known.entry(conversation).or_default();
    glance.head = glance.head.max(version);
}

fn read(known: &mut Known, conversation: ConversationId, user: UserId, seq: u64) {
    let cursor = known.entry(conversation).or_default().read.entry(user).or_default();
    *cursor = seq.max(*cursor);
}

/// How `is` falls behind `was`.
fn older(conversation: ConversationId, was: &Glance, is: &Glance, gone: &Gone) -> Option<String> {
    if is.head < was.head {
        return Some(format!("version {} after {}", is.head, was.head));
    }
    let back = |(user, seq): (&UserId, &u64)| {
        let now = is.read.get(user).copied().unwrap_or_default();
        let has_left = !is.read.contains_key(user) && gone.contains(&(conversation, *user));
        (now < *seq && !has_left).then(|| format!("{user} has read {now} after {seq}"))
    };
    was.read.iter().find_map(back)
}

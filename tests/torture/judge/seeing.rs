//! Nobody sees what is not for them: what is said in a group while they are not in it, and, unless the
//! group shows it, what was said before they joined.

use super::{Deed, Entry, Fault, Kept, Promise, State, Talk, What, asked::owners};
use model::{
    content::{Content, System},
    group::{HISTORY, SHOWN},
    id::{ConversationId, UserId},
};
use std::collections::{HashMap, HashSet};

pub fn is_for_members(history: &[Entry], kept: &Kept) -> Vec<Fault> {
    let owners = owners(history);
    let mut adds: HashMap<(ConversationId, UserId), usize> = HashMap::new();
    let mut shown: HashSet<ConversationId> = HashSet::new();
    // The newest version that a device was told of a conversation, hidden or not.
    let mut newest: HashMap<(&str, ConversationId), u64> = HashMap::new();
    let mut spans: HashMap<(ConversationId, UserId), Vec<Span>> = HashMap::new();
    let mut faults = Vec::new();
    for Entry { device, what } in history {
        let Some(user) = owners.get(device.as_str()).copied() else { continue };
        let mut broken =
            |what: String| faults.push(Promise::OnlyForMembers.broken(format!("{device} {what}")));
        let mut spans_in = |conversation: ConversationId, talk: &Talk| {
            spans.entry((conversation, user)).or_insert_with(|| spans_of(talk, user)).clone()
        };
        match what {
            What::Asked { conversation, deed: Deed::Add(who), .. } => {
                *adds.entry((*conversation, *who)).or_default() += 1;
            }
            What::Asked { conversation, deed: Deed::Set(name, word), .. }
                if name == HISTORY && word == SHOWN =>
            {
                shown.insert(*conversation);
            }
            What::Heard { conversation, seq, version, state, .. } => {
                let Some(talk) = kept.group(*conversation) else { continue };
                let spans = spans_in(*conversation, talk);
                let added = adds.get(&(*conversation, user)).copied().unwrap_or_default();
                let known = newest.entry((device.as_str(), *conversation)).or_default();
                *known = (*known).max(*version);
                if !may_hear(&spans, *version, added) {
                    broken(format!("was told version {version} of {conversation}, and was not in it"));
                } else if *state != State::Hidden && !shown.contains(conversation) {
                    // As far as this device has come, they joined there.
                    let joined = spans.iter().map(|span| span.joined).filter(|joined| joined <= known).max();
                    if joined.is_some_and(|joined| *seq < joined) {
                        broken(format!("was shown {seq} of {conversation}, from before they joined"));
                    }
                }
            }
            What::Resumed { talks } => {
                for (conversation, glance) in talks {
                    let Some(talk) = kept.group(*conversation) else { continue };
                    let added = adds.get(&(*conversation, user)).copied().unwrap_or_default();
                    // Whoever has left is told of nothing, and so not of that either.
                    if glance.head > 0 && !may_hear(&spans_in(*conversation, talk), glance.head, added) {
                        broken(format!("was told of {conversation} at {}, and was not in it", glance.head));
                    }
                }
            }
            _ => {}
        }
    }
    faults
}

/// A time for which somebody was in a group: from the version that says so, to that of their leaving.
#[derive(Clone, Copy, Debug)]
struct Span {
    joined: u64,
    left: u64,
}

/// All of them, in order; the first begins with the group if they were in it from its beginning.
fn spans_of(talk: &Talk, user: UserId) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut is_first = true;
    for message in talk.by_seq() {
        match &message.content {
            Content::System(System::Joined(who)) if *who == user => {
                spans.push(Span { joined: message.seq, left: u64::MAX });
                is_first = false;
            }
            Content::System(System::Left(who)) if *who == user => {
                if is_first {
                    spans.push(Span { joined: 1, left: u64::MAX });
                    is_first = false;
                }
                if let Some(last) = spans.last_mut() {
                    last.left = message.seq;
                }
            }
            _ => {}
        }
    }
    if is_first && talk.about.members.contains(&user) {
        spans.push(Span { joined: 1, left: u64::MAX });
    }
    spans
}

/// Whether somebody who was asked to be added so many times until now can have been told of this version:
/// while they were in it, or since they are in it again.
fn may_hear(spans: &[Span], version: u64, added: usize) -> bool {
    let is_in = |span: &Span| (span.joined..=span.left).contains(&version);
    if spans.iter().any(is_in) {
        return true;
    }
    // Each time but that from the beginning somebody had to add them.
    let since_beginning = usize::from(spans.first().is_some_and(|span| span.joined == 1));
    let next = spans.iter().position(|span| span.joined > version);
    next.is_some_and(|next| added + since_beginning > next)
}

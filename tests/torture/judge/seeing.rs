//! Nobody sees what is not for them: what is said in a group while they are not in it, and, unless the
//! group shows it, what was said before they joined.

use super::{
    Deed, Entry, Fault, Kept, Promise, State, Talk, What,
    asked::{Request, owners, requests},
};
use model::{
    content::{Content, System},
    group::{HISTORY, SHOWN},
    id::{ConversationId, UserId},
};
use std::collections::{HashMap, HashSet};

pub fn is_for_members(history: &[Entry], kept: &Kept) -> Vec<Fault> {
    let owners = owners(history);
    let requests = requests(history);
    let mut shown: HashSet<ConversationId> = HashSet::new();
    // The newest version that a device was told of a conversation, hidden or not.
    let mut newest: HashMap<(&str, ConversationId), u64> = HashMap::new();
    let mut spans: HashMap<(ConversationId, UserId), Vec<Span>> = HashMap::new();
    let mut faults = Vec::new();
    for (line, Entry { device, what }) in history.iter().enumerate() {
        let Some(user) = owners.get(device.as_str()).copied() else { continue };
        let mut broken =
            |what: String| faults.push(Promise::OnlyForMembers.broken(format!("{device} {what}")));
        let mut spans_in = |conversation: ConversationId, talk: &Talk| {
            spans.entry((conversation, user)).or_insert_with(|| spans_of(talk, user)).clone()
        };
        match what {
            What::Asked { conversation, deed: Deed::Set(name, word), .. }
                if name == HISTORY && word == SHOWN =>
            {
                shown.insert(*conversation);
            }
            What::Heard { conversation, seq, version, state, .. } => {
                let Some(talk) = kept.group(*conversation) else { continue };
                let spans = spans_in(*conversation, talk);
                let known = newest.entry((device.as_str(), *conversation)).or_default();
                *known = (*known).max(*version);
                if !may_hear(&spans, *version, line, adds_of(&requests, *conversation, user)) {
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
                    let adds = adds_of(&requests, *conversation, user);
                    // Whoever has left is told of nothing, and so not of that either.
                    if glance.head > 0 && !may_hear(&spans_in(*conversation, talk), glance.head, line, adds) {
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

/// Whether somebody can have been told of this version at this line of the history: they were in the group, or
/// somebody had asked to let them in again, which happened later than this version.
fn may_hear(spans: &[Span], version: u64, line: usize, mut adds: impl Iterator<Item = Add>) -> bool {
    let is_in = |span: &Span| (span.joined..=span.left).contains(&version);
    if spans.iter().any(is_in) {
        return true;
    }
    let Some(next) = spans.iter().find(|span| span.joined > version) else { return false };
    // One that was done before that found them in it, and is not the one that let them in there.
    adds.any(|add| add.asked < line && add.head.is_none_or(|head| head >= next.joined))
}

/// What may have let somebody into a group: when it was asked for, and the group's counter once it was done.
struct Add {
    asked: usize,
    head: Option<u64>,
}

fn adds_of(
    requests: &[Request<'_>],
    conversation: ConversationId,
    user: UserId,
) -> impl Iterator<Item = Add> {
    let is_such = move |request: &&Request<'_>| {
        request.conversation == conversation && *request.deed == Deed::Add(user) && !request.declined
    };
    let add =
        |request: &Request<'_>| Add { asked: request.asked, head: request.done.and_then(|(_, head)| head) };
    requests.iter().filter(is_such).map(add)
}

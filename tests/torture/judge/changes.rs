//! What became of messages after they were stored: changes that were acknowledged have happened, and
//! those that were refused have not.

use super::{
    Entry, Fault, How, Kept, Promise, What,
    asked::{Change, Write, changes, may_be},
};
use model::{content::Content, id::UserId, message::Message};
use std::collections::{BTreeMap, HashMap};

/// Each message is as the last of its changes has left it.
pub fn are_as_acknowledged(history: &[Entry], kept: &Kept) -> Vec<Fault> {
    let mut sent = HashMap::new();
    for (line, Entry { what, .. }) in history.iter().enumerate() {
        match what {
            What::Begun { conversation, id, body, .. } => {
                let first = Write { value: body.clone(), begun: line, done: None };
                sent.insert((*conversation, *id), first);
            }
            What::Acked { conversation, id, .. } => {
                if let Some(first) = sent.get_mut(&(*conversation, *id)) {
                    first.done.get_or_insert(line);
                }
            }
            _ => {}
        }
    }
    let mut of_message: BTreeMap<_, Vec<Change<'_>>> = BTreeMap::new();
    for change in changes(history).into_iter().filter(|change| !change.is_nothing()) {
        of_message.entry((change.conversation, change.message)).or_default().push(change);
    }
    let stored = kept.messages();
    let mut faults = Vec::new();
    for ((conversation, id), changes) in of_message {
        // A message that is not there at all is missed elsewhere.
        let Some(message) = stored.get(&(conversation, id)) else { continue };
        let mut broken = |what: String| {
            let what = format!("{id} at {} of {conversation} {what}", message.seq);
            faults.push(Promise::AcknowledgedStays.broken(what));
        };
        for change in &changes {
            if let Some((_, version)) = change.acked.filter(|(_, version)| *version > message.version) {
                broken(format!("was changed by {} as {version} and is at {}", change.id, message.version));
            }
        }
        if let Content::Deleted { .. } = message.content {
            continue;
        }
        if changes.iter().any(|change| *change.how == How::Delete && change.acked.is_some()) {
            broken("is there, although its deletion was acknowledged".into());
        }
        if let (Content::Text { body, .. }, Some(first)) = (&message.content, sent.get(&(conversation, id)))
            && !may_be(body, &wordings(first, &changes))
        {
            broken("has words in whose place others were acknowledged".into());
        }
        if !may_be(&message.pinned.is_some(), &pins(&changes)) {
            broken("is pinned, or is not, against what was acknowledged".into());
        }
        for ((by, emoji), writes) in reactions(&changes) {
            if !may_be(&has_reaction(message, by, emoji), &writes) {
                broken(format!("has other reactions than were acknowledged: {emoji} of {by}"));
            }
        }
    }
    faults
}

fn wordings(first: &Write<String>, changes: &[Change<'_>]) -> Vec<Write<String>> {
    let edits = changes.iter().filter_map(|change| match change.how {
        How::Edit(body) => Some(write(change, body.clone())),
        How::Delete | How::React { .. } | How::Pin { .. } => None,
    });
    // What can be edited was stored.
    let first = Write { done: first.done.or(Some(first.begun)), ..first.clone() };
    [first].into_iter().chain(edits).collect()
}

/// Whether each person's reaction is there, as they wanted it.
fn reactions<'a>(changes: &[Change<'a>]) -> BTreeMap<(UserId, &'a str), Vec<Write<bool>>> {
    let mut wanted: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for change in changes {
        if let How::React { emoji, on } = change.how {
            let before = || vec![Write { value: false, begun: 0, done: Some(0) }];
            let writes = wanted.entry((change.by, emoji.as_str())).or_insert_with(before);
            writes.push(write(change, *on));
        }
    }
    wanted
}

/// Whether it is pinned, as anybody wanted it.
fn pins(changes: &[Change<'_>]) -> Vec<Write<bool>> {
    let before = Write { value: false, begun: 0, done: Some(0) };
    let wanted = changes.iter().filter_map(|change| match change.how {
        How::Pin { on } => Some(write(change, *on)),
        How::Edit(_) | How::Delete | How::React { .. } => None,
    });
    [before].into_iter().chain(wanted).collect()
}

fn write<V>(change: &Change<'_>, value: V) -> Write<V> {
    Write { value, begun: change.begun, done: change.acked.map(|(line, _)| line) }
}

fn has_reaction(message: &Message, by: UserId, emoji: &str) -> bool {
    message.reactions.iter().any(|reaction| reaction.emoji == emoji && reaction.users.contains(&by))
}

//! What was acknowledged is there; what was not is there once at most.

use super::{
    Deed, Entry, Fault, How, Kept, Promise, State, What,
    asked::{changes, owners, requests},
};
use model::{
    content::{Content, System},
    id::{ConversationId, MessageId, UserId},
    message::Message,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

/// Acknowledged, or shown to anybody, which is a promise just as well: nothing is told before it
/// is stored.
pub fn stays_in_its_place(history: &[Entry], kept: &Kept) -> Vec<Fault> {
    let places = kept.places();
    let mut known = HashSet::new();
    let mut faults = Vec::new();
    for Entry { device, what } in history {
        let (conversation, id, seq, how) = match what {
            What::Acked { conversation, id, seq } => (conversation, id, seq, "acknowledged to"),
            // Of one that is hidden not even the id is told.
            What::Heard { conversation, id, seq, state: State::Is(_), .. } => {
                (conversation, id, seq, "shown to")
            }
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

/// What was shown as a version is what everybody was shown as that version, and what the store holds if
/// nothing has changed since.
pub fn stays_as_it_was_told(history: &[Entry], kept: &Kept) -> Vec<Fault> {
    let stored = kept.messages();
    let mut told = HashMap::new();
    let mut faults = Vec::new();
    let mut broken = |what: String| faults.push(Promise::AcknowledgedStays.broken(what));
    for Entry { device, what } in history {
        let What::Heard { conversation, id, version, state: State::Is(state), .. } = what else { continue };
        let name = format!("version {version} of {conversation} as {device} was told it");
        match told.insert((conversation, version), (id, state)) {
            Some(before) if before == (id, state) => continue,
            Some(_) => broken(format!("{name} is not what it was told as before")),
            None => {}
        }
        match stored.get(&(*conversation, *id)) {
            Some(message) if message.version < *version => {
                broken(format!("{name} is not in the store, which has {}", message.version))
            }
            Some(message) if message.version == *version && State::of(message) != State::Is(*state) => {
                broken(format!("{name} is not what the store has"))
            }
            // That it is not there at all is said elsewhere.
            _ => {}
        }
    }
    faults
}

/// Each id once, each text once, and nothing else.
pub fn is_stored_once(history: &[Entry], kept: &Kept) -> Vec<Fault> {
    let mut written = HashMap::new();
    let owners = owners(history);
    for Entry { device, what } in history {
        if let What::Begun { conversation, id, body, .. } = what {
            written.insert((conversation, id), (owners.get(device.as_str()), body.as_str()));
        }
    }
    let wanted = Wanted::of(history);
    let mut faults = Vec::new();
    for (conversation, talk) in &kept.talks {
        let (mut ids, mut texts) = (HashSet::new(), HashSet::new());
        for message in &talk.messages {
            let name = format!("{} at {} of {conversation}", message.id, message.seq);
            let mut broken = |what| faults.push(Promise::StoredOnce.broken(format!("{name} {what}")));
            let was_changed = |how: &How| wanted.changes.contains(&(*conversation, message.id, how.clone()));
            match (&message.content, written.get(&(conversation, &message.id))) {
                (Content::System(_), _) => {}
                (_, None) => broken("was written by nobody"),
                (_, Some((sender, _))) if *sender != Some(&message.sender) => broken("is somebody else's"),
                (Content::Text { body, .. }, Some((_, first))) => {
                    if body != first && !was_changed(&How::Edit(body.clone())) {
                        broken("has other words than were written");
                    }
                }
                (_, Some(_)) => {
                    if !was_changed(&How::Delete) {
                        broken("is deleted, and nobody wanted that");
                    }
                }
            }
            if !ids.insert(message.id) {
                broken("is stored twice");
            } else if message.content.words().is_some_and(|words| !texts.insert(words)) {
                broken("says what another message says: it was sent once and stored twice");
            }
        }
        faults.extend(wanted.is_all_that_was_noted(*conversation, &talk.messages));
    }
    faults
}

/// What people wanted, besides new messages.
struct Wanted {
    changes: BTreeSet<(ConversationId, MessageId, How)>,
    /// How often who has asked for what.
    deeds: BTreeMap<(ConversationId, UserId, Deed), usize>,
    /// The same of settings, whichever.
    settings: HashMap<(ConversationId, UserId), usize>,
}

impl Wanted {
    fn of(history: &[Entry]) -> Self {
        let changes = changes(history);
        let changes = changes.iter().filter(|change| !change.is_nothing());
        let changes =
            changes.map(|change| (change.conversation, change.message, change.how.clone())).collect();
        let mut wanted = Self { changes, deeds: BTreeMap::new(), settings: HashMap::new() };
        for request in requests(history).iter().filter(|request| !request.declined) {
            let by = (request.conversation, request.by);
            match request.deed {
                Deed::Set(..) => *wanted.settings.entry(by).or_default() += 1,
                deed => *wanted.deeds.entry((by.0, by.1, deed.clone())).or_default() += 1,
            }
        }
        wanted
    }

    /// What the server has noted in a history, each as often as somebody has asked for it at most.
    fn is_all_that_was_noted(&self, conversation: ConversationId, messages: &[Arc<Message>]) -> Vec<Fault> {
        let mut noted: BTreeMap<_, usize> = BTreeMap::new();
        let mut faults = Vec::new();
        for message in messages {
            let Content::System(system) = &message.content else { continue };
            let deed = match system {
                System::Created => Noted::Created,
                System::Joined(who) => Noted::Deed(Deed::Add(*who)),
                System::Left(who) => Noted::Deed(Deed::Remove(*who)),
                System::Renamed(name) => Noted::Deed(Deed::Rename(name.clone())),
                System::Role(who, role) => Noted::Deed(Deed::Role(*who, *role)),
                System::Settings => Noted::Settings,
            };
            let asked = match &deed {
                Noted::Created => 1,
                Noted::Settings => self.settings.get(&(conversation, message.sender)).copied().unwrap_or(0),
                Noted::Deed(deed) => {
                    let by = (conversation, message.sender, deed.clone());
                    self.deeds.get(&by).copied().unwrap_or(0)
                }
            };
            let by = if deed == Noted::Created { None } else { Some(message.sender) };
            let times = noted.entry((by, deed)).or_default();
            *times += 1;
            if *times > asked {
                let what = format!("{system:?} at {} of {conversation}: stored {times} times", message.seq);
                faults.push(Promise::StoredOnce.broken(format!("{what}, asked for {asked} times")));
            }
        }
        faults
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Noted {
    Created,
    Deed(Deed),
    Settings,
}

//! A group is what its history says, and its history says all that was done.

use super::{
    About, Deed, Entry, Fault, Kept, Promise, Talk,
    asked::{Request, Write, may_be, requests},
};
use model::{
    content::{Content, System},
    group::{Role, Roles},
    id::UserId,
};
use std::collections::{BTreeMap, BTreeSet};

pub fn are_as_their_history_says(history: &[Entry], kept: &Kept) -> Vec<Fault> {
    let requests = requests(history);
    let mut faults = Vec::new();
    for (conversation, talk) in kept.talks.iter().filter(|(_, talk)| talk.about.is_group) {
        let mut broken = |what: String| {
            faults.push(Promise::AcknowledgedStays.broken(format!("{conversation} {what}")));
        };
        let end = Group::at(talk, u64::MAX);
        if let Some(difference) = end.difference(&talk.about) {
            broken(format!("has other {difference} than its history says"));
        }
        let of_it: Vec<_> = requests.iter().filter(|request| request.conversation == *conversation).collect();
        for request in &of_it {
            let Some((_, Some(head))) = request.done else { continue };
            if head > talk.head {
                broken(format!("was at {head} for {:?} and is at {}", request.deed, talk.head));
            } else if !Group::at(talk, head).has(request.deed) {
                broken(format!("does not have {:?}, which was acknowledged at {head}", request.deed));
            }
        }
        // What has no version to look it up by.
        let names: BTreeSet<_> = of_it.iter().filter_map(|request| setting(request.deed)).collect();
        for name in names {
            let is = talk.about.settings.get(name);
            if !may_be(&is, &settings(name, &of_it)) {
                broken(format!("has {name} {is:?}, in place of which something else was acknowledged"));
            }
        }
        let left: BTreeSet<_> = of_it.iter().filter_map(|request| member(request.deed)).collect();
        for who in left {
            let is_in = talk.about.members.contains(&who);
            if !may_be(&is_in, &memberships(who, talk, &of_it)) {
                broken(format!("has {who} among its members ({is_in}); something else was acknowledged"));
            }
        }
    }
    faults
}

fn setting(deed: &Deed) -> Option<&str> {
    match deed {
        Deed::Set(name, _) => Some(name),
        _ => None,
    }
}

fn member(deed: &Deed) -> Option<UserId> {
    match deed {
        Deed::Add(who) | Deed::Remove(who) => Some(*who),
        _ => None,
    }
}

fn settings<'a>(name: &str, requests: &[&'a Request<'_>]) -> Vec<Write<Option<&'a String>>> {
    let before = Write { value: None, begun: 0, done: Some(0) };
    let set = requests.iter().filter(|request| !request.declined).filter_map(|request| match request.deed {
        Deed::Set(set, word) if set == name => Some(write(request, Some(word))),
        _ => None,
    });
    [before].into_iter().chain(set).collect()
}

fn memberships(who: UserId, talk: &Talk, requests: &[&Request<'_>]) -> Vec<Write<bool>> {
    let before = Write { value: Group::begun(talk).members.contains(&who), begun: 0, done: Some(0) };
    let moved =
        requests.iter().filter(|request| !request.declined).filter_map(|request| match request.deed {
            Deed::Add(other) if *other == who => Some(write(request, true)),
            Deed::Remove(other) if *other == who => Some(write(request, false)),
            _ => None,
        });
    [before].into_iter().chain(moved).collect()
}

fn write<V>(request: &Request<'_>, value: V) -> Write<V> {
    Write { value, begun: request.asked, done: request.done.map(|(line, _)| line) }
}

/// What a group is at some place in its history.
struct Group {
    /// In the order in which they joined.
    members: Vec<UserId>,
    roles: Roles,
    name: Option<String>,
}

impl Group {
    /// As it was made: with those who were there without having joined.
    fn begun(talk: &Talk) -> Self {
        let mut first_seen = BTreeMap::new();
        let mut maker = None;
        for message in talk.by_seq() {
            match &message.content {
                Content::System(System::Created) => maker = Some(message.sender),
                Content::System(System::Joined(who)) => {
                    first_seen.entry(*who).or_insert(false);
                }
                Content::System(System::Left(who)) => {
                    first_seen.entry(*who).or_insert(true);
                }
                _ => {}
            }
        }
        for who in &talk.about.members {
            first_seen.entry(*who).or_insert(true);
        }
        // Of those who have been in it equally long the one with the smaller id comes first.
        let members = first_seen.into_iter().filter(|(_, was_in)| *was_in).map(|(who, _)| who).collect();
        Self { roles: Roles { owner: maker, admins: Vec::new() }, members, name: None }
    }

    /// As it was once everything up to this version had happened.
    fn at(talk: &Talk, version: u64) -> Self {
        let mut group = Self::begun(talk);
        for message in talk.by_seq().into_iter().filter(|message| message.seq <= version) {
            match &message.content {
                Content::System(System::Joined(who)) => group.members.push(*who),
                Content::System(System::Left(who)) => {
                    group.members.retain(|member| member != who);
                    group.roles.forget(*who);
                    group.roles = std::mem::take(&mut group.roles).settled(&group.members);
                }
                Content::System(System::Renamed(name)) => group.name = Some(name.clone()),
                Content::System(System::Role(who, role)) => {
                    group.roles.give(*who, *role);
                    group.roles = std::mem::take(&mut group.roles).settled(&group.members);
                }
                _ => {}
            }
        }
        group
    }

    /// Whether it is so already.
    fn has(&self, deed: &Deed) -> bool {
        match deed {
            Deed::Rename(name) => self.name.as_ref() == Some(name),
            Deed::Add(who) => self.members.contains(who),
            Deed::Remove(who) => !self.members.contains(who),
            Deed::Role(who, role) => self.members.contains(who) && self.roles.of(*who) == *role,
            // Which ones they are, no message says.
            Deed::Set(..) => true,
        }
    }

    fn difference(&self, is: &About) -> Option<&'static str> {
        let sorted = |users: &[UserId]| users.iter().copied().collect::<BTreeSet<_>>();
        let roles = |roles: &Roles| {
            let of = |who: &UserId| (*who, roles.of(*who));
            is.members.iter().map(of).filter(|(_, role)| *role != Role::Member).collect::<Vec<_>>()
        };
        match () {
            () if sorted(&self.members) != sorted(&is.members) => Some("members"),
            () if roles(&self.roles) != roles(&is.roles) => Some("roles"),
            // As it was made it may have any name.
            () if self.name.is_some() && self.name != is.name => Some("name"),
            () => None,
        }
    }
}

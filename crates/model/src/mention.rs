//! Who is meant by a message: `@` and a username in its text.

use crate::id::UserId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The most people that one message mentions by their names; further ones are not told.
pub const MAX_MENTIONS: usize = 50;
/// What follows an `@` that means everybody; from admins and the owner of a group alone.
pub const ALL: &str = "all";

/// Who is meant by a message. Its sender never is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mentions {
    /// Those who are named, at most [`MAX_MENTIONS`], in the order in which they are first.
    #[serde(rename = "mentions", default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<UserId>,
    /// Whether everybody in the conversation is.
    #[serde(rename = "mentions_all", default, skip_serializing_if = "is_false")]
    pub all: bool,
}

fn is_false(is: &bool) -> bool {
    !is
}

/// Stands for everybody where mentions are stored one by one.
const EVERYBODY: UserId = UserId(Uuid::nil());

impl Mentions {
    /// Whether nobody is meant.
    pub fn is_empty(&self) -> bool {
        self.users.is_empty() && !self.all
    }

    /// Whether somebody is among those meant.
    pub fn has(&self, user: UserId) -> bool {
        self.all || self.users.contains(&user)
    }

    /// One by one, as they are stored: the nil id stands for everybody.
    pub fn stored(&self) -> Vec<UserId> {
        self.all.then_some(EVERYBODY).into_iter().chain(self.users.iter().copied()).collect()
    }

    /// Of what is stored.
    pub fn of_stored(mut stored: Vec<UserId>) -> Self {
        let all = stored.contains(&EVERYBODY);
        stored.retain(|user| *user != EVERYBODY);
        Self { users: stored, all }
    }

    /// What is stored of a message that somebody finds who looks for what means them.
    pub fn meaning(user: UserId) -> [UserId; 2] {
        [user, EVERYBODY]
    }
}

/// The words that a text has behind an `@`, in lower case, each once, without code: what may be usernames, or
/// [`ALL`].
pub fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for words in unfenced(text).iter().flat_map(|part| without_code(part)) {
        for (at, _) in words.match_indices('@') {
            let name = name_at(&words[at + 1..]).to_ascii_lowercase();
            let begins = words[..at].chars().next_back().is_none_or(begins);
            if begins && !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// What stands before, between and behind fences.
fn unfenced(text: &str) -> Vec<String> {
    let (mut parts, mut is_code) = (vec![String::new()], false);
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut().filter(|_| !is_code) {
            part.push_str(line);
            part.push('\n');
        }
    }
    parts
}

/// What stands between pieces of code, each of which is ended by as many backticks as it was begun with.
fn without_code(text: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    for (at, _) in text.match_indices('`') {
        match runs.last_mut() {
            Some((start, length)) if *start + *length == at => *length += 1,
            _ => runs.push((at, 1)),
        }
    }
    // Of each run the next one that is as long, found from the end.
    let (mut ends, mut seen) = (vec![None; runs.len()], BTreeMap::new());
    for (index, (_, length)) in runs.iter().enumerate().rev() {
        ends[index] = seen.insert(*length, index);
    }
    let (mut words, mut from, mut index) = (Vec::new(), 0, 0);
    while let Some((start, _)) = runs.get(index) {
        if let Some(end) = ends[index] {
            words.push(&text[from..*start]);
            from = runs[end].0 + runs[end].1;
            index = end;
        }
        index += 1;
    }
    words.push(&text[from..]);
    words
}

/// Whether a mention may follow this character.
pub fn begins(before: char) -> bool {
    !before.is_alphanumeric() && !"@_-./".contains(before)
}

/// What may be a username at the beginning of a text: it ends with a letter or a digit.
pub fn name_at(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c))).unwrap_or(text.len());
    let name = text[..end].trim_end_matches(['.', '_', '-']);
    if name.starts_with(|c: char| c.is_ascii_alphanumeric()) { name } else { "" }
}

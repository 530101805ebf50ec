//! Who is meant by a message: `@` and a username in its text.

use crate::{
    id::UserId,
    markup::{Node, parse},
};
use serde::{Deserialize, Serialize};
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
/// [`ALL`]. They are those that are shown as mentions, as the same parser finds them.
pub fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    gather(&parse(text), &mut names);
    names
}

fn gather(nodes: &[Node], names: &mut Vec<String>) {
    for node in nodes {
        match node {
            Node::Mention(mention) => {
                let name = mention[1..].to_ascii_lowercase();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            Node::Link { label: Some(within), .. } | Node::Styled(_, within) => gather(within, names),
            Node::Link { label: None, .. } | Node::Text(_) | Node::Code(_) | Node::Fenced(_) => {}
        }
    }
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

//! What a group is besides who belongs to it: its name, what its members may do, its settings.

use crate::{
    error::{AppError, ErrorCode},
    id::UserId,
    text,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Settings by name, each a word. What a program does not know it keeps. (Any JSON would cost the page a
/// copy of all that reads it.)
pub type Settings = BTreeMap<String, String>;

/// Who of a group does something, where the group says so itself. A setting; everyone, unless it is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Who lets people in.
    Adds,
    /// Who writes.
    Writes,
    /// Who pins messages.
    Pins,
}

impl Setting {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Adds, Self::Writes, Self::Pins];

    /// What it is called on the wire and in stores.
    pub fn word(self) -> &'static str {
        match self {
            Self::Adds => "adds",
            Self::Writes => "writes",
            Self::Pins => "pins",
        }
    }

    /// The least role that does it. A word that this program does not know lets nobody do more than it would.
    pub fn least(self, settings: &Settings) -> Role {
        match settings.get(self.word()).map(String::as_str) {
            None | Some(EVERYONE) => Role::Member,
            Some(_) => Role::Admin,
        }
    }
}

/// A setting's word: all members.
pub const EVERYONE: &str = "everyone";
/// A setting's word: admins and the owner.
pub const ADMINS: &str = "admins";
/// The setting that says what of the history members see from before they joined.
pub const HISTORY: &str = "history";
/// Its word: all of it.
pub const SHOWN: &str = "shown";
/// Its word, also where it is not set: nothing.
pub const HIDDEN: &str = "hidden";

/// The settings that a group has once `posted` is put over them. Errors: `invalid_setting`, of one that there
/// is not, or a word that it does not have.
pub fn set(settings: &Settings, posted: &BTreeMap<String, String>) -> Result<Settings, AppError> {
    let mut next = settings.clone();
    for (name, word) in posted {
        let words = match name.as_str() {
            HISTORY => [SHOWN, HIDDEN],
            name if Setting::ALL.iter().any(|setting| setting.word() == name) => [EVERYONE, ADMINS],
            _ => {
                let why = format!("A group has no setting '{}'.", text::beginning(name, 20));
                return Err(AppError::new(ErrorCode::InvalidSetting, why));
            }
        };
        if !words.contains(&word.as_str()) {
            let why = format!("The setting '{name}' is '{}' or '{}'.", words[0], words[1]);
            return Err(AppError::new(ErrorCode::InvalidSetting, why));
        }
        next.insert(name.clone(), word.clone());
    }
    Ok(next)
}

/// Whether members see what was written before they joined.
pub fn shows_history(settings: &Settings) -> bool {
    settings.get(HISTORY).is_some_and(|word| word == SHOWN)
}

/// What somebody may want to do in a group, besides reading it and leaving it, which every member may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Say something, change one's own words, react.
    Write,
    /// Let somebody in.
    Add,
    /// Pin a message, or no longer.
    Pin,
    /// Mention everybody at once.
    MentionAll,
    /// Take somebody with this role out.
    Remove(Role),
    /// Give it another name.
    Rename,
    /// Change its settings.
    Set,
    /// Make somebody an admin, or a member again.
    Appoint,
    /// Hand it over to somebody.
    HandOver,
    /// Erase it for everybody.
    Erase,
}

/// Whether whoever has this role may do it, in a group with these settings. The one table of it; who is no
/// member may do nothing.
pub fn may(role: Role, act: Act, settings: &Settings) -> bool {
    let least = match act {
        Act::Write => Setting::Writes.least(settings),
        Act::Add => Setting::Adds.least(settings),
        Act::Pin => Setting::Pins.least(settings),
        Act::Remove(Role::Member) | Act::MentionAll | Act::Rename | Act::Set => Role::Admin,
        Act::Remove(Role::Admin) | Act::Appoint | Act::HandOver | Act::Erase => Role::Owner,
        // Owners leave, and hand over first if they like.
        Act::Remove(Role::Owner) => return false,
    };
    role >= least
}

/// What a member of a group may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Write, let contacts in, leave.
    #[default]
    Member,
    /// Also take members out, and change name and settings.
    Admin,
    /// Also say who is an admin, and hand the group over. There is one.
    Owner,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Member, Self::Admin, Self::Owner];

    /// The word for it, on the wire and in stores.
    pub fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// The role of such a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// Who of a group is more than a member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roles {
    /// The one whose group it is; of a direct conversation nobody.
    pub owner: Option<UserId>,
    /// Who else looks after it, in the order in which they came to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub admins: Vec<UserId>,
}

impl Roles {
    /// Nobody's: a direct conversation's.
    pub fn is_empty(&self) -> bool {
        self.owner.is_none()
    }

    /// What a member may do.
    pub fn of(&self, member: UserId) -> Role {
        match () {
            () if self.owner == Some(member) => Role::Owner,
            () if self.admins.contains(&member) => Role::Admin,
            () => Role::Member,
        }
    }

    /// Gives a member this role; where they become the owner, whoever was it stays an admin.
    pub fn give(&mut self, member: UserId, role: Role) {
        self.forget(member);
        match role {
            Role::Member => {}
            Role::Admin => self.admins.push(member),
            Role::Owner => self.admins.extend(self.owner.replace(member)),
        }
    }

    /// Takes a member's role away.
    pub fn forget(&mut self, member: UserId) {
        self.owner.take_if(|owner| *owner == member);
        self.admins.retain(|admin| *admin != member);
    }

    /// A group whose owner has left, or that is older than roles, belongs to the one who has been there
    /// longest: the first of `members`, which stand in the order in which they joined.
    pub fn settled(mut self, members: &[UserId]) -> Self {
        if self.owner.is_none()
            && let Some(longest) = members.first()
        {
            self.give(*longest, Role::Owner);
        }
        self
    }
}

/// What a group is called: 1 to 60 characters that can be seen, none that changes the direction of the
/// text around it, no spaces around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GroupName(String);

impl GroupName {
    /// The longest name, in characters.
    pub const MAX: usize = 60;

    /// Accepts a valid name, spaces around it taken off. Errors: `invalid_group_name`.
    pub fn parse(text: &str) -> Result<Self, AppError> {
        let name = text.trim();
        let refuse = |why: &str| Err(AppError::new(ErrorCode::InvalidGroupName, why).on("name"));
        if !(1..=Self::MAX).contains(&name.chars().count()) {
            return refuse("A group's name has 1 to 60 characters.");
        }
        if !text::is_plain_name(name) {
            return refuse("A group's name consists of characters that can be seen.");
        }
        Ok(Self(name.to_owned()))
    }

    /// As it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for GroupName {
    type Error = AppError;

    fn try_from(text: String) -> Result<Self, AppError> {
        Self::parse(&text)
    }
}

impl From<GroupName> for String {
    fn from(name: GroupName) -> Self {
        name.0
    }
}

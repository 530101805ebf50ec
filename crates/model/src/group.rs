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

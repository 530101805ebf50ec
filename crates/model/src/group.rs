//! What a group is besides who belongs to it: its name, what its members may do, its settings.

use crate::{
    error::{AppError, ErrorCode},
    id::UserId,
    user,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Settings by name. What a program does not know it keeps.
pub type Settings = serde_json::Map<String, serde_json::Value>;

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

    /// All roles once `who` has this one; where somebody becomes the owner, whoever was it stays an
    /// admin.
    pub fn given(
        self,
        who: UserId,
        before: impl IntoIterator<Item = (UserId, Self)>,
    ) -> impl Iterator<Item = (UserId, Self)> {
        let others = before.into_iter().filter(move |(member, _)| *member != who);
        let others = others.map(move |(member, role)| match (self, role) {
            (Self::Owner, Self::Owner) => (member, Self::Admin),
            _ => (member, role),
        });
        others.chain([(who, self)])
    }

    /// The role of such a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// Who is more than a member. A group whose owner has left, or that is older than roles, belongs to the
/// one who has been there longest: the first of `members`, which stand in the order in which they joined.
pub fn roles(members: &[UserId], given: impl IntoIterator<Item = (UserId, Role)>) -> BTreeMap<UserId, Role> {
    let mut roles: BTreeMap<_, _> = given.into_iter().filter(|(_, role)| *role != Role::Member).collect();
    if !roles.values().any(|role| *role == Role::Owner) {
        roles.extend(members.first().map(|longest| (*longest, Role::Owner)));
    }
    roles
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
        if !user::can_be_seen(name) {
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

//! Who somebody is: names, passwords and their rules.

use crate::{
    error::{AppError, ErrorCode},
    id::UserId,
    text::is_plain_name,
};
use serde::{Deserialize, Serialize};

/// A person with an account, as others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Never changes.
    pub id: UserId,
    /// Unique regardless of case, shown as it was typed at sign-up.
    pub username: Username,
    /// What they want to be called; `None`: by their username.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<DisplayName>,
}

impl User {
    /// What others call them. Not unique: where it matters who it is, the username stands beside.
    pub fn name(&self) -> &str {
        called(&self.username, self.display_name.as_ref())
    }
}

/// The name that somebody wants to be called by, if there is one, else their username.
pub fn called<'a>(username: &'a Username, display_name: Option<&'a DisplayName>) -> &'a str {
    display_name.map_or(username.as_str(), DisplayName::as_str)
}

/// Two letters for somebody's picture: of the first and the last word of what they are called, and where it
/// is one word its first and, if it ends with a number, its last.
pub fn initials(name: &str) -> String {
    let words: Vec<&str> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let Some(first) = words.first() else { return name.chars().take(1).collect() };
    let last = match words.last() {
        Some(last) if last.ends_with(|c: char| c.is_numeric()) => last.chars().next_back(),
        Some(last) if words.len() > 1 => last.chars().next(),
        _ => first.chars().nth(1),
    };
    first.chars().take(1).chain(last).flat_map(char::to_uppercase).collect()
}

/// A valid username: 3 to 20 ASCII letters, digits, `_`, `-` or `.`, with a letter or digit at
/// both ends. Two names that differ only in case are the same name.
///
/// ASCII, so that nobody can pass for somebody else with letters that only look alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Username(String);

impl Username {
    /// The shortest name, in characters.
    pub const MIN: usize = 3;
    /// The longest name, in characters.
    pub const MAX: usize = 20;

    /// Accepts a valid name, spaces around it taken off. Errors: `invalid_username`.
    pub fn parse(text: &str) -> Result<Self, AppError> {
        let name = text.trim();
        let length = name.chars().count();
        let refuse = |why: &str| Err(AppError::new(ErrorCode::InvalidUsername, why).on("username"));
        if !(Self::MIN..=Self::MAX).contains(&length) {
            return refuse("A username has 3 to 20 characters.");
        }
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')) {
            return refuse("A username consists of the letters a to z, digits, and . _ -");
        }
        if !name.starts_with(|c: char| c.is_ascii_alphanumeric())
            || !name.ends_with(|c: char| c.is_ascii_alphanumeric())
        {
            return refuse("A username begins and ends with a letter or a digit.");
        }
        Ok(Self(name.to_owned()))
    }

    /// As it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which names are compared and found.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl TryFrom<String> for Username {
    type Error = AppError;

    fn try_from(text: String) -> Result<Self, AppError> {
        Self::parse(&text)
    }
}

impl From<Username> for String {
    fn from(name: Username) -> Self {
        name.0
    }
}

impl std::fmt::Display for Username {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name to be called by: 1 to 40 characters of any script, all of them to be seen. It is not
/// unique, and nobody is found by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct DisplayName(String);

impl DisplayName {
    /// The longest name, in characters (Unicode scalar values).
    pub const MAX: usize = 40;

    /// Accepts a valid name, spaces around it taken off. Errors: `invalid_display_name`.
    pub fn parse(text: &str) -> Result<Self, AppError> {
        let name = text.trim();
        let refuse = |why: &str| Err(AppError::new(ErrorCode::InvalidDisplayName, why).on("display_name"));
        if name.chars().count() > Self::MAX {
            return refuse("A name has at most 40 characters.");
        }
        if !is_plain_name(name) {
            return refuse("A name consists of characters that can be seen.");
        }
        Ok(Self(name.to_owned()))
    }

    /// As it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As it was accepted once: the rules for new names may have become stricter.
impl From<String> for DisplayName {
    fn from(accepted: String) -> Self {
        Self(accepted)
    }
}

impl From<DisplayName> for String {
    fn from(name: DisplayName) -> Self {
        name.0
    }
}

/// A password as it was typed. Goes to the server and nowhere else: Debug redacts it, and a
/// server never serializes one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    /// The shortest password for a new account, in characters (OWASP ASVS 5.0, 6.2.1).
    pub const MIN: usize = 8;
    /// The longest, in characters (6.2.9 asks for at least 64).
    pub const MAX: usize = 128;

    /// What was typed, unchecked: a log-in compares, it does not judge.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Checks the length for a new account; any character counts. Whether it is too common,
    /// only the server knows. Errors: `invalid_password`.
    pub fn check_length(&self) -> Result<(), AppError> {
        let length = self.0.chars().count();
        let refuse = |why: &str| Err(AppError::new(ErrorCode::InvalidPassword, why).on("password"));
        match length {
            0..Self::MIN => refuse("A password has at least 8 characters."),
            Self::MIN..=Self::MAX => Ok(()),
            _ => refuse("A password has at most 128 characters."),
        }
    }

    /// The text, for the one place that hashes it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

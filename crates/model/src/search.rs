//! What a search for people takes and gives.

use crate::{
    error::{AppError, ErrorCode},
    id::{RequestId, UserId},
    user::{DisplayName, Username},
};
use serde::{Deserialize, Serialize};

/// The most people one search returns.
pub const MAX_RESULTS: usize = 10;

/// What was typed to find people: 1 to 20 characters, compared literally and regardless of case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchTerm(String);

impl SearchTerm {
    /// Errors: `invalid_search`.
    pub fn parse(text: &str) -> Result<Self, AppError> {
        let text = text.trim();
        match text.chars().count() {
            1..=Username::MAX => Ok(Self(text.to_lowercase())),
            0 => Err(AppError::new(ErrorCode::InvalidSearch, "Type a part of a name to search for.").on("q")),
            _ => Err(AppError::new(ErrorCode::InvalidSearch, "A name has at most 20 characters.").on("q")),
        }
    }

    /// Lower case; may hold any character, also those that no name has.
    pub fn folded(&self) -> &str {
        &self.0
    }
}

/// A person found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Who it is.
    pub id: UserId,
    /// Their name.
    pub username: Username,
    /// What they want to be called; nobody is found by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<DisplayName>,
    /// Shown for contacts only, else false.
    pub online: bool,
    /// What they are to the viewer.
    pub relation: Relation,
    /// The request between the two, if one waits.
    pub request_id: Option<RequestId>,
}

/// What somebody is to the viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Nothing yet.
    None,
    /// The viewer's request waits for their answer.
    Requested,
    /// Their request waits for the viewer's answer.
    Incoming,
    /// A contact.
    Contact,
}

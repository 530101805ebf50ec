//! The only error on the wire: `{"error": {"code", "message", "field"?}}`.
//!
//! The same shape answers a server function, a plain route and a socket frame; what the code
//! means for HTTP stands in [`ErrorCode::status`].

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What went wrong, said to a program by `code` and to a person by `message`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{message}")]
pub struct AppError {
    /// Stable, `snake_case` on the wire.
    pub code: ErrorCode,
    /// A whole sentence for people: what happened and what to do.
    pub message: String,
    /// The name of the input that was refused, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Cow<'static, str>>,
    /// Seconds after which another try may succeed; the `Retry-After` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

/// Why something was refused. Codes are never renamed: clients rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request cannot be read.
    Malformed,
    /// Nobody is signed in.
    NotSignedIn,
    /// No user has this name and password.
    WrongCredentials,
    /// Whoever runs the server has disabled the account.
    AccountDisabled,
    /// An account can be made here only by an invitation that is still good, or not at all.
    NotInvited,
    /// The request comes from another site.
    CrossSite,
    /// One may see it, but not do this with it.
    NotAllowed,
    /// There is no such thing, or one may not know of it.
    NotFound,
    /// Nobody has that name.
    NoSuchUser,
    /// Another user has that name.
    UsernameTaken,
    /// A request to this person is already waiting.
    AlreadyRequested,
    /// This person is a contact already.
    AlreadyContact,
    /// The other side, or another device, was faster; look again.
    Changed,
    /// A message with this id was sent by somebody else or to another conversation.
    IdTaken,
    /// The body is larger than allowed.
    TooLarge,
    /// Together with one's other files it would be more than one may keep.
    QuotaExceeded,
    /// Refused by a rule about oneself: one cannot be one's own contact.
    OwnAccount,
    /// Not a valid username.
    InvalidUsername,
    /// Not a valid name to be called by.
    InvalidDisplayName,
    /// Not a valid name of a group.
    InvalidGroupName,
    /// Not an acceptable password.
    InvalidPassword,
    /// Not a valid message.
    InvalidMessage,
    /// Not a valid reaction, or one too many.
    InvalidReaction,
    /// Not a setting, or not a word that it has.
    InvalidSetting,
    /// Not a valid search.
    InvalidSearch,
    /// Too often; see `Retry-After`.
    TooMany,
    /// The server cannot do this now; see `Retry-After`.
    Unavailable,
    /// A defect; the message holds an id that stands in the log.
    Internal,
    /// Made by the page: the server could not be reached.
    Unreachable,
    /// Made by the page: a code that this version does not know.
    #[serde(other)]
    Unknown,
}

impl ErrorCode {
    /// The code as on the wire.
    pub fn word(self) -> String {
        serde_json::to_value(self).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// The HTTP status that goes with the code.
    pub fn status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::NotSignedIn | Self::WrongCredentials => 401,
            Self::AccountDisabled | Self::NotInvited | Self::CrossSite | Self::NotAllowed => 403,
            Self::NotFound | Self::NoSuchUser => 404,
            Self::UsernameTaken
            | Self::AlreadyRequested
            | Self::AlreadyContact
            | Self::Changed
            | Self::IdTaken => 409,
            // Not 507, which programs that upload take for a reason to try again at once.
            Self::TooLarge | Self::QuotaExceeded => 413,
            Self::OwnAccount
            | Self::InvalidUsername
            | Self::InvalidDisplayName
            | Self::InvalidGroupName
            | Self::InvalidPassword
            | Self::InvalidMessage
            | Self::InvalidReaction
            | Self::InvalidSetting
            | Self::InvalidSearch => 422,
            Self::TooMany => 429,
            Self::Internal | Self::Unknown => 500,
            Self::Unavailable | Self::Unreachable => 503,
        }
    }
}

impl AppError {
    /// An error of this code, with a sentence for people.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None, retry_after: None }
    }

    /// The same, about one input.
    pub fn on(self, field: &'static str) -> Self {
        Self { field: Some(field.into()), ..self }
    }

    /// The same, with the time after which to try again.
    pub fn retry_after(self, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// 401: nobody is signed in.
    pub fn not_signed_in() -> Self {
        Self::new(ErrorCode::NotSignedIn, "Please log in first.")
    }

    /// 404: also for what exists but may not be seen.
    pub fn not_found() -> Self {
        Self::new(ErrorCode::NotFound, "There is nothing here that you can see.")
    }

    /// 400: the request cannot be read.
    pub fn malformed(what: impl std::fmt::Display) -> Self {
        Self::new(ErrorCode::Malformed, format!("The request could not be understood: {what}"))
    }

    /// Made by the page: no answer, or one that is not the server's.
    pub fn unreachable() -> Self {
        Self::new(
            ErrorCode::Unreachable,
            "The server cannot be reached. Check your connection and try again.",
        )
    }

    /// 500 with fixed text: what happened stands in the server's log, under `incident`.
    pub fn internal(incident: impl std::fmt::Display) -> Self {
        Self::new(
            ErrorCode::Internal,
            format!("Something went wrong on the server. Its log has the details under {incident}."),
        )
    }

    /// 429: too often.
    pub fn too_many(seconds: u32) -> Self {
        let wait = match seconds {
            0..=90 => format!("{seconds} seconds"),
            _ => format!("{} minutes", seconds.div_ceil(60)),
        };
        Self::new(ErrorCode::TooMany, format!("That was too often. Please try again in {wait}."))
            .retry_after(seconds)
    }
}

/// An error as an HTTP body holds it, and as an event holds it: under `error`.
#[derive(Debug, Serialize, Deserialize)]
pub struct ErrorBody {
    /// The error.
    pub error: AppError,
}

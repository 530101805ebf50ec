//! The only error on the wire: `{"error": {"code", "message", "field"?}}`.
//!
//! The same shape answers a server function, a plain route and a socket frame; what the code
//! means for HTTP stands in [`ErrorCode::status`].

use serde::{Deserialize, Deserializer, Serialize, Serializer};
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

/// Declares the codes with their words, which stand in one table: read by a match they would be twice the code in the
/// page.
macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident = $word:literal,)*) => {
        /// Why something was refused. Codes are never renamed: clients rely on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ErrorCode {
            $($(#[$doc])* $code,)*
        }

        const WORDS: [(ErrorCode, &str); [$($word),*].len()] = [$((ErrorCode::$code, $word)),*];
    };
}

codes! {
    /// The request cannot be read.
    Malformed = "malformed",
    /// Nobody is signed in.
    NotSignedIn = "not_signed_in",
    /// No user has this name and password.
    WrongCredentials = "wrong_credentials",
    /// Whoever runs the server has disabled the account.
    AccountDisabled = "account_disabled",
    /// An account can be made here only by an invitation that is still good, or not at all.
    NotInvited = "not_invited",
    /// The request comes from another site.
    CrossSite = "cross_site",
    /// One may see it, but not do this with it.
    NotAllowed = "not_allowed",
    /// There is no such thing, or one may not know of it.
    NotFound = "not_found",
    /// Nobody has that name.
    NoSuchUser = "no_such_user",
    /// Another user has that name.
    UsernameTaken = "username_taken",
    /// A request to this person is already waiting.
    AlreadyRequested = "already_requested",
    /// This person is a contact already.
    AlreadyContact = "already_contact",
    /// The other side, or another device, was faster; look again.
    Changed = "changed",
    /// A message with this id was sent by somebody else or to another conversation.
    IdTaken = "id_taken",
    /// The body is larger than allowed.
    TooLarge = "too_large",
    /// Together with one's other files it would be more than one may keep.
    QuotaExceeded = "quota_exceeded",
    /// Refused by a rule about oneself: one cannot be one's own contact.
    OwnAccount = "own_account",
    /// Not a valid username.
    InvalidUsername = "invalid_username",
    /// Not a valid name to be called by.
    InvalidDisplayName = "invalid_display_name",
    /// Not a valid name of a group.
    InvalidGroupName = "invalid_group_name",
    /// Not an acceptable password.
    InvalidPassword = "invalid_password",
    /// Not a valid message.
    InvalidMessage = "invalid_message",
    /// Not a valid reaction, or one too many.
    InvalidReaction = "invalid_reaction",
    /// Not a setting, or not a word that it has.
    InvalidSetting = "invalid_setting",
    /// Not a valid search.
    InvalidSearch = "invalid_search",
    /// Too often; see `Retry-After`.
    TooMany = "too_many",
    /// The server cannot do this now; see `Retry-After`.
    Unavailable = "unavailable",
    /// A defect; the message holds an id that stands in the log.
    Internal = "internal",
    /// Made by the page: the server could not be reached.
    Unreachable = "unreachable",
    /// Made by the page: a code that this version does not know.
    Unknown = "unknown",
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// A code of a newer release is [`ErrorCode::Unknown`].
impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let known = WORDS.iter().find(|(_, word)| *word == text);
        Ok(known.map_or(Self::Unknown, |(code, _)| *code))
    }
}

impl ErrorCode {
    /// The code as on the wire.
    pub fn word(self) -> &'static str {
        WORDS.iter().find(|(code, _)| *code == self).map_or("unknown", |(_, word)| word)
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

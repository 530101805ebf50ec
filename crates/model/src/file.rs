//! Files in messages: what a message says of one, and which words it may use for that.
//!
//! All that comes from a device is made harmless here, once: a name can be shown, stored and put into a header as it
//! is. No name is ever part of a path on the server; there files are called by their ids.

use crate::{
    error::{AppError, ErrorCode},
    id::FileId,
    text::{can_be_seen, in_lines, is_directional},
};
use serde::{Deserialize, Serialize};

/// The most files of one message.
pub const MAX_ATTACHMENTS: usize = 10;

/// The refusal of a message with more files. Its words are people's.
pub fn too_many_attachments() -> AppError {
    let why = format!("A message has at most {MAX_ATTACHMENTS} files. Send the others with another one.");
    AppError::new(ErrorCode::InvalidMessage, why).on("attachments")
}

/// What a message says of a file of its own: enough to show it without asking for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Names it in addresses; it is in no other message.
    pub file: FileId,
    /// What it is called.
    pub name: FileName,
    /// In bytes.
    pub size: u64,
    /// What it is, as the server has found it.
    #[serde(rename = "type")]
    pub kind: MediaType,
    /// Of a picture or a film, in pixels, as it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// The same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Of a sound or a film, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<u64>,
    /// What is shown of a picture until it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<Placeholder>,
    /// What is to be seen in it, for those who do not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt: Option<AltText>,
}

/// What a device says of a file that is to go with a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    /// One of the sender's, of which all has come.
    pub file: FileId,
    /// What is to be seen in it, for those who do not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
}

/// What a file is called: 1 to 255 bytes of any script, on one line, without path separators and without what sets
/// the direction of text (`\u{202e}gpj.exe` would be read as something else).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileName(String);

impl FileName {
    /// The longest one, in bytes: no usual file system has longer ones.
    pub const MAX: usize = 255;
    /// What one without a name is called.
    const NAMELESS: &str = "file";
    /// What is longer behind the last dot, in bytes with it, is not taken for an extension.
    const LONGEST_EXTENSION: usize = 32;

    /// Makes one of any text: what cannot be in a name is replaced or left out, and what is too long is cut before
    /// the extension, by which programs know what to do with it.
    pub fn of(text: &str) -> Self {
        let plain = |c: char| match c {
            '/' | '\\' | '\u{2028}' | '\u{2029}' => Some('_'),
            c if c.is_control() => Some('_'),
            c if is_directional(c) => None,
            c => Some(c),
        };
        let name: String = text.trim().chars().filter_map(plain).collect();
        let name = Self::cut(name.trim());
        let is_name = can_be_seen(&name) && !matches!(name.as_str(), "." | "..");
        Self(if is_name { name } else { Self::NAMELESS.to_owned() })
    }

    fn cut(name: &str) -> String {
        if name.len() <= Self::MAX {
            return name.to_owned();
        }
        let extension = name.rfind('.').map_or("", |dot| &name[dot..]);
        let extension = if extension.len() <= Self::LONGEST_EXTENSION { extension } else { "" };
        let room = name.floor_char_boundary(Self::MAX - extension.len());
        format!("{}{extension}", name[..room].trim_end())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for FileName {
    fn from(text: String) -> Self {
        Self::of(&text)
    }
}

impl From<FileName> for String {
    fn from(name: FileName) -> Self {
        name.0
    }
}

/// What a file is: a media type in lower case, without parameters, which can be put into a header as it is
/// (RFC 6838, 4.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MediaType(String);

impl MediaType {
    /// The longest one on each side of the slash, in characters.
    pub const MAX: usize = 127;
    /// That of which nothing is known: bytes.
    pub const UNKNOWN: &str = "application/octet-stream";

    /// Makes one of any text; what is none is bytes.
    pub fn of(text: &str) -> Self {
        let text = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let is_name = |name: &str| {
            (1..=Self::MAX).contains(&name.len())
                && name.starts_with(|c: char| c.is_ascii_alphanumeric())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c))
        };
        let is_type = text.split_once('/').is_some_and(|(kind, name)| is_name(kind) && is_name(name));
        Self(if is_type { text } else { Self::UNKNOWN.to_owned() })
    }

    /// Both names with the slash between them.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for MediaType {
    fn from(text: String) -> Self {
        Self::of(&text)
    }
}

impl From<MediaType> for String {
    fn from(kind: MediaType) -> Self {
        kind.0
    }
}

/// A few dozen bytes from which a blurred picture is drawn: a ThumbHash in base64, at most 64 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Placeholder(String);

impl Placeholder {
    /// The longest one, in characters; those of pictures that are partly transparent have about 36.
    pub const MAX: usize = 64;

    /// `None`: it is none. Whether a picture can be drawn from it, shows whoever draws it.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=Self::MAX).contains(&text.len());
        let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
        (fits && text.chars().all(is_base64)).then(|| Self(text.to_owned()))
    }

    /// The text in base64.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As it was accepted once: no message is lost over it.
impl From<String> for Placeholder {
    fn from(accepted: String) -> Self {
        Self(accepted)
    }
}

impl From<Placeholder> for String {
    fn from(placeholder: Placeholder) -> Self {
        placeholder.0
    }
}

/// What is to be seen in a picture, in words: 1 to 1,000 characters with something to see among them, in lines as a
/// message has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AltText(String);

impl AltText {
    /// The longest one, in characters (Unicode scalar values).
    pub const MAX: usize = 1000;

    /// `None`: there is nothing to see in it, so nothing was said. Errors: `invalid_message`, it is too long.
    pub fn parse(text: &str) -> Result<Option<Self>, AppError> {
        let text = in_lines(text);
        if text.chars().count() > Self::MAX {
            let why = "A description has at most 1000 characters.";
            return Err(AppError::new(ErrorCode::InvalidMessage, why).on("alt"));
        }
        Ok(can_be_seen(&text).then_some(Self(text)))
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As it was accepted once: the rules for new ones may have become stricter.
impl From<String> for AltText {
    fn from(accepted: String) -> Self {
        Self(accepted)
    }
}

impl From<AltText> for String {
    fn from(text: AltText) -> Self {
        text.0
    }
}

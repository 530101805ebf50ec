//! What a message says or stands for.

use crate::{file::Attachment, group::Role, id::UserId, time::Timestamp};
use serde::{Deserialize, Serialize};

/// What a message says or stands for. Open for more: a device shows what it does not know as something
/// of a newer version; a server knows all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Somebody's words, files, or both.
    Text {
        /// As [`MessageBody`](crate::message::MessageBody) has them.
        body: String,
        /// The files, at most [`MAX_ATTACHMENTS`](crate::file::MAX_ATTACHMENTS), in the order in which they are shown.
        attachments: Vec<Attachment>,
        /// When they last changed.
        edited_at: Option<Timestamp>,
    },
    /// What the server notes in the history; it never changes.
    System(System),
    /// Somebody's words once they are deleted: only the tombstone is left.
    Deleted {
        /// When they were.
        at: Timestamp,
    },
    /// Something from before the viewer joined, which they do not see: its version alone is told.
    Hidden,
    /// Made by a newer server.
    Unknown,
}

/// What the server notes in a group's history. Whoever did it is the message's sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum System {
    /// The group was made.
    Created,
    /// Somebody is a member from here on.
    Joined(UserId),
    /// Somebody is no longer a member.
    Left(UserId),
    /// The group is called so from here on.
    Renamed(String),
    /// What a member may do from here on.
    Role(UserId, Role),
    /// The group's settings are others from here on; which, its conversation says.
    Settings,
}

/// The word for what a message is, on the wire and in stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Somebody's words, deleted or not.
    Text,
    /// The sender made the group.
    Created,
    /// The subject is a member from here on.
    Joined,
    /// The subject is no longer a member.
    Left,
    /// The group's new name is the body.
    Renamed,
    /// What the subject may do from here on is the body.
    Role,
    /// The group's settings are others.
    Settings,
    /// Not for the viewer.
    Hidden,
    /// Made by a newer server; shown as what it is.
    #[serde(other)]
    Unknown,
}

/// A content as the wire and the stores have it: side by side what [`Content`] tells apart. It borrows text and
/// files where it is written, and owns them where it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flat<Body, Attachments> {
    /// What it is.
    pub kind: MessageKind,
    /// Who joined or left, where it says so.
    pub subject: Option<UserId>,
    /// The text; empty once deleted.
    pub body: Body,
    /// The files; none once deleted.
    pub attachments: Attachments,
    /// When the text last changed.
    pub edited_at: Option<Timestamp>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}

impl Content {
    /// Words that were not changed, without files.
    pub fn text(body: impl Into<String>) -> Self {
        Self::Text { body: body.into(), attachments: Vec::new(), edited_at: None }
    }

    /// Somebody's words, unless they are deleted; empty where there are files alone.
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Text { body, .. } => Some(body),
            Self::System(_) | Self::Deleted { .. } | Self::Hidden | Self::Unknown => None,
        }
    }

    /// The files; none where there can be none.
    pub fn attachments(&self) -> &[Attachment] {
        match self {
            Self::Text { attachments, .. } => attachments,
            Self::System(_) | Self::Deleted { .. } | Self::Hidden | Self::Unknown => &[],
        }
    }

    /// Whether it was deleted.
    pub fn is_deleted(&self) -> bool {
        matches!(self, Self::Deleted { .. })
    }

    /// As it is sent and stored.
    pub fn flat(&self) -> Flat<&str, &[Attachment]> {
        let (subject, edited_at, deleted_at) = (None, None, None);
        let flat =
            Flat { kind: MessageKind::Text, subject, body: "", attachments: &[][..], edited_at, deleted_at };
        match self {
            Self::Text { body, attachments, edited_at } => {
                Flat { body, attachments, edited_at: *edited_at, ..flat }
            }
            Self::Deleted { at } => Flat { deleted_at: Some(*at), ..flat },
            Self::System(System::Created) => Flat { kind: MessageKind::Created, ..flat },
            Self::System(System::Joined(who)) => {
                Flat { kind: MessageKind::Joined, subject: Some(*who), ..flat }
            }
            Self::System(System::Left(who)) => Flat { kind: MessageKind::Left, subject: Some(*who), ..flat },
            Self::System(System::Renamed(name)) => Flat { kind: MessageKind::Renamed, body: name, ..flat },
            Self::System(System::Role(who, role)) => {
                Flat { kind: MessageKind::Role, subject: Some(*who), body: role.word(), ..flat }
            }
            Self::System(System::Settings) => Flat { kind: MessageKind::Settings, ..flat },
            Self::Hidden => Flat { kind: MessageKind::Hidden, ..flat },
            Self::Unknown => Flat { kind: MessageKind::Unknown, ..flat },
        }
    }
}

impl From<Flat<String, Vec<Attachment>>> for Content {
    /// What does not fit together is as unknown as what nobody has heard of.
    fn from(flat: Flat<String, Vec<Attachment>>) -> Self {
        let Flat { kind, subject, body, attachments, edited_at, deleted_at } = flat;
        match (kind, subject, deleted_at) {
            (MessageKind::Text, _, Some(at)) => Self::Deleted { at },
            (MessageKind::Text, _, None) => Self::Text { body, attachments, edited_at },
            (MessageKind::Created, ..) => Self::System(System::Created),
            (MessageKind::Joined, Some(who), _) => Self::System(System::Joined(who)),
            (MessageKind::Left, Some(who), _) => Self::System(System::Left(who)),
            (MessageKind::Renamed, ..) => Self::System(System::Renamed(body)),
            (MessageKind::Role, Some(who), _) => {
                Role::of(&body).map_or(Self::Unknown, |role| Self::System(System::Role(who, role)))
            }
            (MessageKind::Settings, ..) => Self::System(System::Settings),
            (MessageKind::Hidden, ..) => Self::Hidden,
            (MessageKind::Joined | MessageKind::Left | MessageKind::Role, None, _)
            | (MessageKind::Unknown, ..) => Self::Unknown,
        }
    }
}

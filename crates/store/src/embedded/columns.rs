//! How the model's types stand in columns.

use crate::{Result, StoreError};
use model::{
    file::{Attachment, FileName, MediaType, Placeholder},
    friendship::State,
    group::{Role, Settings},
    id::{ConversationId, FileId, MessageId, RequestId, UserId},
    invitation::InvitationToken,
    mention::Mentions,
    message::{ConversationKind, MessageKind, Reaction},
    prefs::Prefs,
    time::Timestamp,
    user::{DisplayName, Username},
};
use rusqlite::{
    Row, RowIndex,
    types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef},
};
use serde::Serialize;
use uuid::Uuid;

/// A type of the model that stands in a column. The model knows nothing of SQL, so its types are
/// wrapped on their way: [`Col`] writes one, and [`get`] reads one.
pub(super) trait Column: Sized {
    fn write(&self) -> ToSqlOutput<'_>;

    fn read(value: ValueRef<'_>) -> FromSqlResult<Self>;
}

/// Writes a value of the model, or reads one.
pub(super) struct Col<T>(pub(super) T);

impl<T: Column> ToSql for Col<&T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.write())
    }
}

impl<T: Column> FromSql for Col<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        T::read(value).map(Self)
    }
}

/// The value in the named column, or in the column with that number.
pub(super) fn get<T: Column>(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<T> {
    row.get::<_, Col<T>>(column).map(|Col(value)| value)
}

/// What may be missing is NULL where it is.
impl<T: Column> Column for Option<T> {
    fn write(&self) -> ToSqlOutput<'_> {
        self.as_ref().map_or(ToSqlOutput::Borrowed(ValueRef::Null), Column::write)
    }

    fn read(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value {
            ValueRef::Null => Ok(None),
            value => T::read(value).map(Some),
        }
    }
}

/// 16 bytes, which sort as the ids do.
macro_rules! id_column {
    ($($id:ident)*) => { $(
        impl Column for $id {
            fn write(&self) -> ToSqlOutput<'_> {
                ToSqlOutput::Borrowed(ValueRef::Blob(self.0.as_bytes()))
            }

            fn read(value: ValueRef<'_>) -> FromSqlResult<Self> {
                <[u8; 16]>::column_result(value).map(|bytes| Self(Uuid::from_bytes(bytes)))
            }
        }
    )* };
}

id_column!(UserId RequestId ConversationId MessageId FileId InvitationToken);

/// One word per variant.
macro_rules! word_column {
    ($type:ident: $($variant:ident = $word:literal),*; $other:expr) => {
        impl Column for $type {
            fn write(&self) -> ToSqlOutput<'_> {
                match self { $(Self::$variant => $word,)* }.into()
            }

            fn read(value: ValueRef<'_>) -> FromSqlResult<Self> {
                match value.as_str()? { $($word => Ok(Self::$variant),)* _ => $other }
            }
        }
    };
}

word_column!(State: Requested = "requested", Contacts = "contacts", Rejected = "rejected",
    Withdrawn = "withdrawn", Ended = "ended"; Err(FromSqlError::InvalidType));
word_column!(Role: Member = "member", Admin = "admin", Owner = "owner"; Err(FromSqlError::InvalidType));
word_column!(ConversationKind: Direct = "direct", Group = "group"; Err(FromSqlError::InvalidType));
// A word that only a newer program knows is what `Unknown` is for.
word_column!(MessageKind: Text = "text", Created = "created", Joined = "joined", Left = "left",
    Renamed = "renamed", Role = "role", Settings = "settings", Hidden = "hidden", Unknown = "unknown";
    Ok(Self::Unknown));

impl Column for Timestamp {
    fn write(&self) -> ToSqlOutput<'_> {
        self.0.into()
    }

    fn read(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Self)
    }
}

/// The settings of a group or of a member, or the files of a message, as on the wire.
pub(super) struct Json<T = Settings>(pub(super) T);

impl Json<String> {
    pub(super) fn of(settings: &impl Serialize) -> Result<Self> {
        let json = serde_json::to_string(settings);
        json.map(Self).map_err(|error| StoreError::Broken(error.to_string()))
    }
}

impl ToSql for Json<String> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Json {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(FromSqlError::other)
    }
}

impl FromSql for Json<Prefs> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(FromSqlError::other)
    }
}

impl FromSql for Json<Vec<Attachment>> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(FromSqlError::other)
    }
}

/// All reactions of a message, as on the wire: emojis are values in it, as everywhere.
pub(super) struct Reactions<T = Vec<Reaction>>(pub(super) T);

impl Reactions<String> {
    pub(super) fn of(reactions: &[Reaction]) -> Result<Self> {
        let json = serde_json::to_string(reactions);
        json.map(Self).map_err(|error| StoreError::Broken(error.to_string()))
    }
}

impl ToSql for Reactions<String> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Reactions {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(FromSqlError::other)
    }
}

/// Whom a message means, one by one.
pub(super) struct Mentioned<T = Vec<UserId>>(pub(super) T);

impl Mentioned<String> {
    pub(super) fn of(mentions: &Mentions) -> Result<Self> {
        let json = serde_json::to_string(&mentions.stored());
        json.map(Self).map_err(|error| StoreError::Broken(error.to_string()))
    }
}

impl ToSql for Mentioned<String> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Mentioned {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(FromSqlError::other)
    }
}

impl Column for Username {
    fn write(&self) -> ToSqlOutput<'_> {
        self.as_str().into()
    }

    fn read(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Self::parse(value.as_str()?).map_err(FromSqlError::other)
    }
}

/// Texts as they were accepted once.
macro_rules! text_column {
    ($($type:ident)*) => { $(
        impl Column for $type {
            fn write(&self) -> ToSqlOutput<'_> {
                self.as_str().into()
            }

            fn read(value: ValueRef<'_>) -> FromSqlResult<Self> {
                Ok(Self::from(value.as_str()?.to_owned()))
            }
        }
    )* };
}

text_column!(DisplayName FileName MediaType Placeholder);

/// A version, seq, revision or limit. SQLite's numbers end at 2^63 - 1, far above any that can
/// be reached; a larger one, which only a client can have made up, means the same as that.
#[derive(Clone, Copy)]
pub(super) struct Number(pub(super) u64);

impl Number {
    /// One more than `limit`: the row that tells whether there are more.
    pub(super) fn one_more(limit: usize) -> Self {
        Self((limit as u64).saturating_add(1))
    }
}

impl ToSql for Number {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(i64::try_from(self.0).unwrap_or(i64::MAX).into())
    }
}

impl FromSql for Number {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        u64::try_from(number).map(Self).map_err(|_| FromSqlError::OutOfRange(number))
    }
}

//! How the model's types stand in columns.

use crate::{
    auth::model::{DisplayName, Username},
    chat::model::{ConversationKind, MessageKind, Reaction},
    contacts::model::State,
    id::{ConversationId, MessageId, RequestId, UserId},
    store::{Result, StoreError},
    time::Timestamp,
};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use uuid::Uuid;

/// 16 bytes, which sort as the ids do.
macro_rules! id_column {
    ($($id:ident)*) => { $(
        impl ToSql for $id {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::Borrowed(ValueRef::Blob(self.0.as_bytes())))
            }
        }

        impl FromSql for $id {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                <[u8; 16]>::column_result(value).map(|bytes| Self(Uuid::from_bytes(bytes)))
            }
        }
    )* };
}

id_column!(UserId RequestId ConversationId MessageId);

/// One word per variant.
macro_rules! word_column {
    ($type:ident: $($variant:ident = $word:literal),*; $other:expr) => {
        impl ToSql for $type {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(match self { $(Self::$variant => $word,)* }.into())
            }
        }

        impl FromSql for $type {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                match value.as_str()? { $($word => Ok(Self::$variant),)* _ => $other }
            }
        }
    };
}

word_column!(State: Requested = "requested", Contacts = "contacts", Rejected = "rejected",
    Withdrawn = "withdrawn", Ended = "ended"; Err(FromSqlError::InvalidType));
word_column!(ConversationKind: Direct = "direct", Group = "group"; Err(FromSqlError::InvalidType));
// A word that only a newer program knows is what `Unknown` is for.
word_column!(MessageKind: Text = "text", Created = "created", Joined = "joined", Left = "left",
    Renamed = "renamed", Unknown = "unknown"; Ok(Self::Unknown));

impl ToSql for Timestamp {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Timestamp {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Self)
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

impl FromSql for Username {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Self::parse(value.as_str()?).map_err(FromSqlError::other)
    }
}

impl FromSql for DisplayName {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Self::parse(value.as_str()?).map_err(FromSqlError::other)
    }
}

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

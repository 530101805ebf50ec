//! Typed ids: a UUID that cannot be mistaken for the id of another kind of thing.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id; ids made later sort later (UUIDv7, RFC 9562).
            #[expect(clippy::new_without_default, reason = "a new id is not a default value")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// When it was made, to the millisecond, as a UUIDv7 says of itself; the epoch if it says nothing.
            pub fn made_at(self) -> Timestamp {
                let (seconds, nanos) = self.0.get_timestamp().map_or((0, 0), |at| at.to_unix());
                Timestamp(seconds as i64 * 1000 + i64::from(nanos / 1_000_000))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id!(
    /// A user.
    UserId
);
id!(
    /// A friend request, from its sending to its answer.
    RequestId
);
id!(
    /// A conversation, direct or group.
    ConversationId
);
id!(
    /// A message; made by the sender's device, which makes sending idempotent.
    MessageId
);
id!(
    /// A file; made by the server when an upload begins, never by a device: where its bytes lie is derived from it.
    FileId
);

//! The time by this machine's clock.

use model::time::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// Now. A clock that stands before 1970 counts as standing at its beginning.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

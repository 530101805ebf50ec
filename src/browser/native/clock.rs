//! The time here, and in the zone of whoever looks at the page.

use jiff::tz::TimeZone;
use model::time::Timestamp;

/// The time by this machine's clock.
pub fn now() -> Timestamp {
    Timestamp(jiff::Timestamp::now().as_millisecond())
}

/// Milliseconds since the page was opened: there is none.
pub fn elapsed() -> i64 {
    0
}

/// A time zone, to show moments in.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone in which the page is rendered: `name` from the IANA database, or UTC.
    pub fn rendered(name: &str) -> Self {
        Self(TimeZone::get(name).unwrap_or(TimeZone::UTC))
    }

    /// The zone of the machine on which the page is looked at: unknown here.
    pub fn local() -> Self {
        Self(TimeZone::UTC)
    }

    /// Minutes east of UTC at a moment.
    pub fn offset(&self, at: Timestamp) -> i32 {
        let moment = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        self.0.to_offset(moment).seconds() / 60
    }
}

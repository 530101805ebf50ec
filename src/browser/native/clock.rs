//! The time here, and in the zone of whoever looks at the page.

use jiff::tz::TimeZone;
use model::time::{Civil, Place, TWELVE, Timestamp};

/// The time by this machine's clock.
pub fn now() -> Timestamp {
    Timestamp(jiff::Timestamp::now().as_millisecond())
}

/// Milliseconds since the page was opened: there is none.
pub fn elapsed() -> i64 {
    0
}

/// Where moments are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    zone: TimeZone,
    twelve: bool,
}

impl Zone {
    /// The zone in which the page is rendered: `name` from the IANA database, with [`TWELVE`] where the
    /// visitor's clock has twelve hours, or UTC.
    pub fn rendered(name: &str) -> Self {
        let (name, twelve) = name.strip_suffix(TWELVE).map_or((name, false), |name| (name, true));
        Self { zone: TimeZone::get(name).unwrap_or(TimeZone::UTC), twelve }
    }

    /// The zone of the machine on which the page is looked at: unknown here.
    pub fn local() -> Self {
        Self::rendered("UTC")
    }

    /// How a moment is shown there.
    pub fn place(&self, at: Timestamp) -> Place {
        let moment = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        Place { offset: self.zone.to_offset(moment).seconds() / 60, twelve: self.twelve }
    }

    /// A moment as it is shown there.
    pub fn civil(&self, at: Timestamp) -> Civil {
        at.civil(self.place(at))
    }
}

//! The time here, and in the zone of whoever looks at the page.

use crate::time::Timestamp;
use js_sys::{Array, Date, Intl, Object, Reflect};

/// The time by this machine's clock.
pub fn now() -> Timestamp {
    Timestamp(Date::now() as i64)
}

/// A time zone, to show moments in.
#[derive(Clone, Debug, PartialEq)]
pub enum Zone {
    /// What the server renders in when it does not know the visitor's zone.
    Utc,
    /// This machine's.
    Local,
}

impl Zone {
    /// The zone in which the server rendered the page, by its name.
    pub fn rendered(name: &str) -> Self {
        if name == local_name() { Self::Local } else { Self::Utc }
    }

    /// The zone of this machine.
    pub fn local() -> Self {
        Self::Local
    }

    /// Minutes east of UTC at a moment.
    pub fn offset(&self, at: Timestamp) -> i32 {
        match self {
            Self::Utc => 0,
            Self::Local => -Date::new(&(at.0 as f64).into()).get_timezone_offset() as i32,
        }
    }
}

/// This machine's zone, by its name in the IANA database.
pub fn local_name() -> String {
    let options = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    Reflect::get(&options, &"timeZone".into()).ok().and_then(|name| name.as_string()).unwrap_or_default()
}

//! The time here, and in the zone of whoever looks at the page.

use js_sys::{Array, Date, Intl, Object, Reflect};
use model::time::Timestamp;

/// The time by this machine's clock.
pub fn now() -> Timestamp {
    Timestamp(Date::now() as i64)
}

/// Milliseconds since the page was opened, by a clock that nobody sets.
pub fn elapsed() -> i64 {
    leptos::prelude::window().performance().map_or_else(|| now().0, |clock| clock.now() as i64)
}

/// A time zone, to show moments in.
#[derive(Clone, Debug, PartialEq)]
pub enum Zone {
    /// What the server renders in when it does not know the visitor's zone.
    Utc,
    /// This machine's.
    Local,
    /// Another, by its name: a page that was kept elsewhere.
    Other(String),
}

impl Zone {
    /// The zone in which the server rendered the page, by its name.
    pub fn rendered(name: &str) -> Self {
        match name {
            "UTC" => Self::Utc,
            _ if name == local_name() => Self::Local,
            _ => Self::Other(name.to_owned()),
        }
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
            Self::Other(name) => offset_in(name, at).unwrap_or_default(),
        }
    }
}

fn offset_in(zone: &str, at: Timestamp) -> Option<i32> {
    let options = Object::new();
    Reflect::set(&options, &"timeZone".into(), &zone.into()).ok()?;
    // This language writes a moment as ISO 8601 does, but for the T.
    let there = Date::new(&(at.0 as f64).into()).to_locale_string("sv-SE", &options);
    let there = Date::parse(&format!("{}Z", String::from(there).replace(' ', "T")));
    there.is_finite().then(|| ((there / 60_000.0).round() - (at.0 as f64 / 60_000.0).floor()) as i32)
}

/// This machine's zone, by its name in the IANA database.
pub fn local_name() -> String {
    let options = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    Reflect::get(&options, &"timeZone".into()).ok().and_then(|name| name.as_string()).unwrap_or_default()
}

//! The time here, and in the zone of whoever looks at the page.

use js_sys::{Array, Date, Intl, Object, Reflect};
use model::time::{Civil, Place, TWELVE, Timestamp};

/// The time by this machine's clock.
pub fn now() -> Timestamp {
    Timestamp(Date::now() as i64)
}

/// Milliseconds since the page was opened, by a clock that nobody sets.
pub fn elapsed() -> i64 {
    leptos::prelude::window().performance().map_or_else(|| now().0, |clock| clock.now() as i64)
}

/// Where moments are shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Zone {
    /// What the server renders in when it does not know where the visitor is.
    Utc,
    /// This machine's, and whether its clock has twelve hours.
    Local(bool),
    /// Another, by its name: a page that was kept elsewhere.
    Other(String),
}

impl Zone {
    /// The zone in which the server rendered the page, by its name.
    pub fn rendered(name: &str) -> Self {
        match name {
            "UTC" => Self::Utc,
            _ if name == local_name() => Self::local(),
            _ => Self::Other(name.to_owned()),
        }
    }

    /// The zone of this machine.
    pub fn local() -> Self {
        Self::Local(local_name().ends_with(TWELVE))
    }

    /// How a moment is shown there.
    pub fn place(&self, at: Timestamp) -> Place {
        match self {
            Self::Utc => 0.into(),
            Self::Local(twelve) => {
                let offset = -Date::new(&(at.0 as f64).into()).get_timezone_offset() as i32;
                Place { offset, twelve: *twelve }
            }
            Self::Other(name) => {
                let (name, twelve) = name.strip_suffix(TWELVE).map_or((&**name, false), |name| (name, true));
                Place { offset: offset_in(name, at).unwrap_or_default(), twelve }
            }
        }
    }

    /// A moment as it is shown there.
    pub fn civil(&self, at: Timestamp) -> Civil {
        at.civil(self.place(at))
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

/// This machine's zone, by its name in the IANA database, and [`TWELVE`] where its clock has twelve hours.
pub fn local_name() -> String {
    let options = Object::new();
    // Only who shows hours says how.
    let _ = Reflect::set(&options, &"hour".into(), &"numeric".into());
    let chosen = Intl::DateTimeFormat::new(&Array::new(), &options).resolved_options();
    let get = |name: &str| Reflect::get(&chosen, &name.into()).ok();
    let mut name = get("timeZone").and_then(|name| name.as_string()).unwrap_or_default();
    if get("hour12").is_some_and(|twelve| twelve.is_truthy()) {
        name.push_str(TWELVE);
    }
    name
}

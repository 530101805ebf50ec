//! The visitor's time zone and the hours of their clock, which only their browser knows: it leaves both in
//! a cookie.

use axum::http::{HeaderMap, header};
use model::time::TWELVE;

/// The zone's name, with [`TWELVE`] where a clock has twelve hours; `UTC` if it is not known.
pub fn of_visitor(headers: &HeaderMap) -> String {
    let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    cookies
        .split(';')
        .filter_map(|cookie| cookie.trim().strip_prefix("tz="))
        .find(|name| jiff::tz::TimeZone::get(name.strip_suffix(TWELVE).unwrap_or(name)).is_ok())
        .unwrap_or("UTC")
        .to_owned()
}

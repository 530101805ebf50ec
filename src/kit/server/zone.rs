//! The visitor's time zone, which only their browser knows: it leaves the name in a cookie.

use axum::http::{HeaderMap, header};

/// The zone's name, `UTC` if it is not known.
pub fn of_visitor(headers: &HeaderMap) -> String {
    let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    cookies
        .split(';')
        .filter_map(|cookie| cookie.trim().strip_prefix("tz="))
        .find(|name| jiff::tz::TimeZone::get(name).is_ok())
        .unwrap_or("UTC")
        .to_owned()
}

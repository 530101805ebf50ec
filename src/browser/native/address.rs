//! The address of the page: that of the request which it answers.

use http::request::Parts;
use leptos::prelude::*;

/// Path and query.
pub fn current() -> String {
    let asked = use_context::<Parts>().and_then(|parts| parts.uri.path_and_query().map(ToString::to_string));
    asked.unwrap_or_else(|| "/".to_owned())
}

/// Goes on to another address.
pub fn push(_to: &str) {}

/// Is called otherwise from now on.
pub fn replace(_to: &str) {}

/// Runs when somebody goes back or forward.
pub fn on_back(_run: impl Fn() + 'static) {}

/// Runs when somebody follows a link to a conversation or the list.
pub fn on_link(_run: impl Fn(String) + 'static) {}

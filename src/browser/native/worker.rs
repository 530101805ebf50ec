//! The service worker: there is none.

/// Starts it; `open` runs with a path when somebody has clicked on a notification.
pub fn start(_open: impl Fn(String) + 'static) {}

/// Tells it something.
pub fn tell(_words: &[&str]) {}

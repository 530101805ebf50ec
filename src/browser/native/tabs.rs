//! What tabs agree upon: there is none.

/// Tells the other tabs that there is something new in the database.
pub fn tell() {}

/// Runs whenever another tab tells so.
pub fn on_news(_run: impl FnMut() + 'static) {}

/// Completes when no other tab holds the lock.
pub async fn lock(_name: &str) {
    std::future::pending().await
}

/// A lock that is held until this is dropped.
pub struct Hold;

/// The same as [`lock`], until what it returns is dropped.
pub async fn hold(_name: &str) -> Hold {
    Hold
}

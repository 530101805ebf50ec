//! Notifications: there are none.

/// Whether they may be shown.
pub fn permission() -> String {
    String::new()
}

/// Has the browser ask the person.
pub async fn ask() {}

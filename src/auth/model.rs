//! What the forms on `/auth` ask for, and where they lead.

use serde::{Deserialize, Serialize};

/// The two things that the form on `/auth` can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Make an account and sign in with it.
    Signup,
    /// Sign in.
    Login,
}

/// `wanted` if it is a path on this site, else `/`: nobody is sent elsewhere after a log-in.
/// Browsers drop control characters and take `\` for `/`, so neither may be in it.
pub fn own_path(wanted: &str) -> &str {
    let own = wanted.starts_with('/')
        && !wanted.starts_with("//")
        && !wanted.contains('\\')
        && !wanted.chars().any(char::is_control);
    if own { wanted } else { "/" }
}

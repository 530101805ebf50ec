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

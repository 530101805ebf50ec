//! Light and dark.

use serde::{Deserialize, Serialize};

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the visitor's system wants it.
    #[default]
    System,
    /// Light, whatever the system wants.
    Light,
    /// Dark, whatever the system wants.
    Dark,
}

impl Theme {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word for it in `data-theme` and in the cookie; none for what the system wants.
    pub fn forced(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    /// The theme of such a word.
    pub fn forced_by(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.forced() == Some(word))
    }
}

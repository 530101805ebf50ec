//! Finding people by a part of their name.

pub mod api;
mod finder;
mod finding;
pub mod view;
mod words;

pub use finder::{FIND, PAUSE_MS};
pub use finding::FINDING;

#[cfg(feature = "ssr")]
pub(crate) mod server;

//! Finding people by a part of their name.

pub mod api;
mod finder;
pub mod view;
mod words;

#[cfg(feature = "ssr")]
pub(crate) mod server;

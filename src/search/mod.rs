//! Finding people by a part of their name.

pub mod api;
pub mod view;

#[cfg(feature = "ssr")]
pub(crate) mod server;

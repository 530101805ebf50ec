//! Friend requests: how two people become contacts.

pub mod api;
pub mod view;

#[cfg(feature = "ssr")]
pub(crate) mod server;

//! Contacts: who they are, and who of them is there.

pub mod api;
pub mod model;

#[cfg(feature = "ssr")]
pub(crate) mod server;

//! Contacts: who they are, who of them is there, and removing one.

pub mod api;
pub mod view;

#[cfg(feature = "ssr")]
pub(crate) mod server;

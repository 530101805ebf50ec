//! Accounts: signing up, logging in and out.

pub mod api;
pub mod model;
pub mod view;

#[cfg(feature = "ssr")]
pub(crate) mod server;

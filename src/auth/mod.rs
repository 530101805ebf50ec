//! Accounts: signing up, logging in and out.

pub mod api;
pub mod model;

#[cfg(feature = "ssr")]
pub(crate) mod server;
#[cfg(feature = "ssr")]
pub(crate) mod view;
#[cfg(feature = "ssr")]
mod words;

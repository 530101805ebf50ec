//! People and their moves: friend requests, by which two become contacts, the contacts themselves, who
//! of them is there, and removing one.

pub mod api;
pub mod view;
pub mod words;

#[cfg(feature = "ssr")]
pub(crate) mod server;

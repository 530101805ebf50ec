//! Conversations and their messages: the way of a message from one device to the others.

pub mod view;
pub mod words;

#[cfg(feature = "ssr")]
pub(crate) mod server;

//! What people send besides words: what is chosen on a device and its way to the server, uploads that survive a broken
//! line, their bytes for those who may see them, and the end of both.

#[cfg(feature = "ssr")]
pub(crate) mod server;
pub mod view;
#[cfg(feature = "ssr")]
mod words;

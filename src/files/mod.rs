//! What people send besides words: uploads that survive a broken line, their bytes for those who may see them, and
//! the end of both.

#[cfg(feature = "ssr")]
pub(crate) mod server;
#[cfg(feature = "ssr")]
mod words;

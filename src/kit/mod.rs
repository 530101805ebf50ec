//! What features stand on: the shared state, how calls and forms reach them, who is signed in, limits,
//! and how they refuse.

pub mod codec;
pub mod error;
mod path;
pub mod poster;

#[cfg(feature = "ssr")]
mod server;

pub use path::{own_path, shortened};
#[cfg(feature = "ssr")]
pub use server::*;

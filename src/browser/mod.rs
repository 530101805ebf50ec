//! The one door to what only a browser can do, with a twin for the server where each of these
//! does nothing or knows the server's answer; so no view needs to ask where it runs.

#[cfg(not(feature = "hydrate"))]
mod native;
#[cfg(feature = "hydrate")]
mod wasm;

#[cfg(not(feature = "hydrate"))]
pub use native::*;
#[cfg(feature = "hydrate")]
pub use wasm::*;

//! What the owner of an account can do with it. The page is rendered by the server alone and
//! needs no scripting: see `docs/decisions/0011-settings-without-wasm.md`.

pub mod model;

#[cfg(feature = "ssr")]
pub(crate) mod server;
#[cfg(feature = "ssr")]
mod view;
#[cfg(feature = "ssr")]
mod words;

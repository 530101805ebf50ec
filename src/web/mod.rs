//! The shell above the features: every address, the pages, the listener, TLS, health, figures.

pub mod client;
pub mod connections;
mod guard;
mod headers;
mod health;
mod listener;
mod observe;
pub mod pages;
mod revocation;
mod router;
mod serve;
mod stream;
pub mod tls;

pub use observe::{bind_metrics, serve_metrics};
pub use router::{addresses, router};
pub use serve::{StartError, bind, serve};

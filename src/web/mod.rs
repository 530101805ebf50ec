//! The server around the features: configuration, routes, sessions, guards, limits.

pub mod client;
pub mod config;
mod errors;
mod forms;
mod guard;
mod headers;
mod health;
pub mod limits;
mod observe;
mod pages;
mod revocation;
mod router;
mod serve;
mod session;
pub mod site;
pub mod state;
pub mod tls;
mod zone;

pub use config::Config;
pub use errors::internal;
pub use guard::{cross_site, has_own_origin};
pub use observe::{audit_refusal, bind_metrics, serve_metrics};
pub use router::router;
pub use serve::{StartError, bind, serve};
pub use session::{
    AuthSession, Credentials, SignIn, SignInError, current_session, current_user, label as session_label,
};
pub use state::AppState;

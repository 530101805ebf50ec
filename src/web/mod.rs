//! The server around the features: configuration, routes, sessions, guards, limits.

mod body;
pub mod client;
pub mod config;
pub mod connections;
mod delays;
mod device;
mod errors;
mod extract;
mod forms;
mod guard;
mod headers;
mod health;
pub mod limits;
mod listener;
mod observe;
mod pages;
mod revocation;
mod router;
mod serve;
mod session;
pub mod site;
pub mod state;
mod stream;
mod theme;
pub mod tls;
mod zone;

pub use config::Config;
pub use device::{Device, name_of as device_name};
pub use extract::{Network, Posted, SignedIn};
pub use forms::{Done, Notice};
pub use guard::{cross_site, has_own_origin};
pub use observe::{audit_refusal, bind_metrics, serve_metrics};
pub use pages::still_page;
pub use router::{addresses, router};
pub use serve::{StartError, bind, serve};
pub use session::{
    AuthSession, Credentials, Login, SignIn, SignInError, current_session, current_user, is_good,
    label as session_label,
};
pub use state::AppState;
pub use store::internal;
pub use theme::{cookie as theme_cookie, of_visitor as theme_of};
pub use zone::of_visitor as zone_of;

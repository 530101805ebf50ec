//! The server's part of the kit.

mod audit;
pub mod body;
pub mod budget;
pub mod config;
mod delays;
pub mod device;
mod erased;
pub mod errors;
mod extract;
pub mod forms;
pub mod guesses;
pub mod limits;
pub mod meter;
pub mod origin;
pub mod outbound;
pub mod password;
pub mod route;
mod seen;
pub mod session;
pub mod site;
pub mod state;
mod still;
pub mod theme;
pub mod turns;
pub mod zone;

pub use audit::{Whom, audit_refusal};
pub use config::Config;
pub use device::{SessionDevice, name_of as device_name};
pub use erased::{note_erased, until_erased};
pub use extract::{Network, Posted, SignedIn};
pub use forms::{Done, Notice};
pub use origin::{cross_site, has_own_origin};
pub use seen::seen_message;
pub use session::{
    AuthSession, Credentials, Login, SignIn, SignInError, current_session, current_user,
    failed as session_failed, is_good, key as session_key, label as session_label,
};
pub use state::{AppState, Part};
pub use still::still_page;
pub use store::internal;
pub use theme::{cookie as theme_cookie, of_visitor as theme_of};
pub use zone::of_visitor as zone_of;

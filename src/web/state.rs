//! What everything that runs on the server shares.

use super::{config::Config, limits::Rates, site::Site, tls::Tls};
use crate::{auth::server::Hasher, chat::server::Hub};
use leptos::prelude::LeptosOptions;
use std::sync::Arc;
use store::Store;

/// A cheap handle to all shared parts; given to routes, pages and server functions alike.
#[derive(Clone)]
pub struct AppState {
    /// Where the page's files lie and what they are called.
    pub leptos_options: LeptosOptions,
    /// The files themselves, or their folder.
    pub site: Site,
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// Who is connected.
    pub hub: Hub,
    /// The settings.
    pub config: Arc<Config>,
    /// Rates.
    pub rates: Arc<Rates>,
    /// Held while the store is checked.
    pub readiness: Arc<tokio::sync::Mutex<()>>,
    /// The certificate, where HTTPS is built in.
    pub tls: Option<Arc<Tls>>,
    /// The bounded pool that hashes passwords.
    pub hasher: Hasher,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(leptos_options: LeptosOptions, store: Arc<dyn Store>, config: Config) -> Self {
        Self {
            site: Site::in_folder(&leptos_options),
            leptos_options,
            store,
            hub: Hub::new(),
            rates: Arc::new(Rates::new(&config.limits)),
            tls: None,
            readiness: Arc::default(),
            hasher: Hasher::new(config.bcrypt_cost),
            config: Arc::new(config),
        }
    }
}

impl axum::extract::FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos_options.clone()
    }
}

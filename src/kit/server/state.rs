//! What everything that runs on the server shares.

use super::{config::Config, site::Site};
use crate::live::Live;
use leptos::prelude::LeptosOptions;
use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};
use store::{Store, bytes::Bytes};

/// A cheap handle to all shared parts; given to routes, pages and server functions alike.
#[derive(Clone)]
pub struct AppState {
    /// Where the page's files lie and what they are called.
    pub leptos_options: LeptosOptions,
    /// The files themselves, or their folder.
    pub site: Site,
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// The bytes of files.
    pub bytes: Arc<dyn Bytes>,
    /// Who is connected, and the way to tell them.
    pub live: Live,
    /// The settings.
    pub config: Arc<Config>,
    parts: Arc<RwLock<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>>,
}

/// What a feature keeps for as long as the server runs, like its rates: one of each type.
pub trait Part: Send + Sync + 'static {
    /// Made when it is first asked for.
    fn new(config: &Config) -> Self;
}

impl AppState {
    /// Puts the parts together.
    pub fn new(
        leptos_options: LeptosOptions,
        store: Arc<dyn Store>,
        bytes: Arc<dyn Bytes>,
        config: Config,
    ) -> Self {
        Self {
            site: Site::in_folder(&leptos_options),
            leptos_options,
            live: Live::new(store.clone()),
            store,
            bytes,
            config: Arc::new(config),
            parts: Arc::default(),
        }
    }

    /// The same with the page's files from elsewhere.
    pub fn with_site(self, site: Site) -> Self {
        Self { site, ..self }
    }

    /// A feature's own part.
    pub fn part<P: Part>(&self) -> Arc<P> {
        let made = self.parts.read().unwrap_or_else(PoisonError::into_inner).get(&TypeId::of::<P>()).cloned();
        let part = made.unwrap_or_else(|| {
            let mut parts = self.parts.write().unwrap_or_else(PoisonError::into_inner);
            parts.entry(TypeId::of::<P>()).or_insert_with(|| Arc::new(P::new(&self.config))).clone()
        });
        part.downcast().unwrap_or_else(|_| unreachable!("each part lies under its own type"))
    }
}

impl axum::extract::FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos_options.clone()
    }
}

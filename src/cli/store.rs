//! The store that a command works on.

use super::Outcome;
use crate::{
    store::{
        Store,
        embedded::{EmbeddedStore, Lock},
    },
    web::Config,
};
use std::{path::Path, sync::Arc};

/// The folder of the embedded store, for what is done with its files.
pub fn folder(config: &Config) -> Outcome<&Path> {
    Ok(&config.data)
}

/// Keeps other servers out of the data for as long as the answer is held.
pub fn lock(config: &Config) -> Outcome<Lock> {
    Ok(Lock::take(&config.data)?)
}

/// Opens the store, and makes one where there is none.
pub async fn open_or_make(config: &Config) -> Outcome<Arc<dyn Store>> {
    Ok(Arc::new(EmbeddedStore::open(&config.data)?))
}

/// Opens the store that is there. Errors: there is none; a mistyped folder must not become one.
pub async fn open(config: &Config) -> Outcome<Arc<dyn Store>> {
    if !EmbeddedStore::is_in(&config.data) {
        return Err(format!(
            "there is no data in {}: name its folder with --data, or start sotto once",
            config.data.display()
        )
        .into());
    }
    open_or_make(config).await
}

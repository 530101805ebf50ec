//! The store that a command works on.

use super::Outcome;
use crate::{
    store::{Store, embedded::EmbeddedStore},
    web::Config,
};
use std::sync::Arc;

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

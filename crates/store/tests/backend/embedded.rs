//! A folder for the embedded store.

use super::{Backend, Shared};
use std::sync::Arc;
use store::embedded::EmbeddedStore;

/// A folder of its own.
pub struct Embedded(tempfile::TempDir);

impl Default for Embedded {
    fn default() -> Self {
        Self(tempfile::tempdir().expect("a folder for temporary files"))
    }
}

#[async_trait::async_trait]
impl Backend for Embedded {
    async fn open(&self) -> Shared {
        Arc::new(EmbeddedStore::open(self.0.path()).expect("a store in a fresh folder"))
    }
}

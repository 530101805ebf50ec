//! What is special to the embedded store: its files, and what a crash leaves of them.

mod crash;
mod erasure;
mod files;

use crate::backend::{Backend, Shared};
use sotto::store::embedded::EmbeddedStore;
use std::sync::Arc;

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

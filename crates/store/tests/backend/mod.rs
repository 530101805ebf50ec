//! Where a test's data lies: a folder, or a database of a MongoDB server (in `mongod`).

mod embedded;

pub use embedded::Embedded;

use std::sync::Arc;
use store::Store;

/// A store as tests share it.
pub type Shared = Arc<dyn Store>;

/// A place for one test's data, empty at first and gone when it is dropped.
#[async_trait::async_trait]
pub trait Backend: Default + Send + Sync + 'static {
    /// Whether there is such a place where the tests run.
    fn is_available() -> bool {
        true
    }

    /// Opens what is there. Only one handle is open at a time.
    async fn open(&self) -> Shared;
}

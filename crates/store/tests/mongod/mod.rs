//! MongoDB for the tests: the server that `MONGODB_URI` names; else a `mongod` from the `PATH`,
//! else SecantusDB, which speaks its protocol and which `scripts/setup.sh --tests` installs.
//! One process for each topology and test binary.

mod process;

pub use process::{Process, aside};

use crate::backend::{Backend, Shared};
use mongodb::bson::doc;
use std::{
    marker::PhantomData,
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};
use store::mongo::MongoStore;
use tokio::time::sleep;

/// How a server that the tests start presents itself.
pub trait Topology: Send + Sync + 'static {
    /// Whether it is a standalone server rather than a replica set of one.
    const STANDALONE: bool;

    /// The one that all tests share.
    fn shared() -> &'static OnceLock<Process>;
}

/// A replica set of one server, or whatever `MONGODB_URI` names.
pub struct ReplicaSet;

/// A server without replication.
pub struct Standalone;

impl Topology for ReplicaSet {
    const STANDALONE: bool = false;

    fn shared() -> &'static OnceLock<Process> {
        static SHARED: OnceLock<Process> = OnceLock::new();
        &SHARED
    }
}

impl Topology for Standalone {
    const STANDALONE: bool = true;

    fn shared() -> &'static OnceLock<Process> {
        static SHARED: OnceLock<Process> = OnceLock::new();
        &SHARED
    }
}

/// The server that the environment names, if it does.
pub fn named() -> Option<String> {
    std::env::var("MONGODB_URI").ok().filter(|uri| !uri.is_empty())
}

/// A database of its own.
pub struct Database<T: Topology> {
    /// Which server.
    pub uri: String,
    /// Which database.
    pub name: String,
    topology: PhantomData<T>,
}

impl<T: Topology> Default for Database<T> {
    fn default() -> Self {
        let uri = named().unwrap_or_else(|| T::shared().get_or_init(|| Process::start(T::STANDALONE)).uri());
        Self::at(uri)
    }
}

impl<T: Topology> Database<T> {
    /// A fresh database on a certain server.
    pub fn at(uri: String) -> Self {
        Self { uri, name: format!("test_{}", uuid::Uuid::now_v7().simple()), topology: PhantomData }
    }

    /// Opens it by another way to the same server.
    pub async fn open_through(&self, uri: &str) -> Shared {
        Arc::new(MongoStore::open(uri, &self.name).await.expect("a store in a database"))
    }

    /// The server's address; `None` if only the driver finds it.
    pub fn addr(&self) -> Option<SocketAddr> {
        self.uri.strip_prefix("mongodb://")?.trim_end_matches('/').parse().ok()
    }

    /// The database itself, for looking and meddling.
    pub async fn raw(&self) -> mongodb::Database {
        let client = mongodb::Client::with_uri_str(&self.uri).await.expect("a client");
        client.database(&self.name)
    }
}

#[async_trait::async_trait]
impl<T: Topology> Backend for Database<T> {
    fn is_available() -> bool {
        !T::STANDALONE || named().is_none()
    }

    async fn open(&self) -> Shared {
        self.open_through(&self.uri).await
    }
}

impl<T: Topology> Drop for Database<T> {
    fn drop(&mut self) {
        let (uri, name) = (self.uri.clone(), self.name.clone());
        aside(async move {
            if let Ok(client) = mongodb::Client::with_uri_str(uri).await {
                // A server that a test has killed keeps nothing.
                let _ = client.database(&name).run_command(doc! { "dropDatabase": 1 }).await;
            }
        });
    }
}

/// Asks until it is so, for half a minute at least.
pub async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    for _ in 0..600 {
        if is_so().await {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("waited too long for {what}");
}

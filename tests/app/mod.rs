//! The real server on a port of its own, and people who use it: begin with [`TestApp::start`].

mod client;
mod person;
mod socket;

pub use client::{Answer, Visitor};
pub use person::{PASSWORD, Person};
pub use socket::{NO_CLOSE_FRAME, Socket, narrow_listener};

use leptos::config::LeptosOptions;
use sotto::{
    store::{Store, embedded::EmbeddedStore},
    web::{self, AppState, Config},
};
use std::{net::SocketAddr, sync::Arc, thread::JoinHandle};
use tokio::{net::TcpListener, sync::oneshot};

/// A running server with a store in a folder of its own. Stopped, and the folder removed, when
/// it is dropped.
pub struct TestApp {
    /// Where it listens.
    pub addr: SocketAddr,
    /// What it accepts as its own origin.
    pub origin: String,
    /// Its store.
    pub store: Arc<dyn Store>,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<()>>,
    _folder: tempfile::TempDir,
}

impl TestApp {
    /// A server with the usual settings, but for cheap password hashes.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// A server without limits on rates.
    pub async fn without_rates() -> Self {
        Self::with(|config| config.limits.rates = false).await
    }

    /// A server with changed settings.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let listener = web::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
        Self::on(listener, change)
    }

    /// A server on a listener that the test has made.
    pub fn on(listener: TcpListener, change: impl FnOnce(&mut Config)) -> Self {
        let addr = listener.local_addr().expect("an address");
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let mut config = Config::read(|_| None).expect("the usual settings");
        config.addr = addr;
        config.bcrypt_cost = 4;
        change(&mut config);
        // No built page lies there, and none is needed to render one.
        let site = folder.path().join("site").to_string_lossy().into_owned();
        let options = LeptosOptions::builder().output_name("sotto").site_root(site).site_addr(addr).build();
        let store: Arc<dyn Store> =
            Arc::new(EmbeddedStore::open(&folder.path().join("data")).expect("a store in a fresh folder"));
        let app = AppState::new(options, store.clone(), config);
        let (stop, stopped) = oneshot::channel();
        let listener = listener.into_std().expect("a listener");
        // A runtime of its own: dropping the app ends everything that the server has begun.
        let server = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let listener = TcpListener::from_std(listener).expect("a listener");
                web::serve(listener, app, async { drop(stopped.await) }).await;
            });
        });
        Self {
            addr,
            origin: format!("http://{addr}"),
            store,
            stop: Some(stop),
            server: Some(server),
            _folder: folder,
        }
    }

    /// Somebody without a session.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(self.addr, &self.origin)
    }

    /// Somebody who has just signed up.
    pub async fn person(&self, name: &str) -> Person {
        Person::sign_up(self.visitor(), name).await
    }

    /// Two people who are contacts, and their conversation.
    pub async fn contacts(&self, a: &str, b: &str) -> (Person, Person, String) {
        let (a, b) = (self.person(a).await, self.person(b).await);
        let conversation = a.befriend(&b).await;
        (a, b, conversation)
    }

    /// Tells the server to stop; does not wait for it.
    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop();
        let stopped = self.server.take().map(JoinHandle::join);
        if !std::thread::panicking() {
            assert!(matches!(stopped, Some(Ok(()))), "the server panicked");
        }
    }
}

/// A new message id, as a device makes it.
pub fn message_id() -> String {
    sotto::id::MessageId::new().to_string()
}

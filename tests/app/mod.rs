//! The real server on a port of its own, and people who use it: begin with [`TestApp::start`].

mod client;
mod person;
mod socket;

pub use client::{Answer, BOUNDARY, Visitor};
pub use person::{PASSWORD, Person};
pub use socket::{NO_CLOSE_FRAME, Socket, in_time, narrow_listener};

use crate::backend::{Backend, Shared};
use leptos::config::LeptosOptions;
use sotto::{
    kit::{AppState, Config, config::Signups},
    web::{self, tls::Tls},
};
use std::{
    any::Any,
    net::SocketAddr,
    sync::{Arc, mpsc},
    thread::JoinHandle,
};
use store::bytes::folder::Folder;
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot};

/// A running server with a store of its own. Stopped, and the data removed, when it is dropped.
pub struct TestApp {
    /// Where it listens.
    pub addr: SocketAddr,
    /// What it accepts as its own origin.
    pub origin: String,
    /// Its store.
    pub store: Shared,
    /// What the server itself works with, for what nothing on the wire does yet.
    pub state: AppState,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<()>>,
    /// Where it keeps the bytes of files.
    pub files: TempDir,
    _place: Arc<dyn Any + Send + Sync>,
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
        Self::over(crate::Usual::default(), listener, change)
    }

    /// A server that keeps its data in a certain place.
    pub fn over<P: Backend>(place: P, listener: TcpListener, change: impl FnOnce(&mut Config)) -> Self {
        let addr = listener.local_addr().expect("an address");
        let mut config = Config::read(|_| None).expect("the usual settings");
        config.addr = addr;
        config.bcrypt_cost = 4;
        // Whatever public address a test gives it.
        config.signups.who = Some(Signups::Open);
        change(&mut config);
        let tls = Tls::open(&config).expect("a certificate");
        let scheme = if tls.is_some() { "https" } else { "http" };
        // No built page lies there, and none is needed to render one.
        let options = LeptosOptions::builder().output_name("sotto").site_root("no-such-site").site_addr(addr);
        let options = options.build();
        let (stop, stopped) = oneshot::channel();
        let listener = listener.into_std().expect("a listener");
        let place = Arc::new(place);
        let files = tempfile::tempdir().expect("a folder");
        let bytes = Arc::new(Folder::open(files.path()).expect("a folder for files"));
        let (opened, state) = mpsc::channel();
        // A runtime of its own: dropping the app ends everything that the server has begun.
        let open = place.clone();
        let server = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let listener = TcpListener::from_std(listener).expect("a listener");
                let app = AppState::new(options, open.open().await, bytes, config);
                opened.send(app.clone()).expect("a test that waits");
                drop(open);
                web::serve(listener, tls, app, async { drop(stopped.await) }).await;
            });
        });
        let state: AppState = state.recv().expect("a store in a fresh place");
        Self {
            addr,
            origin: format!("{scheme}://{addr}"),
            store: state.store.clone(),
            state,
            stop: Some(stop),
            server: Some(server),
            files,
            _place: place,
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
    model::id::MessageId::new().to_string()
}

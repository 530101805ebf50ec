//! Starting and stopping.

use crate::{
    files,
    kit::state::AppState,
    live::Frame,
    web::{listener, revocation, tls::Tls},
};
use model::event::ServerEvent;
use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};
use store::now;
use tokio::{net::TcpListener, task::JoinHandle, time::timeout};

/// How long requests may take to end once the server has been told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(5);
/// What devices wait before they come back after a restart.
const RECONNECT_AFTER_MS: u32 = 1000;
/// How often expired sessions are swept away.
const SWEEP: Duration = Duration::from_secs(3600);

/// Why the server could not start, in a sentence for the person who started it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Somebody else listens there.
    #[error("{0} is in use. Stop the program that listens there, or set SOTTO_ADDR to another port.")]
    AddressInUse(SocketAddr),
    /// The system does not let us listen there.
    #[error("cannot listen on {0}: {1}. Set SOTTO_ADDR to an address of this machine.")]
    Address(SocketAddr, io::Error),
    /// Nor where metrics are to be.
    #[error(
        "cannot listen on {0} for metrics: {1}. Set SOTTO_METRICS_ADDR to a free address of this machine."
    )]
    Metrics(SocketAddr, io::Error),
}

/// Takes the address.
pub async fn bind(addr: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(addr).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => StartError::AddressInUse(addr),
        _ => StartError::Address(addr, error),
    })
}

/// Serves until `stop` completes; then says so to every socket, lets requests end and closes
/// the store.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
    app: AppState,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    let sweeper = tokio::spawn(sweep_sessions(app.clone()));
    let watcher = tokio::spawn(revocation::watch(app.clone()));
    let eraser = tokio::spawn(files::server::sweep::run(app.clone()));
    let (stopping, stopped) = tokio::sync::oneshot::channel();
    let hub = app.live.hub().clone();
    let stop = async move {
        stop.await;
        hub.close_all(&Frame::of(&ServerEvent::GoingAway { reconnect_after_ms: RECONNECT_AFTER_MS }));
        let _ = stopping.send(());
    };
    let served = async {
        let renewing = tls.clone().map(|tls| tokio::spawn(tls.watch()));
        listener::listen(listener, tls, &app, stop).await;
        renewing.inspect(JoinHandle::abort);
        // Sockets are no longer the server's; what waits for them is theirs all the same.
        app.live.hub().all_closed().await;
    };
    let deadline = async {
        // Without a stop signal there is no deadline.
        if stopped.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(LAST_REQUESTS).await;
    };
    tokio::select! {
        () = served => {}
        () = deadline => tracing::warn!("some requests did not end in time"),
    }
    sweeper.abort();
    watcher.abort();
    eraser.abort();
    if timeout(LAST_REQUESTS, app.store.close()).await.is_err() {
        tracing::error!("the store did not close in time");
    }
}

async fn sweep_sessions(app: AppState) {
    let mut every = tokio::time::interval(SWEEP);
    loop {
        every.tick().await;
        match app.store.delete_expired_sessions(now()).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "swept away expired sessions"),
            Err(error) => tracing::warn!(%error, "expired sessions were not swept away"),
        }
    }
}

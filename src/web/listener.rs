//! Accepting connections, encrypted or not, and serving each within its bounds.

use crate::{
    kit::{config::Config, meter::Meter, state::AppState},
    web::{
        connections::{Connections, Place, Refusals},
        router::router,
        stream::Stream,
        tls::Tls,
    },
};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    serve::Listener,
};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{net::SocketAddr, pin::pin, sync::Arc};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::timeout,
};
use tower::ServiceExt;

/// How much of a connection is kept in memory, each way, before no more is read or taken, in bytes.
/// A head that is not complete by then is refused; the last read may have gone beyond it.
const MAX_BUFFER: usize = 32 * 1024;

/// Serves until `stop` completes, and then until what was asked is answered. Sockets outlive it.
pub async fn listen(
    mut listener: TcpListener,
    tls: Option<Arc<Tls>>,
    app: &AppState,
    stop: impl Future<Output = ()>,
) {
    let connections = Connections::new(&app.config.limits);
    let router = router(app.clone());
    let (stopping, stopped) = watch::channel(());
    let mut open = JoinSet::new();
    let mut refusals = Refusals::default();
    let mut stop = pin!(stop);
    loop {
        let (tcp, peer) = tokio::select! {
            // axum's own accepting, which goes on after errors.
            accepted = Listener::accept(&mut listener) => accepted,
            () = &mut stop => break,
        };
        while open.try_join_next().is_some() {}
        match connections.enter(&app.config, peer.ip()) {
            Ok(place) => {
                let accepted = Accepted {
                    config: app.config.clone(),
                    tls: tls.clone(),
                    router: router.clone(),
                    peer,
                    stopped: stopped.clone(),
                };
                open.spawn(accepted.serve(tcp, place));
            }
            Err(full) => refusals.audit(full, peer.ip()),
        }
    }
    drop((listener, stopping));
    while open.join_next().await.is_some() {}
}

/// What the task of one connection works with.
struct Accepted {
    config: Arc<Config>,
    tls: Option<Arc<Tls>>,
    router: Router,
    peer: SocketAddr,
    /// Fails once the server has been told to stop.
    stopped: watch::Receiver<()>,
}

impl Accepted {
    async fn serve(mut self, tcp: TcpStream, place: Place) {
        without_delay(&tcp);
        let timeouts = self.config.timeouts;
        let meter = Meter::new();
        let stream = Stream::new(tcp, place, timeouts.write, meter.clone());
        let Some(tls) = self.tls.take() else { return self.converse(stream, meter).await };
        let shaken = tokio::select! {
            shaken = timeout(timeouts.handshake, tls.acceptor().accept(stream)) => shaken,
            _ = self.stopped.changed() => return,
        };
        match shaken {
            Ok(Ok(stream)) => self.converse(stream, meter).await,
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
    }

    /// Answers one request after the other.
    async fn converse(self, stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static, meter: Meter) {
        let Self { config, router, peer, mut stopped, .. } = self;
        let timeouts = config.timeouts;
        let service = router.map_request(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            request.extensions_mut().insert(meter.clone());
            request
        });
        let head = if config.is_proxy(peer.ip()) { timeouts.head_from_proxy } else { timeouts.head };
        let conversation = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head)
            .max_buf_size(MAX_BUFFER)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
            .with_upgrades();
        let mut conversation = pin!(conversation);
        let ended = tokio::select! {
            ended = conversation.as_mut() => ended,
            _ = stopped.changed() => {
                conversation.as_mut().graceful_shutdown();
                conversation.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}

/// Lets small frames leave at once.
fn without_delay(stream: &TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "small frames may be delayed on a connection");
    }
}

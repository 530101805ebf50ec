//! The line between the devices and the server: a proxy that knows where a WebSocket's frames begin
//! and end, and so can lose, hold up, double and cut them.

mod forgery;
mod frames;
mod relay;

pub use forgery::Forgery;

use crate::random::Random;
use forgery::Forger;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// How likely it is that a frame is hit, for each way to hit it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Weather {
    pub lose: f64,
    pub hold_up: f64,
    pub double: f64,
    /// The connection breaks in the middle of the frame.
    pub cut: f64,
}

/// What happened to frames so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Losses {
    pub passed: u64,
    pub lost: u64,
    pub held_up: u64,
    pub doubled: u64,
    pub cut: u64,
    pub forged: u64,
}

/// The proxy; ends with the runtime that it was made in.
pub struct Line {
    pub addr: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    /// Counts the moments at which all connections were cut.
    cuts: watch::Sender<u64>,
}

struct State {
    server: Option<SocketAddr>,
    weather: Weather,
    losses: Losses,
    random: Random,
    forger: Forger,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    /// Opens one that leads nowhere yet.
    pub async fn open(random: Random, forgery: Forgery) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let addr = listener.local_addr().expect("an address");
        let state = State {
            server: None,
            weather: Weather::default(),
            losses: Losses::default(),
            random,
            forger: Forger::new(forgery),
        };
        let shared = Arc::new(Shared { state: Mutex::new(state), cuts: watch::Sender::new(0) });
        let of_all = shared.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let shared = of_all.clone();
                tokio::spawn(async move {
                    let mut cuts = shared.cuts.subscribe();
                    // However it ends, both sides see that it has.
                    tokio::select! {
                        _ = cuts.changed() => {}
                        _ = carry(client, &shared) => {}
                    }
                });
            }
        });
        Self { addr, shared }
    }

    /// Leads to this server from now on.
    pub fn lead_to(&self, server: SocketAddr) {
        self.shared.state().server = Some(server);
    }

    pub fn set_weather(&self, weather: Weather) {
        self.shared.state().weather = weather;
    }

    /// Cuts all connections.
    pub fn cut_all(&self) {
        self.shared.cuts.send_modify(|cuts| *cuts += 1);
    }

    pub fn losses(&self) -> Losses {
        self.shared.state().losses
    }
}

async fn carry(client: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let Some(server) = shared.state().server else { return Ok(()) };
    let server = TcpStream::connect(server).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    relay::relay(client, server, shared).await
}

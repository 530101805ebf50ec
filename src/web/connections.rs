//! How many connections are open, in all and by network: one that finds no room is dropped.
//!
//! Dropped, not left to wait: accepting goes on for everybody else, and whoever is refused learns
//! of it at once and comes back, as our page does.

use crate::{
    kit::{
        config::{Config, Limits},
        limits::network_of,
    },
    metrics::METRICS,
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};

/// Open files that are left for the store, the log and all else.
const OTHER_FILES: usize = 128;
/// How often the log tells of refusals: a flood of connections is not to be one of lines.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// Room for connections.
#[derive(Debug)]
pub struct Connections {
    most: usize,
    most_per_network: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    all: usize,
    by_network: HashMap<IpAddr, usize>,
}

/// Which bound has no room for one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// That on all connections.
    Server,
    /// That on one network's.
    Network,
}

/// What one connection takes up until this is dropped.
#[derive(Debug)]
pub struct Place {
    connections: Arc<Connections>,
    /// None of a proxy's, which carries everybody.
    network: Option<IpAddr>,
}

impl Connections {
    /// Room for as many as the settings say, and for no more than the system has files for. No
    /// network can have more than half.
    pub fn new(limits: &Limits) -> Arc<Self> {
        let (wanted, per_network) = match limits.rates {
            true => (limits.connections as usize, limits.connections_per_address as usize),
            false => (usize::MAX, usize::MAX),
        };
        let most = wanted.min(open_files().saturating_sub(OTHER_FILES)).max(1);
        if limits.rates && most < wanted {
            tracing::info!(most, wanted, "the system's limit on open files is one on connections");
        }
        let most_per_network = if limits.rates { per_network.min(most.div_ceil(2)) } else { most };
        Arc::new(Self { most, most_per_network, open: Mutex::default() })
    }

    /// Takes up room for a connection from this address. Errors: there is none.
    pub fn enter(self: &Arc<Self>, config: &Config, from: IpAddr) -> Result<Place, Full> {
        let network = (!config.is_proxy(from)).then(|| network_of(from));
        let mut open = self.lock();
        if open.all >= self.most {
            return Err(Full::Server);
        }
        if let Some(network) = network {
            let taken = open.by_network.entry(network).or_default();
            if *taken >= self.most_per_network {
                return Err(Full::Network);
            }
            *taken += 1;
        }
        open.all += 1;
        METRICS.connections.inc();
        Ok(Place { connections: self.clone(), network })
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        METRICS.connections.dec();
        let mut open = self.connections.lock();
        open.all -= 1;
        if let Some(network) = self.network
            && let Some(taken) = open.by_network.get_mut(&network)
        {
            *taken -= 1;
            if *taken == 0 {
                open.by_network.remove(&network);
            }
        }
    }
}

/// How many files the process may have open: as many as the system lets it ask for, which may be
/// far more than it gives unasked.
fn open_files() -> usize {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    }
    let current = getrlimit(Resource::Nofile).current;
    current.map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX))
}

/// Refusals that the log has not told of yet.
#[derive(Default)]
pub(super) struct Refusals {
    count: u64,
    told: Option<Instant>,
}

impl Refusals {
    /// Counts one more; one line in ten seconds says how many there were, and who got the last.
    pub(super) fn audit(&mut self, full: Full, from: IpAddr) {
        let limit = match full {
            Full::Server => "connections",
            Full::Network => "connections_per_address",
        };
        METRICS.connection_refused(limit);
        self.count += 1;
        if self.told.is_none_or(|told| told.elapsed() >= TELL_EVERY) {
            let from = network_of(from);
            tracing::warn!(audit = "limit", limit, %from, count = self.count, "refused by a limit");
            *self = Self { count: 0, told: Some(Instant::now()) };
        }
    }
}

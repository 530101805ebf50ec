//! Rates: how often one key (a user, an address) may do a thing.
//!
//! A token bucket per key (the generic cell rate algorithm of ITU-T I.371): one moment per key
//! says it all. Written here because the log-in must look before it leaps: only failures cost,
//! and an empty bucket must refuse before the password is compared.

use crate::kit::{config::Limits, state::AppState};
use axum::{extract::ConnectInfo, http::request::Parts};
use model::error::AppError;
use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, SocketAddr},
    sync::{Mutex, MutexGuard, Once},
    time::{Duration, Instant},
};

/// The most keys one limiter remembers. Beyond it the buckets that are full again are forgotten,
/// and keys that still find no room share one bucket: a flood may cost neither memory nor limits.
const MAX_KEYS: usize = 100_000;
/// How often they are looked through at most.
const SWEEP: Duration = Duration::from_secs(1);

/// A rate: how many may come at once, and the time in which one more may; `None`: any.
pub type Rate = Option<(u32, Duration)>;

impl Limits {
    /// So many in an hour, if there are limits at all.
    pub fn hourly(&self, count: u32) -> Rate {
        self.rates.then(|| (count, Duration::from_secs(3600) / count))
    }

    /// Socket frames and messages of one user.
    pub fn events(&self) -> Rate {
        self.rates.then(|| (self.event_burst, Duration::from_secs(1) / self.events_per_second))
    }
}

/// Token buckets by key.
pub struct Limiter<K> {
    rate: Rate,
    buckets: Mutex<Buckets<K>>,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    /// Full buckets for all.
    pub fn new(rate: Rate) -> Self {
        let now = Instant::now();
        Self { rate, buckets: Mutex::new(Buckets::new(now)) }
    }

    /// Takes a token. Errors: `too_many`, with the seconds until there is one.
    pub fn take(&self, key: &K) -> Result<(), AppError> {
        let Some(rate) = self.rate else { return Ok(()) };
        let now = Instant::now();
        let mut buckets = self.lock();
        let bucket = buckets.of(key, now);
        *bucket = after_one_more(rate, *bucket, now)?;
        Ok(())
    }

    /// Whether there is a token, without taking it. Errors: as [`Self::take`].
    pub fn peek(&self, key: &K) -> Result<(), AppError> {
        let Some(rate) = self.rate else { return Ok(()) };
        let now = Instant::now();
        let mut buckets = self.lock();
        let full_at = *buckets.of(key, now);
        after_one_more(rate, full_at, now).map(drop)
    }

    fn lock(&self) -> MutexGuard<'_, Buckets<K>> {
        self.buckets.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// When a bucket is full again once one more token is taken.
fn after_one_more(
    (burst, every): (u32, Duration),
    full_at: Instant,
    now: Instant,
) -> Result<Instant, AppError> {
    let later = full_at.max(now) + every;
    let wait = later.saturating_duration_since(now + every * burst);
    if wait.is_zero() { Ok(later) } else { Err(AppError::too_many(wait.as_secs_f64().ceil() as u32)) }
}

/// When each bucket is full again.
pub(super) struct Buckets<K> {
    full_at: HashMap<K, Instant>,
    /// Shared by all keys for which there is no room.
    others: Instant,
    swept_at: Instant,
}

impl<K: Hash + Eq + Clone> Buckets<K> {
    /// All are full.
    pub(super) fn new(now: Instant) -> Self {
        Self { full_at: HashMap::new(), others: now, swept_at: now }
    }

    /// The bucket of a key, or the one that it shares.
    pub(super) fn of(&mut self, key: &K, now: Instant) -> &mut Instant {
        if self.has_room_for(key, now) {
            self.full_at.entry(key.clone()).or_insert(now)
        } else {
            &mut self.others
        }
    }

    /// A bucket of its own, full at that moment, if there is room for one.
    pub(super) fn set(&mut self, key: K, full_at: Instant, now: Instant) {
        if self.has_room_for(&key, now) {
            self.full_at.insert(key, full_at);
        }
    }

    /// Whether a key has a bucket of its own that is not full.
    pub(super) fn is_in_use(&self, key: &K, now: Instant) -> bool {
        self.full_at.get(key).is_some_and(|full_at| *full_at > now)
    }

    fn has_room_for(&mut self, key: &K, now: Instant) -> bool {
        if self.full_at.len() < MAX_KEYS || self.full_at.contains_key(key) {
            return true;
        }
        if now.duration_since(self.swept_at) >= SWEEP {
            self.swept_at = now;
            self.full_at.retain(|_, full_at| *full_at > now);
        }
        self.full_at.len() < MAX_KEYS
    }
}

/// What counts as one address: an IPv4 address, or the /64 that an IPv6 household has.
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 => v4,
    }
}

/// The network that a request comes from: the connection's other end, or, where that is a proxy
/// that the operator trusts, the last address in `X-Forwarded-For` that is not one (RFC 7239, 5.2
/// and 8.1: what stands before it, anybody may have written).
pub fn client_network(app: &AppState, parts: &Parts) -> Result<IpAddr, AppError> {
    let ConnectInfo(peer) = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .ok_or_else(|| super::internal("a connection without an address"))?;
    let mut client = peer.ip();
    let forwarded = parts.headers.get_all("x-forwarded-for").iter().rev();
    let hops = forwarded.filter_map(|value| value.to_str().ok()).flat_map(|value| value.rsplit(','));
    for hop in hops {
        if !app.config.is_proxy(client) {
            break;
        }
        let Some(address) = address_in(hop) else {
            warn_of_unreadable(client);
            break;
        };
        client = address;
    }
    Ok(network_of(client))
}

/// An address as proxies write it (RFC 7239, section 6): bare, in quotation marks or brackets, with a port.
fn address_in(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim().trim_matches('"');
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    // An address of a link says of which.
    let bare = bare.split_once('%').map_or(bare, |(address, _)| address);
    bare.parse().ok().or_else(|| hop.parse().ok().map(|with_port: SocketAddr| with_port.ip()))
}

/// Everybody behind a proxy that writes what cannot be read shares its limits: whoever runs the server has
/// to know. Once, because it would be every request.
fn warn_of_unreadable(proxy: IpAddr) {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            %proxy,
            "a trusted proxy sends X-Forwarded-For with something that is no address: \
             all behind it share one limit"
        );
    });
}

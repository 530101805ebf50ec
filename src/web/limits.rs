//! Rates: how often one key (a user, an address) may do a thing.
//!
//! A token bucket per key (the generic cell rate algorithm of ITU-T I.371): one moment per key
//! says it all. Written here because the log-in must look before it leaps: only failures cost,
//! and a full bucket must refuse before the password is compared.

use crate::error::AppError;
use axum::extract::ConnectInfo;
use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, SocketAddr},
    sync::Mutex,
    time::{Duration, Instant},
};

use super::config::Limits;
use crate::id::UserId;

/// The most keys one limiter remembers; beyond it the ones that are full again are forgotten.
const MAX_KEYS: usize = 100_000;

/// Every rate that the server keeps.
pub struct Rates {
    /// Accounts made, by network.
    pub signups: Limiter<IpAddr>,
    /// Failed log-ins, by network.
    pub login_failures_by_address: Limiter<IpAddr>,
    /// Failed log-ins, by folded username, known or not.
    pub login_failures_by_name: Limiter<String>,
    /// Friend requests, by sender.
    pub requests: Limiter<UserId>,
    /// Frames and messages, by user.
    pub events: Limiter<UserId>,
}

impl Rates {
    /// Full buckets for all.
    pub fn new(limits: &Limits) -> Self {
        let hour = Duration::from_secs(3600);
        let hourly = |count| if limits.rates { Some((count, hour / count)) } else { None };
        let events =
            limits.rates.then(|| (limits.event_burst, Duration::from_secs(1) / limits.events_per_second));
        Self {
            signups: Limiter::new(hourly(limits.signups_per_hour)),
            login_failures_by_address: Limiter::new(hourly(limits.login_failures_per_hour)),
            login_failures_by_name: Limiter::new(hourly(limits.login_failures_per_hour)),
            requests: Limiter::new(hourly(limits.requests_per_hour)),
            events: Limiter::new(events),
        }
    }
}

/// Token buckets by key.
pub struct Limiter<K> {
    /// How many may come at once, and the time in which one token grows back.
    rate: Option<(u32, Duration)>,
    /// When each bucket is full again.
    full_at: Mutex<HashMap<K, Instant>>,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    fn new(rate: Option<(u32, Duration)>) -> Self {
        Self { rate, full_at: Mutex::new(HashMap::new()) }
    }

    /// Takes a token. Errors: `too_many`, with the seconds until there is one.
    pub fn take(&self, key: &K) -> Result<(), AppError> {
        self.with(key, |full_at, now, every| Some(full_at.max(now) + every))
    }

    /// Whether there is a token, without taking it. Errors: as [`Self::take`].
    pub fn peek(&self, key: &K) -> Result<(), AppError> {
        self.with(key, |_, _, _| None)
    }

    fn with(
        &self,
        key: &K,
        next: impl FnOnce(Instant, Instant, Duration) -> Option<Instant>,
    ) -> Result<(), AppError> {
        let Some((burst, every)) = self.rate else { return Ok(()) };
        let now = Instant::now();
        let mut buckets = self.full_at.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let full_at = buckets.get(key).copied().unwrap_or(now);
        let wait = (full_at.max(now) + every).saturating_duration_since(now + every * burst);
        if !wait.is_zero() {
            return Err(AppError::too_many(wait.as_secs_f64().ceil() as u32));
        }
        if let Some(later) = next(full_at, now, every) {
            if buckets.len() >= MAX_KEYS {
                buckets.retain(|_, full_at| *full_at > now);
            }
            // A flood of keys that are all in use may not cost memory; it shares what is left.
            if buckets.len() < MAX_KEYS || buckets.contains_key(key) {
                buckets.insert(key.clone(), later);
            }
        }
        Ok(())
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

/// Inside a server function: the network that the request comes from.
pub async fn client_network() -> Result<IpAddr, AppError> {
    let ConnectInfo(address) =
        leptos_axum::extract::<ConnectInfo<SocketAddr>>().await.map_err(super::internal)?;
    Ok(network_of(address.ip()))
}

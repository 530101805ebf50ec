//! Figures for whoever operates the server, in the text format of Prometheus.
//!
//! One set for the whole process: what counts need not know where it is asked for. Counting costs
//! some nanoseconds and is always on; `SOTTO_METRICS_ADDR` only says where to ask.

use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};
use std::{sync::LazyLock, time::Instant};

/// The process's figures.
pub static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::new);

type Labels<const N: usize> = [(&'static str, String); N];

/// All figures. None says who or what: no names, no ids, no addresses.
pub struct Metrics {
    registry: Registry,
    /// Open connections, sockets among them.
    pub connections: Gauge,
    connections_refused: Family<Labels<1>, Counter>,
    /// Open sockets.
    pub sockets: Gauge,
    /// Users with a socket.
    pub users_online: Gauge,
    /// Messages stored.
    pub messages: Counter,
    /// Accounts made on the page.
    pub signups: Counter,
    /// Log-ins that succeeded.
    pub logins: Counter,
    /// Passwords that wait to be hashed.
    pub hashes_waiting: Gauge,
    /// bcrypt's rounds since the start.
    pub hash_rounds: Gauge,
    /// Frames in all sockets' queues, and in the longest of them.
    pub frames_waiting: Gauge,
    /// The longest queue of a socket.
    pub longest_queue: Gauge,
    delivery: Histogram,
    logins_refused: Family<Labels<1>, Counter>,
    requests: Family<Labels<3>, Counter>,
}

impl Metrics {
    fn new() -> Self {
        let mut registry = Registry::with_prefix("sotto");
        macro_rules! register {
            ($metric:expr, $name:literal, $help:literal $(, $unit:expr)?) => {{
                let metric = $metric;
                register!(@ registry, $name, $help, metric.clone() $(, $unit)?);
                metric
            }};
            (@ $registry:ident, $name:literal, $help:literal, $metric:expr) => {
                $registry.register($name, $help, $metric)
            };
            (@ $registry:ident, $name:literal, $help:literal, $metric:expr, $unit:expr) => {
                $registry.register_with_unit($name, $help, $unit, $metric)
            };
        }
        let metrics = Self {
            connections: register!(Gauge::default(), "connections", "Open connections, sockets among them"),
            connections_refused: register!(
                Family::default(),
                "connections_refused",
                "Connections refused, by limit"
            ),
            sockets: register!(Gauge::default(), "sockets", "Open sockets"),
            users_online: register!(Gauge::default(), "users_online", "Users with an open socket"),
            messages: register!(Counter::default(), "messages_stored", "Messages stored"),
            signups: register!(Counter::default(), "signups", "Accounts made on the page"),
            logins: register!(Counter::default(), "logins", "Log-ins that succeeded"),
            hashes_waiting: register!(Gauge::default(), "hashes_waiting", "Passwords that wait to be hashed"),
            hash_rounds: register!(Gauge::default(), "hash_rounds", "Rounds of bcrypt since the start"),
            frames_waiting: register!(
                Gauge::default(),
                "frames_waiting",
                "Frames in the queues of all sockets"
            ),
            longest_queue: register!(
                Gauge::default(),
                "longest_queue",
                "Frames in the longest queue of a socket"
            ),
            delivery: register!(
                Histogram::new(store::metrics::SECONDS),
                "delivery",
                "From the moment an event is made until a socket has taken it",
                Unit::Seconds
            ),
            logins_refused: register!(Family::default(), "logins_refused", "Log-ins refused, by reason"),
            requests: register!(Family::default(), "http_requests", "HTTP requests, by route and status"),
            registry: Registry::default(),
        };
        let store = store::metrics::METRICS.clone();
        registry.register_with_unit(
            "store",
            "What an operation of the store takes, with its wait",
            Unit::Seconds,
            store.took,
        );
        registry.register("store_waiting", "Operations of the store that run or wait", store.waiting);
        Self { registry, ..metrics }
    }

    /// Counts a frame that a socket has taken.
    pub fn delivered(&self, made: Instant) {
        self.delivery.observe(made.elapsed().as_secs_f64());
    }

    /// Counts a log-in that was refused.
    pub fn login_refused(&self, reason: &'static str) {
        self.logins_refused.get_or_create(&[("reason", reason.into())]).inc();
    }

    /// Counts a connection for which there was no room.
    pub fn connection_refused(&self, limit: &'static str) {
        self.connections_refused.get_or_create(&[("limit", limit.into())]).inc();
    }

    /// Counts a request; `route` is a pattern, never a path.
    pub fn request(&self, method: &str, route: &str, status: u16) {
        let labels = [("method", method.into()), ("route", route.into()), ("status", status.to_string())];
        self.requests.get_or_create(&labels).inc();
    }

    /// All of it as text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

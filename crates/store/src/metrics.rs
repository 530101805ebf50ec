//! What the operations of a store take, for whoever counts: `sotto` puts these figures among its own.

use prometheus_client::metrics::{family::Family, gauge::Gauge, histogram::Histogram};
use std::{sync::LazyLock, time::Instant};

/// The process's figures.
pub static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::new);

/// From a tenth of a millisecond on: a write that is fast takes less than one.
pub const SECONDS: [f64; 14] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// `kind`, which is `read` or `write`.
type Labels = [(&'static str, &'static str); 1];

/// By kind of operation. Cloning shares the figures.
#[derive(Clone)]
pub struct Metrics {
    /// Seconds that operations take, with their wait.
    pub took: Family<Labels, Histogram, fn() -> Histogram>,
    /// Operations that run or wait.
    pub waiting: Family<Labels, Gauge>,
}

impl Metrics {
    fn new() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(SECONDS);
        Self { took: Family::new_with_constructor(histogram), waiting: Family::default() }
    }

    /// Counts an operation while the answer is held. `kind` is `read` or `write`.
    pub(crate) fn time(&self, kind: &'static str) -> Timer {
        let waiting = self.waiting.get_or_create(&[("kind", kind)]).clone();
        waiting.inc();
        let took = self.took.get_or_create(&[("kind", kind)]).clone();
        Timer { waiting, took, begun: Instant::now() }
    }
}

/// See [`Metrics::time`].
pub(crate) struct Timer {
    waiting: Gauge,
    took: Histogram,
    begun: Instant,
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.waiting.dec();
        self.took.observe(self.begun.elapsed().as_secs_f64());
    }
}

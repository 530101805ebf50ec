//! What is said again and again is summed up: whoever makes us say it is not to fill the disk with it.

use crate::kit::limits::Limiter;
use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::layer::{Context, Filter};

/// So many lines of one kind (from one place in the source, or audit lines of one kind about one address or
/// user) at once, and one more each time this has passed. What is finer than `info` was asked for.
const LINES: (u32, Duration) = (30, Duration::from_secs(5));
/// How often it is said how many were left out.
pub const EVERY: Duration = Duration::from_secs(10);
/// Of so many kinds and people at most; others are counted together.
const MOST: usize = 500;

/// A filter that leaves out what comes too often, and counts it.
#[derive(Clone)]
pub struct Sums(Arc<Inner>);

struct Inner {
    lines: Limiter<What>,
    left_out: Mutex<BTreeMap<What, u64>>,
}

/// What a line is about.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct What {
    /// What happened, and by which limit or error.
    kind: String,
    /// The address or the user.
    who: String,
}

impl Sums {
    /// Nothing so far.
    pub fn new() -> Self {
        Self(Arc::new(Inner { lines: Limiter::new(Some(LINES)), left_out: Mutex::default() }))
    }

    /// Says how many lines were left out since the last time.
    pub fn tell(&self) {
        // The lock is not held while they are written, which comes by here again.
        let left_out = std::mem::take(&mut *self.0.left_out.lock().unwrap_or_else(PoisonError::into_inner));
        for (What { kind, who }, count) in left_out {
            tracing::warn!(repeated = kind, who, count, "further lines like it were left out");
        }
    }
}

impl<S: Subscriber> Filter<S> for Sums {
    fn enabled(&self, _: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        true
    }

    fn event_enabled(&self, event: &Event<'_>, _: &Context<'_, S>) -> bool {
        let metadata = event.metadata();
        if *metadata.level() > Level::INFO || metadata.target() == module_path!() {
            return true;
        }
        let mut about = About::default();
        event.record(&mut about);
        let what = match about.is_audit {
            true => about.what,
            false => {
                let line = metadata.line().unwrap_or_default();
                What { kind: format!("{}:{line}", metadata.target()), who: String::new() }
            }
        };
        if self.0.lines.take(&what).is_ok() {
            return true;
        }
        let mut left_out = self.0.left_out.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = left_out.len() < MOST || left_out.contains_key(&what);
        let what = if is_known { what } else { What { kind: what.kind, who: "others".into() } };
        *left_out.entry(what).or_default() += 1;
        false
    }
}

/// Reads what a line is about.
#[derive(Default)]
struct About {
    is_audit: bool,
    what: What,
}

impl About {
    fn note(&mut self, field: &Field, value: &str) {
        match field.name() {
            "audit" | "code" | "limit" => {
                self.is_audit |= field.name() == "audit";
                if !self.what.kind.is_empty() {
                    self.what.kind.push(' ');
                }
                self.what.kind.push_str(value);
            }
            "from" | "user" => self.what.who = value.to_owned(),
            _ => {}
        }
    }
}

impl Visit for About {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.note(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if matches!(field.name(), "code" | "from" | "user") {
            self.note(field, &format!("{value:?}"));
        }
    }
}

//! Failed log-ins by name: whoever guesses at one account from many networks waits longer and
//! longer, and nobody is shut out of theirs for good.

use super::limits::{Buckets, Rate};
use model::error::AppError;
use std::{
    net::IpAddr,
    sync::{Mutex, MutexGuard},
    time::{Duration, Instant},
};

/// The wait after the last failure that was free; each further one doubles it,
const SHORTEST: Duration = Duration::from_secs(10);
/// up to this.
const LONGEST: Duration = Duration::from_secs(60);
/// How many failures are remembered beyond the free ones: as many as make the wait longer.
const MOST_BEYOND: u32 = 4;
/// How long a network is known in which somebody has logged in.
const KNOWN_FOR: Duration = Duration::from_secs(30 * 24 * 3600);

/// How long each name is left alone, by folded username, known or not.
pub struct Delays {
    /// How many failures cost no wait, and the time in which one is forgotten.
    free: Rate,
    names: Mutex<Names>,
}

struct Names {
    /// When the failures of a name are all forgotten.
    forgotten_at: Buckets<String>,
    /// When a name may be tried again.
    open_at: Buckets<String>,
    /// Until when a name is known to log in from a network.
    known_until: Buckets<(String, IpAddr)>,
}

impl Delays {
    /// No failures so far.
    pub fn new(free: Rate) -> Self {
        let now = Instant::now();
        let names = Names {
            forgotten_at: Buckets::new(now),
            open_at: Buckets::new(now),
            known_until: Buckets::new(now),
        };
        Self { free, names: Mutex::new(names) }
    }

    /// Whether a name may be tried now from a network. One from which it has logged in does not
    /// wait for what others try elsewhere. Errors: `too_many`, with the seconds until it may.
    pub fn check(&self, name: &str, from: IpAddr, now: Instant) -> Result<(), AppError> {
        let mut names = self.lock();
        let key = name.to_owned();
        let wait = names.open_at.of(&key, now).saturating_duration_since(now);
        if wait.is_zero() || names.known_until.is_in_use(&(key, from), now) {
            return Ok(());
        }
        Err(AppError::too_many(wait.as_secs_f64().ceil() as u32))
    }

    /// Counts a failure.
    pub fn count(&self, name: &str, now: Instant) {
        let Some((free, each)) = self.free else { return };
        let mut names = self.lock();
        let key = name.to_owned();
        let forgotten_at = names.forgotten_at.of(&key, now);
        let most = each.saturating_mul(free.saturating_add(MOST_BEYOND));
        *forgotten_at = ((*forgotten_at).max(now) + each).min(now + most);
        let failures = forgotten_at.duration_since(now).div_duration_f64(each).ceil() as u32;
        if let Some(beyond) = failures.checked_sub(free) {
            *names.open_at.of(&key, now) = now + LONGEST.min(SHORTEST * 2_u32.pow(beyond));
        }
    }

    /// Notes that a name has logged in from a network.
    pub fn know(&self, name: &str, from: IpAddr, now: Instant) {
        self.lock().known_until.set((name.to_owned(), from), now + KNOWN_FOR, now);
    }

    fn lock(&self) -> MutexGuard<'_, Names> {
        self.names.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

//! Writing until the outcome is known.
//!
//! A connection that breaks leaves open whether the server has done what it was told. Every write
//! here may be repeated: it says what must hold before it, or which new id it brings, so doing it
//! twice changes nothing. A caller that finds its own result after a doubtful attempt takes it for
//! a success; telling people twice is harmless, telling them never is not.

use super::error::Failure;
use crate::{Result, StoreError};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// When it is too late for another attempt.
const PATIENCE: Duration = Duration::from_secs(6);
/// The first pause; each is longer than the one before, up to [`LONGEST`].
const SHORTEST: Duration = Duration::from_millis(4);
const LONGEST: Duration = Duration::from_millis(250);

/// Attempts a write that may be done twice until its outcome is known.
pub(super) async fn repeated<T, F: Future<Output = std::result::Result<T, Failure>>>(
    mut attempt: impl FnMut() -> F,
) -> Result<T> {
    let mut tries = Tries::new();
    loop {
        match attempt().await {
            Ok(outcome) => return Ok(outcome),
            Err(failure) => tries.after(failure).await?,
        }
    }
}

/// The attempts at one write.
pub(super) struct Tries {
    last: Instant,
    pause: Duration,
    /// Whether an attempt may have been done although it looked as if it failed.
    pub(super) doubtful: bool,
}

impl Tries {
    /// None so far; patience begins now.
    pub(super) fn new() -> Self {
        Self { last: Instant::now() + PATIENCE, pause: SHORTEST, doubtful: false }
    }

    /// Errors: `Unavailable`, it is too late.
    fn in_time(&self) -> Result<()> {
        match Instant::now() < self.last {
            true => Ok(()),
            false => Err(StoreError::Unavailable("the database does not come to it".into())),
        }
    }

    /// Waits before the next attempt. Errors: what another attempt would not mend, or
    /// `Unavailable` when it is too late for one.
    pub(super) async fn after(&mut self, failure: Failure) -> Result<()> {
        if let Failure::Unknown(_) = failure {
            self.doubtful = true;
        }
        match failure {
            Failure::Refused(_) => return Err(failure.into()),
            Failure::Unknown(_) if self.in_time().is_err() => return Err(failure.into()),
            Failure::Duplicate | Failure::Unknown(_) => self.in_time()?,
        }
        self.rest().await;
        Ok(())
    }

    /// Waits before the next look. Errors: `Unavailable`, it is too late for one.
    pub(super) async fn look_again(&mut self) -> Result<()> {
        self.in_time()?;
        self.rest().await;
        Ok(())
    }

    async fn rest(&mut self) {
        // Not all at the same moment: the end of a UUIDv7 is random.
        let part = f64::from(Uuid::now_v7().as_u128() as u16) / f64::from(u16::MAX);
        sleep(self.pause.mul_f64(0.5 + part / 2.0)).await;
        self.pause = (self.pause * 2).min(LONGEST);
    }
}

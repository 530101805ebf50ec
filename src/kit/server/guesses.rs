//! How often passwords may be tried: by address, by name, and by whoever is signed in.

use super::{AppState, Config, Part, delays::Delays, limits::Limiter, password::Hasher};
use crate::metrics::METRICS;
use model::{
    error::{AppError, ErrorCode},
    id::UserId,
    user::{Password, Username},
};
use std::{net::IpAddr, sync::Arc, time::Instant};
use store::Account;

/// How often passwords were tried in vain.
pub struct Failures {
    /// By network.
    pub by_address: Limiter<IpAddr>,
    /// By folded username, known or not: these only delay.
    pub by_name: Delays,
    /// Of people who are signed in and show that they know theirs, by user.
    pub confirmations: Limiter<UserId>,
}

impl Part for Failures {
    fn new(config: &Config) -> Self {
        let rate = config.limits.hourly(config.limits.login_failures_per_hour);
        Self { by_address: Limiter::new(rate), by_name: Delays::new(rate), confirmations: Limiter::new(rate) }
    }
}

/// The tries at one account from one address.
pub struct Guesses {
    failures: Arc<Failures>,
    from: IpAddr,
    /// Folded; empty for a name that nobody can have.
    name: String,
}

impl Guesses {
    /// At the account with this name, which need not exist.
    pub fn at(app: &AppState, from: IpAddr, username: Option<&Username>) -> Self {
        Self { failures: app.part(), from, name: username.map(Username::folded).unwrap_or_default() }
    }

    /// Errors: `too_many`. Asked before a password is compared, and once more after it, whatever
    /// came of it: of many guesses at the same moment only as many as there are tokens may learn
    /// anything.
    pub fn check(&self) -> Result<(), AppError> {
        let refused = |limit| {
            METRICS.login_refused("limit");
            audit_limit(limit, self.from);
        };
        self.failures.by_address.peek(&self.from).inspect_err(|_| refused("login_failures_by_address"))?;
        self.failures
            .by_name
            .check(&self.name, self.from, Instant::now())
            .inspect_err(|_| refused("login_failures_by_name"))
    }

    /// Counts a wrong one. Only failures cost, so that a whole class behind one address can log in
    /// at nine.
    pub fn count(&self) {
        let _ = self.failures.by_address.take(&self.from);
        self.failures.by_name.count(&self.name, Instant::now());
        METRICS.login_refused("wrong_credentials");
        tracing::warn!(audit = "login_failed", from = %self.from, "a log-in failed");
    }
}

/// Remembers where somebody logs in from: what strangers try at their name does not delay them there.
pub fn know(app: &AppState, from: IpAddr, username: &Username) {
    app.part::<Failures>().by_name.know(&username.folded(), from, Instant::now());
}

/// Lets somebody who is signed in show that they know their password, typed into `field`. They have
/// a limit of their own, so that nobody else's guesses keep them from changing it. A wrong one counts
/// for the address, too: a session that was left open is no way around the limits.
///
/// Errors: `wrong_credentials`, `too_many`, `unavailable`.
pub async fn confirm(
    app: &AppState,
    from: IpAddr,
    account: &Account,
    password: Password,
    field: &'static str,
) -> Result<(), AppError> {
    let (failures, user) = (app.part::<Failures>(), account.user.id);
    let check = || failures.confirmations.peek(&user).inspect_err(|_| audit_limit("confirmations", from));
    check()?;
    let fits = app.part::<Hasher>().verify(password, Some(account.password_hash.clone())).await?;
    check()?;
    if !fits {
        let _ = failures.confirmations.take(&user);
        let _ = failures.by_address.take(&from);
        tracing::warn!(audit = "confirmation_failed", %user, %from, "a wrong password of somebody signed in");
        return Err(AppError::new(ErrorCode::WrongCredentials, "This is not your password.").on(field));
    }
    Ok(())
}

/// Notes that a limit has refused somebody.
pub fn audit_limit(limit: &str, from: IpAddr) {
    tracing::warn!(audit = "limit", limit, %from, "refused by a limit");
}

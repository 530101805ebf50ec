//! How often passwords may be tried: by address, by name, and by whoever is signed in.

use super::{
    AppState, Config, Part,
    delays::Delays,
    limits::Limiter,
    password::{Asker, Guessing, Hasher},
};
use crate::metrics::METRICS;
use model::{
    error::{AppError, ErrorCode},
    id::UserId,
    user::{Password, Username},
};
use std::{net::IpAddr, sync::Arc, time::Instant};
use store::Account;

/// How often one account can be logged in to.
const LOGINS_PER_HOUR: u32 = 60;

/// How often passwords were tried in vain.
pub struct Failures {
    /// By network.
    pub by_address: Limiter<IpAddr>,
    /// By folded username, known or not: these only delay.
    pub by_name: Delays,
    /// Log-ins by folded username: whoever knows a password does not need more of them.
    pub logins: Limiter<String>,
    /// Of people who are signed in and show that they know theirs, by user.
    pub confirmations: Limiter<UserId>,
}

impl Part for Failures {
    fn new(config: &Config) -> Self {
        let rate = config.limits.hourly(config.limits.login_failures_per_hour);
        Self {
            by_address: Limiter::new(rate),
            by_name: Delays::new(rate),
            logins: Limiter::new(config.limits.hourly(LOGINS_PER_HOUR)),
            confirmations: Limiter::new(rate),
        }
    }
}

impl Failures {
    /// Whether something may be tried from a network that costs as much as a failed log-in. Errors:
    /// `too_many`.
    pub fn check_address(&self, from: IpAddr) -> Result<(), AppError> {
        self.by_address.peek(&from).inspect_err(|_| audit_limit("login_failures_by_address", from))
    }
}

/// The tries at one account from one address.
#[derive(Clone)]
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

    /// Whoever makes them, in the queue for a comparison.
    pub fn asker(&self) -> Asker {
        Asker::guessing(self.from, self.name.clone(), self.clone())
    }

    /// Counts a right one, and remembers where somebody logs in from: what strangers try at their name
    /// does not delay them there. Errors: `too_many`, they have logged in too often.
    pub fn succeed(&self) -> Result<(), AppError> {
        self.failures.logins.take(&self.name)?;
        self.failures.by_name.know(&self.name, self.from, Instant::now());
        Ok(())
    }

    /// Notes that a limit refuses it.
    fn refused(&self, limit: &str) {
        METRICS.login_refused("limit");
        audit_limit(limit, self.from);
    }
}

impl Guessing for Guesses {
    /// Errors: `too_many`. Asked before a password is compared, and of a right one once more after it.
    fn check(&self) -> Result<(), AppError> {
        let Failures { by_name, logins, .. } = &*self.failures;
        self.failures.check_address(self.from).inspect_err(|_| METRICS.login_refused("limit"))?;
        by_name
            .check(&self.name, self.from, Instant::now())
            .inspect_err(|_| self.refused("login_failures_by_name"))?;
        logins.peek(&self.name).inspect_err(|_| self.refused("logins"))
    }

    /// Counts a wrong one. Only failures cost, so that a whole class behind one address can log in
    /// at nine.
    fn count(&self) -> Result<(), AppError> {
        self.failures
            .by_address
            .take(&self.from)
            .inspect_err(|_| self.refused("login_failures_by_address"))?;
        self.failures.by_name.count(&self.name, Instant::now());
        METRICS.login_refused("wrong_credentials");
        tracing::warn!(audit = "login_failed", from = %self.from, "a log-in failed");
        Ok(())
    }
}

/// Somebody who is signed in and shows that they know their password.
struct Confirmation {
    failures: Arc<Failures>,
    from: IpAddr,
    user: UserId,
}

impl Guessing for Confirmation {
    fn check(&self) -> Result<(), AppError> {
        let peeked = self.failures.confirmations.peek(&self.user);
        peeked.inspect_err(|_| audit_limit("confirmations", self.from))
    }

    fn count(&self) -> Result<(), AppError> {
        self.failures.confirmations.take(&self.user)?;
        let _ = self.failures.by_address.take(&self.from);
        tracing::warn!(audit = "confirmation_failed", user = %self.user, from = %self.from, "a wrong password of somebody signed in");
        Ok(())
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
    let asking = Confirmation { failures: app.part(), from, user: account.user.id };
    asking.check()?;
    let asker = Asker::guessing(from, account.user.username.folded(), asking);
    let fits = app.part::<Hasher>().verify(&asker, password, Some(account.password_hash.clone())).await?;
    match fits {
        true => Ok(()),
        false => Err(AppError::new(ErrorCode::WrongCredentials, "This is not your password.").on(field)),
    }
}

/// Notes that a limit has refused somebody.
pub fn audit_limit(limit: &str, from: IpAddr) {
    tracing::warn!(audit = "limit", limit, %from, "refused by a limit");
}

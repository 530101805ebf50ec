//! How often passwords may be tried, by address and by name.

use super::audit_limit;
use crate::{
    auth::model::{Password, Username},
    error::{AppError, ErrorCode},
    metrics::METRICS,
    store::Account,
    web::AppState,
};
use std::net::IpAddr;

/// The tries at one account from one address.
pub(super) struct Guesses<'a> {
    app: &'a AppState,
    from: IpAddr,
    /// Folded; empty for a name that nobody can have.
    name: String,
}

impl<'a> Guesses<'a> {
    /// At the account with this name, which need not exist.
    pub(super) fn at(app: &'a AppState, from: IpAddr, username: Option<&Username>) -> Self {
        Self { app, from, name: username.map(Username::folded).unwrap_or_default() }
    }

    /// Errors: `too_many`. Asked before a password is compared, and once more after it, whatever
    /// came of it: of many guesses at the same moment only as many as there are tokens may learn
    /// anything.
    pub(super) fn check(&self) -> Result<(), AppError> {
        let refused = |limit| {
            METRICS.login_refused("limit");
            audit_limit(limit, self.from);
        };
        let rates = &self.app.rates;
        rates
            .login_failures_by_address
            .peek(&self.from)
            .inspect_err(|_| refused("login_failures_by_address"))?;
        rates.login_failures_by_name.peek(&self.name).inspect_err(|_| refused("login_failures_by_name"))
    }

    /// Counts a wrong one. Only failures cost, so that a whole class behind one address can log in
    /// at nine.
    pub(super) fn count(&self) {
        let _ = self.app.rates.login_failures_by_address.take(&self.from);
        let _ = self.app.rates.login_failures_by_name.take(&self.name);
        METRICS.login_refused("wrong_credentials");
        tracing::warn!(audit = "login_failed", from = %self.from, "a log-in failed");
    }
}

/// Lets somebody who is signed in show that they know their password, typed into `field`. A wrong
/// one counts as a log-in that failed: a session that was left open is no way around the limits.
///
/// Errors: `wrong_credentials`, `too_many`, `unavailable`.
pub async fn confirm(
    app: &AppState,
    from: IpAddr,
    account: &Account,
    password: Password,
    field: &'static str,
) -> Result<(), AppError> {
    let guesses = Guesses::at(app, from, Some(&account.user.username));
    guesses.check()?;
    let fits = app.hasher.verify(password, Some(account.password_hash.clone())).await?;
    guesses.check()?;
    if !fits {
        guesses.count();
        return Err(AppError::new(ErrorCode::WrongCredentials, "This is not your password.").on(field));
    }
    Ok(())
}

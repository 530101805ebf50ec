//! How often passwords may be tried: by address, by name, and by whoever is signed in.

use super::audit_limit;
use crate::{metrics::METRICS, web::AppState};
use model::{
    error::{AppError, ErrorCode},
    user::{Password, Username},
};
use std::{net::IpAddr, time::Instant};
use store::Account;

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
        rates
            .login_failures_by_name
            .check(&self.name, self.from, Instant::now())
            .inspect_err(|_| refused("login_failures_by_name"))
    }

    /// Counts a wrong one. Only failures cost, so that a whole class behind one address can log in
    /// at nine.
    pub(super) fn count(&self) {
        let _ = self.app.rates.login_failures_by_address.take(&self.from);
        self.app.rates.login_failures_by_name.count(&self.name, Instant::now());
        METRICS.login_refused("wrong_credentials");
        tracing::warn!(audit = "login_failed", from = %self.from, "a log-in failed");
    }
}

/// Remembers where somebody logs in from: what strangers try at their name does not delay them there.
pub(super) fn know(app: &AppState, from: IpAddr, username: &Username) {
    app.rates.login_failures_by_name.know(&username.folded(), from, Instant::now());
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
    let (rates, user) = (&app.rates, account.user.id);
    let check = || rates.confirmations.peek(&user).inspect_err(|_| audit_limit("confirmations", from));
    check()?;
    let fits = app.hasher.verify(password, Some(account.password_hash.clone())).await?;
    check()?;
    if !fits {
        let _ = rates.confirmations.take(&user);
        let _ = rates.login_failures_by_address.take(&from);
        tracing::warn!(audit = "confirmation_failed", %user, %from, "a wrong password of somebody signed in");
        return Err(AppError::new(ErrorCode::WrongCredentials, "This is not your password.").on(field));
    }
    Ok(())
}

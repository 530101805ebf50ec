//! The rules of accounts and sessions.

mod invitations;
mod page;

pub use page::page;

use crate::{
    auth::model::Mode,
    kit::{
        AppState, AuthSession, Config, Credentials, Login, Part, SessionDevice, SignInError,
        error::Refused,
        guesses::{Failures, Guesses, audit_limit, know},
        internal,
        limits::Limiter,
        password::{Asker, Guessing, Hasher},
        route::Route,
        session_failed, session_key,
    },
    metrics::METRICS,
    routes,
};
use axum::{Extension, extract::State, http::StatusCode};
use invitations::{Invited, ask_in, invited};
use model::{
    error::{AppError, ErrorCode},
    event::close,
    id::UserId,
    user::{Password, User, Username},
};
use std::net::IpAddr;
use store::{Account, NewAccount, StoreError, now};

/// What is answered here beside the server functions.
pub const ROUTES: &[Route] = routes! {
    POST "/auth/logout" => log_out;
};

/// Accounts made, by network.
struct Signups(Limiter<IpAddr>);

impl Part for Signups {
    fn new(config: &Config) -> Self {
        Self(Limiter::new(config.limits.hourly(config.limits.signups_per_hour)))
    }
}

/// What somebody offers to come in with.
pub struct Offered {
    /// Whether they have an account.
    pub mode: Mode,
    /// Its name, as typed.
    pub username: String,
    /// Its password.
    pub password: Password,
    /// The invitation that they were sent, as typed; may be empty.
    pub invite: String,
}

/// Makes an account or opens the one there is, and signs in with a session of its own.
///
/// Errors: `invalid_username`, `invalid_password`, `not_invited`, `username_taken`, `wrong_credentials`,
/// `account_disabled`, `too_many`, `unavailable`.
pub async fn enter(
    app: &AppState,
    mut session: AuthSession,
    from: IpAddr,
    device: SessionDevice,
    offered: Offered,
) -> Result<User, AppError> {
    let Offered { mode, username, password, invite } = offered;
    let account = match mode {
        Mode::Signup => sign_up(app, from, Username::parse(&username)?, password, &invite).await?,
        Mode::Login => log_in(app, &session, from, &username, password).await?,
    };
    // axum-login gives a new id only if nobody was signed in before (OWASP ASVS 5.0, 7.2.4).
    if let Some(id) = session.session.id() {
        session.logout().await.map_err(session_failed)?;
        app.live.hub().close_session(session_key(id), close::SIGNED_OUT);
    }
    // A session that was emptied keeps its id for the next save, so it must be changed, too.
    session.session.cycle_id().await.map_err(session_failed)?;
    session.login(&Login(account.clone())).await.map_err(session_failed)?;
    device.remember(&session.session).await?;
    end_surplus(app, account.user.id).await?;
    Ok(account.user)
}

/// The most sessions of one account: whoever can log in could else fill the store with them.
const MAX_SESSIONS: usize = 100;

/// Ends those of an account's sessions that were not used for longest, where there are too many.
async fn end_surplus(app: &AppState, user: UserId) -> Result<(), AppError> {
    // Each use lets a session live on for as long: the one that ends last was used last. The one that is
    // being made is stored with the answer.
    let sessions = app.store.sessions_of(user, now()).await?;
    for surplus in sessions.iter().skip(MAX_SESSIONS - 1) {
        app.store.delete_session(surplus.id).await?;
        app.live.hub().close_session(surplus.id, close::SIGNED_OUT);
    }
    Ok(())
}

async fn sign_up(
    app: &AppState,
    from: IpAddr,
    username: Username,
    password: Password,
    invite: &str,
) -> Result<Account, AppError> {
    app.part::<Hasher>().check_new(&password, &username)?;
    // Looked up before hashing, which is dear. Finding a name costs as much as a failed log-in, and
    // nobody looks without having that, or anybody could learn all names.
    let failures = app.part::<Failures>();
    failures.check_address(from)?;
    // Whoever may make no account is told nothing of names, taken or not.
    let invited = invited(app, from, invite).await?;
    let signups = &app.part::<Signups>().0;
    signups.peek(&from).inspect_err(|_| audit_limit("signups", from))?;
    if app.store.account_by_name(&username).await?.is_some() {
        let _ = failures.by_address.take(&from);
        return Err(StoreError::UsernameTaken.into());
    }
    signups.take(&from).inspect_err(|_| audit_limit("signups", from))?;
    let password_hash =
        app.part::<Hasher>().hash_new(&Asker::new(from, &username), password, &username).await?;
    let created_at = now();
    let new = NewAccount { id: UserId::new(), username, password_hash: password_hash.clone(), created_at };
    let user = match invited {
        Some(Invited { invitation, .. }) => {
            let user = app.store.create_invited_user(new, invitation.token).await?;
            ask_in(app, &invitation, user.id).await;
            user
        }
        None => app.store.create_user(new).await?,
    };
    METRICS.signups.inc();
    know(app, from, &user.username);
    Ok(Account { user, password_hash, created_at, last_seen: None, disabled_at: None })
}

async fn log_in(
    app: &AppState,
    session: &AuthSession,
    from: IpAddr,
    username: &str,
    password: Password,
) -> Result<Account, AppError> {
    // A name that nobody can have takes the way of an unknown one: same answer, same time.
    let username = Username::parse(username).ok();
    let guesses = Guesses::at(app, from, username.as_ref());
    guesses.check()?;
    let credentials = Credentials { username, password: password.clone(), asker: guesses.asker() };
    let account = match session.authenticate(credentials).await {
        Ok(account) => account,
        Err(axum_login::Error::Backend(SignInError::Refused(error))) => {
            if error.code == ErrorCode::Unavailable {
                METRICS.login_refused("busy");
            }
            return Err(error);
        }
        Err(axum_login::Error::Backend(SignInError::Store(error))) => return Err(error.into()),
        Err(error) => return Err(internal(error)),
    };
    let wrong = || AppError::new(ErrorCode::WrongCredentials, "Wrong username or password.").on("password");
    let Login(account) = account.ok_or_else(wrong)?;
    guesses.check()?;
    // Only whoever knows the password learns of it.
    if account.disabled_at.is_some() {
        METRICS.login_refused("disabled");
        tracing::warn!(audit = "disabled", user = %account.user.id, "refused: the account is disabled");
        return Err(AppError::new(
            ErrorCode::AccountDisabled,
            "This account has been disabled. Please ask whoever runs this server.",
        ));
    }
    let account = match account.password_hash.as_imported() {
        Some(_) => hash_anew(app, &guesses.asker(), account, password).await?.ok_or_else(wrong)?,
        None => account,
    };
    guesses.succeed()?;
    METRICS.logins.inc();
    Ok(account)
}

/// Puts a hash of our own form in the place of an imported one. `None`: the account has another
/// password by now, or is gone.
async fn hash_anew(
    app: &AppState,
    asker: &Asker,
    account: Account,
    password: Password,
) -> Result<Option<Account>, AppError> {
    /// One at a time: a second log-in at the same moment must find the first one's hash, or it
    /// would end the session of the first.
    static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let password_hash = app.part::<Hasher>().hash_known(asker, password.clone()).await?;
    let turn = TURN.lock().await;
    let Some(now) = app.store.account(account.user.id).await? else { return Ok(None) };
    if now.password_hash == account.password_hash {
        // Nobody is signed in with an imported one.
        app.store.set_password(now.user.id, password_hash.clone(), None).await?;
        return Ok(Some(Account { password_hash, ..now }));
    }
    drop(turn);
    let fits = app.part::<Hasher>().verify(asker, password, Some(now.password_hash.clone())).await?;
    Ok(fits.then_some(now))
}

/// `POST /auth/logout`: the session is dead, and so are its sockets.
pub async fn log_out(
    State(app): State<AppState>,
    Extension(mut session): Extension<AuthSession>,
) -> Result<StatusCode, Refused> {
    let id = session.session.id();
    session.logout().await.map_err(session_failed)?;
    if let Some(id) = id {
        app.live.hub().close_session(session_key(id), close::SIGNED_OUT);
    }
    Ok(StatusCode::NO_CONTENT)
}

//! Who is signed in: axum-login over tower-sessions, on our own store.

use crate::kit::{
    device::SessionDevice,
    password::{Asker, Hasher},
    state::AppState,
};
use axum::{
    extract::{Request, State},
    http::{HeaderValue, header::SET_COOKIE},
    middleware::Next,
    response::Response,
};
use axum_login::{AuthManagerLayer, AuthManagerLayerBuilder, AuthUser, AuthnBackend};
use model::{
    error::AppError,
    id::UserId,
    time::Timestamp,
    user::{Password, User, Username},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use store::{Account, SessionRecord, Store, StoreError, internal, now};
use tower_sessions::{
    Expiry, SessionManagerLayer, SessionStore,
    cookie::{SameSite, time::Duration, time::OffsetDateTime},
    session::{Id, Record},
    session_store,
};

/// The session of a request, with its user if somebody is signed in.
pub type AuthSession = axum_login::AuthSession<SignIn>;

/// How long a session lives after its last renewal.
const LIFETIME: Duration = Duration::weeks(2);

/// The middleware that finds the session and its user.
pub fn layer(app: &AppState) -> AuthManagerLayer<SignIn, Sessions> {
    let sessions = SessionManagerLayer::new(Sessions(app.store.clone()))
        .with_name(cookie_name(app))
        .with_secure(app.config.is_https())
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(LIFETIME));
    let sign_in = SignIn { store: app.store.clone(), hasher: app.part() };
    AuthManagerLayerBuilder::new(sign_in, sessions).build()
}

/// `__Host-` binds the cookie to this very host, but browsers take it over HTTPS only.
fn cookie_name(app: &AppState) -> &'static str {
    if app.config.is_https() { "__Host-sid" } else { "sid" }
}

/// Notes that the session of a request is in use, once an hour. Saving that moves its end two
/// weeks ahead.
pub async fn renew(request: Request, next: Next) -> Response {
    let session = request.extensions().get::<AuthSession>().filter(|session| session.user.is_some());
    let was_signed_in = session.is_some();
    if let Some(session) = session {
        let noted = SessionDevice::note_use(&session.session, request.headers()).await;
        if let Err(error) = noted {
            tracing::warn!(%error, "the use of a session was not noted");
        }
    }
    let mut response = next.run(request).await;
    if was_signed_in {
        response.extensions_mut().insert(WasSignedIn);
    }
    response
}

/// On the answer to whoever was signed in when they asked.
#[derive(Clone, Copy)]
struct WasSignedIn;

/// Completes the cookie that removes the session, for tower-sessions leaves out the flags without which a browser
/// ignores it; and lets it out only where this very request has ended the session. One that still brought an old cookie
/// may be answered after somebody has logged in anew in the same browser, and would take the new cookie away.
pub async fn bound_removal_cookie(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let removal = format!("{}=;", cookie_name(&app));
    let cookies: Vec<_> = response.headers().get_all(SET_COOKIE).iter().cloned().collect();
    if !cookies.iter().any(|cookie| cookie.as_bytes().starts_with(removal.as_bytes())) {
        return response;
    }
    let has_ended = response.extensions().get::<WasSignedIn>().is_some();
    response.headers_mut().remove(SET_COOKIE);
    for cookie in cookies {
        match complete(&cookie, &removal, app.config.is_https()) {
            Some(removal) if has_ended => response.headers_mut().append(SET_COOKIE, removal),
            Some(_) => false,
            None => response.headers_mut().append(SET_COOKIE, cookie),
        };
    }
    response
}

/// The removal cookie with every flag that the cookie itself has; `None` for another cookie.
fn complete(cookie: &HeaderValue, removal: &str, https: bool) -> Option<HeaderValue> {
    let text = cookie.to_str().ok().filter(|text| text.starts_with(removal))?;
    let flags = ["HttpOnly", "SameSite=Lax", "Secure"].into_iter();
    let missing = flags.filter(|flag| !text.contains(flag) && (*flag != "Secure" || https));
    let complete = missing.fold(text.to_owned(), |cookie, flag| cookie + "; " + flag);
    HeaderValue::from_str(&complete).ok()
}

/// Inside a server function or a page: the session of the request.
pub async fn current_session() -> Result<AuthSession, AppError> {
    leptos_axum::extract::<AuthSession>().await.map_err(internal)
}

/// Inside a server function or a page: who is signed in. Errors: `not_signed_in`.
pub async fn current_user() -> Result<User, AppError> {
    current_session().await?.user.map(|Login(account)| account.user).ok_or_else(AppError::not_signed_in)
}

/// Whether somebody is signed in with a session: as axum-login decides it on each request, which a
/// socket makes only one of. A new password that could not end all sessions (see
/// [`Users::set_password`](store::Users::set_password)) has spoilt them all the same.
pub async fn is_good(store: &dyn Store, id: i128) -> Result<bool, StoreError> {
    let Some(session) = store.session(id, now()).await? else { return Ok(false) };
    let Some(LoggedIn { user_id, auth_hash }) = LoggedIn::of(&session) else { return Ok(false) };
    let account = store.account(user_id).await?.filter(|account| account.disabled_at.is_none());
    Ok(account.is_some_and(|account| self::auth_hash(&account) == auth_hash))
}

/// What axum-login keeps in a session.
#[derive(Deserialize)]
struct LoggedIn {
    user_id: UserId,
    auth_hash: Vec<u8>,
}

impl LoggedIn {
    const KEY: &str = "axum-login.data";

    fn of(session: &SessionRecord) -> Option<Self> {
        let mut data: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&session.data).ok()?;
        serde_json::from_value(data.remove(Self::KEY)?).ok()
    }
}

/// What is said where a session cannot be changed: of all this only the store fails.
pub fn failed(error: impl std::fmt::Display) -> AppError {
    StoreError::Unavailable(error.to_string()).into()
}

/// What the store knows a session by: a hash of its id, which is what the cookie holds. Whoever reads the store,
/// or a copy of it, is nobody by that. An id has 128 random bits, so the hash needs no salt.
pub fn key(id: Id) -> i128 {
    let digest = Sha256::digest(id.0.to_be_bytes());
    digest.iter().take(16).fold(0, |key, byte| key << 8 | i128::from(*byte))
}

/// Names a session to its owner, by its [`key`].
pub fn label(key: i128) -> String {
    let digest = Sha256::digest(key.to_be_bytes());
    digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// The rules of signing in, for axum-login.
#[derive(Clone)]
pub struct SignIn {
    store: Arc<dyn Store>,
    hasher: Arc<Hasher>,
}

/// What somebody offers to sign in with.
pub struct Credentials {
    /// The name; `None` stands for one that nobody can have.
    pub username: Option<Username>,
    /// The password.
    pub password: Password,
    /// Who waits for the answer.
    pub asker: Asker,
}

/// Why a log-in could not be decided.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It was not compared: too many wait, or others from there tried too often meanwhile.
    #[error("the password was not compared")]
    Refused(AppError),
}

/// An account as axum-login knows it.
#[derive(Clone, Debug)]
pub struct Login(pub Account);

impl AuthUser for Login {
    type Id = UserId;

    fn id(&self) -> UserId {
        self.0.user.id
    }

    /// A changed password ends every session made with the old one.
    fn session_auth_hash(&self) -> &[u8] {
        auth_hash(&self.0)
    }
}

fn auth_hash(account: &Account) -> &[u8] {
    account.password_hash.0.as_bytes()
}

impl AuthnBackend for SignIn {
    type User = Login;
    type Credentials = Credentials;
    type Error = SignInError;

    async fn authenticate(&self, credentials: Credentials) -> Result<Option<Login>, SignInError> {
        let account = match &credentials.username {
            Some(name) => self.store.account_by_name(name).await?,
            None => None,
        };
        let hash = account.as_ref().map(|account| account.password_hash.clone());
        let fits = self.hasher.verify(&credentials.asker, credentials.password, hash).await;
        let fits = fits.map_err(SignInError::Refused)?;
        Ok(account.filter(|_| fits).map(Login))
    }

    async fn get_user(&self, id: &UserId) -> Result<Option<Login>, SignInError> {
        let account = self.store.account(*id).await?;
        Ok(account.filter(|account| account.disabled_at.is_none()).map(Login))
    }
}

/// tower-sessions' view of our store.
#[derive(Clone)]
pub struct Sessions(Arc<dyn Store>);

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sessions")
    }
}

#[async_trait::async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        while !self.0.create_session(stored(record)?).await.map_err(backend)? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        // A session that was ended meanwhile stays ended: not saving it is right, and no error.
        self.0.save_session(stored(record)?, now()).await.map(drop).map_err(backend)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let Some(session) = self.0.session(key(*id), now()).await.map_err(backend)? else {
            return Ok(None);
        };
        let decode = |error: &dyn std::fmt::Display| session_store::Error::Decode(error.to_string());
        Ok(Some(Record {
            id: *id,
            data: serde_json::from_str(&session.data).map_err(|error| decode(&error))?,
            expiry_date: OffsetDateTime::from_unix_timestamp_nanos(
                i128::from(session.expires_at.0) * 1_000_000,
            )
            .map_err(|error| decode(&error))?,
        }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.0.delete_session(key(*id)).await.map_err(backend)
    }
}

fn stored(record: &Record) -> session_store::Result<SessionRecord> {
    let user = record
        .data
        .get(LoggedIn::KEY)
        .and_then(|data| serde_json::from_value(data.get("user_id")?.clone()).ok());
    Ok(SessionRecord {
        id: key(record.id),
        user,
        data: serde_json::to_string(&record.data)
            .map_err(|error| session_store::Error::Encode(error.to_string()))?,
        expires_at: Timestamp((record.expiry_date.unix_timestamp_nanos() / 1_000_000) as i64),
    })
}

fn backend(error: StoreError) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}

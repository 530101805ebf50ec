//! Hashing passwords: bcrypt over base64(SHA-384(password)), on few threads.
//!
//! bcrypt alone cuts at 72 bytes and at a NUL; the digest in between has neither. A hash costs
//! a quarter of a second of a core, so a storm of log-ins may take half of the cores and wait
//! in a bounded queue, and messages go on.

use super::{Config, Part};
use base64::{Engine, prelude::BASE64_STANDARD};
use model::{
    error::{AppError, ErrorCode},
    user::Password,
};
use sha2::{Digest, Sha384};
use std::{
    collections::HashSet,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};
use store::{PasswordHash, internal};
use tokio::sync::Semaphore;

/// The most that wait for a thread; whoever comes then is asked to try again.
const QUEUE: usize = 100;

/// Passwords that are tried first by everyone who guesses: the ones of at least 8 characters
/// from the 20,000 most common (list by Royce Williams, as shipped by Django, BSD licence).
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// The pool that hashes and compares; a cheap handle.
#[derive(Clone)]
pub struct Hasher {
    cost: u32,
    threads: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    /// Compared with when there is no account, so that it costs the same time.
    nobody: Arc<PasswordHash>,
    /// bcrypt's rounds so far.
    rounds: Arc<AtomicU64>,
}

impl Part for Hasher {
    fn new(config: &Config) -> Self {
        Self::of_cost(config.bcrypt_cost)
    }
}

impl Hasher {
    /// A pool that hashes with 2^cost rounds on half of the cores.
    pub fn of_cost(cost: u32) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        // Any well-formed hash of the same cost takes the same time to compare with.
        let nobody = format!("$2b${cost:02}${}", "abcdefghijklmnopqrstuu".to_owned() + &"a".repeat(31));
        Self {
            cost,
            threads: Arc::new(Semaphore::new((cores / 2).max(1))),
            queue: Arc::new(Semaphore::new(QUEUE)),
            nobody: Arc::new(PasswordHash(nobody)),
            rounds: Arc::default(),
        }
    }

    /// Whether a password is good enough for an account. Errors: `invalid_password`.
    pub fn check_new(&self, password: &Password) -> Result<(), AppError> {
        password.check_length()?;
        if COMMON.contains(password.expose().to_lowercase().as_str()) {
            return Err(AppError::new(
                ErrorCode::InvalidPassword,
                "This password is one of the most common ones. Please choose another one.",
            )
            .on("password"));
        }
        Ok(())
    }

    /// The hash of a password that is good enough for an account.
    /// Errors: `invalid_password`, `unavailable` when too many wait.
    pub async fn hash_new(&self, password: Password) -> Result<PasswordHash, AppError> {
        self.check_new(&password)?;
        self.hash_known(password).await
    }

    /// The hash of a password that an account has already, good enough or not.
    /// Errors: `unavailable` when too many wait.
    pub async fn hash_known(&self, password: Password) -> Result<PasswordHash, AppError> {
        let cost = self.cost;
        self.run(cost, move || bcrypt::hash(digest(&password), cost)).await.map(PasswordHash)
    }

    /// Whether the password is the one that was hashed; false, after the same time, if there is
    /// no hash. Errors: `unavailable` when too many wait.
    pub async fn verify(&self, password: Password, hash: Option<PasswordHash>) -> Result<bool, AppError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| PasswordHash::clone(&self.nobody));
        let fits = match hash.as_imported() {
            Some(bcrypt) if is_bcrypt(bcrypt) => {
                let bcrypt = bcrypt.to_owned();
                self.run(cost_of(&bcrypt), move || bcrypt::verify(password.expose(), &bcrypt)).await?
            }
            // As long as if there were one.
            Some(_) => return Box::pin(self.verify(password, None)).await,
            None => self.run(cost_of(&hash.0), move || bcrypt::verify(digest(&password), &hash.0)).await?,
        };
        Ok(known && fits)
    }

    /// How many passwords are being hashed or wait for it.
    pub fn waiting(&self) -> usize {
        QUEUE - self.queue.available_permits()
    }

    /// How many of bcrypt's rounds were done since the start: what hashing has cost. Two log-ins
    /// that raise it by the same take the same time.
    pub fn rounds(&self) -> u64 {
        self.rounds.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(
        &self,
        cost: u32,
        work: impl FnOnce() -> Result<T, bcrypt::BcryptError> + Send + 'static,
    ) -> Result<T, AppError> {
        let busy = || {
            AppError::new(ErrorCode::Unavailable, "Many people are logging in. Please try again in a moment.")
                .retry_after(5)
        };
        let queued = self.queue.clone().try_acquire_owned().map_err(|_| busy())?;
        let thread = self.threads.clone().acquire_owned().await.map_err(|_| busy())?;
        let rounds = self.rounds.clone();
        tokio::task::spawn_blocking(move || {
            let _held = (queued, thread);
            let done = work();
            rounds.fetch_add(1_u64.checked_shl(cost).unwrap_or(u64::MAX), Ordering::Relaxed);
            done
        })
        .await
        .map_err(internal)?
        .map_err(internal)
    }
}

/// The most rounds of an imported hash, as a power of 2: more would keep a core busy for long.
const MAX_IMPORTED_COST: u32 = 16;

/// Whether this is bcrypt's usual text, and not too dear to compare with.
pub fn is_bcrypt(text: &str) -> bool {
    ["$2a$", "$2b$", "$2y$"].iter().any(|version| text.starts_with(version))
        && text.parse::<bcrypt::HashParts>().is_ok()
        && (4..=MAX_IMPORTED_COST).contains(&cost_of(text))
}

/// The cost that a hash was made with, which comparing with it takes again.
fn cost_of(bcrypt: &str) -> u32 {
    bcrypt.get(4..6).and_then(|cost| cost.parse().ok()).unwrap_or_default()
}

fn digest(password: &Password) -> String {
    BASE64_STANDARD.encode(Sha384::digest(password.expose()))
}

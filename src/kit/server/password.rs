//! Hashing passwords: bcrypt over base64(SHA-384(password)), on few threads.
//!
//! bcrypt alone cuts at 72 bytes and at a NUL; the digest in between has neither. A hash costs
//! a quarter of a second of a core, so a storm of log-ins may take half of the cores and wait
//! in a bounded queue, and messages go on.

use super::{Config, Part};
use base64::{Engine, prelude::BASE64_STANDARD};
use model::{
    error::{AppError, ErrorCode},
    user::{Password, Username},
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
use unicode_normalization::UnicodeNormalization;

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

    /// Whether a password is good enough for the account of that name. Errors: `invalid_password`.
    pub fn check_new(&self, password: &Password, of: &Username) -> Result<(), AppError> {
        password.check_length()?;
        let refuse = |why: &str| Err(AppError::new(ErrorCode::InvalidPassword, why).on("password"));
        let folded = prepared(password.expose()).to_lowercase();
        if COMMON.contains(folded.as_str()) {
            return refuse("This password is one of the most common ones. Please choose another one.");
        }
        if folded.trim() == of.folded() {
            return refuse(
                "This password is the username, which everybody may know. Please choose another one.",
            );
        }
        Ok(())
    }

    /// The hash of a password that is good enough for the account of that name.
    /// Errors: `invalid_password`, `unavailable` when too many wait.
    pub async fn hash_new(&self, password: Password, of: &Username) -> Result<PasswordHash, AppError> {
        self.check_new(&password, of)?;
        self.hash_known(password).await
    }

    /// The hash of a password that an account has already, good enough or not.
    /// Errors: `unavailable` when too many wait.
    pub async fn hash_known(&self, password: Password) -> Result<PasswordHash, AppError> {
        let cost = self.cost;
        self.run(cost, move || bcrypt::hash(digest(&prepared(password.expose())), cost))
            .await
            .map(PasswordHash)
    }

    /// Whether the password is the one that was hashed; false, after the same time, if there is
    /// no hash. Errors: `unavailable` when too many wait.
    pub async fn verify(&self, password: Password, hash: Option<PasswordHash>) -> Result<bool, AppError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| PasswordHash::clone(&self.nobody));
        let (hash, is_imported) = match hash.as_imported() {
            Some(bcrypt) if is_bcrypt(bcrypt) => (bcrypt.to_owned(), true),
            // As long as if there were one.
            Some(_) => return Box::pin(self.verify(password, None)).await,
            None => (hash.0, false),
        };
        for form in forms(password.expose()) {
            let hash = hash.clone();
            let fits = self.run(cost_of(&hash), move || match is_imported {
                true => bcrypt::verify(&form, &hash),
                false => bcrypt::verify(digest(&form), &hash),
            });
            if fits.await? {
                return Ok(known);
            }
        }
        Ok(false)
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

fn digest(password: &str) -> String {
    BASE64_STANDARD.encode(Sha384::digest(password))
}

/// A password as it is hashed: two keyboards write one word in two ways (RFC 8265, OpaqueString: spaces
/// of all kinds are one, then NFC).
fn prepared(password: &str) -> String {
    password.chars().map(|c| if c != ' ' && is_space(c) { ' ' } else { c }).nfc().collect()
}

/// Unicode's general category Zs.
fn is_space(c: char) -> bool {
    c.is_whitespace() && !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}')
}

/// The forms in which a password may have been hashed: as now, and as it was typed before there was
/// one form, on this keyboard or on another one. One form alone where they are all the same.
fn forms(password: &str) -> Vec<String> {
    let mut forms = vec![prepared(password)];
    for form in [password.to_owned(), password.nfc().collect(), password.nfd().collect()] {
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    forms
}

//! Hashing passwords: bcrypt over base64(SHA-384(password)), on few threads.
//!
//! bcrypt alone cuts at 72 bytes and at a NUL; the digest in between has neither. A hash costs
//! a quarter of a second of a core, so a storm of log-ins may take half of the cores and wait
//! in a bounded queue in which everybody has their share, and messages go on.

use super::{Config, Part, turns::Turns};
use base64::{Engine, prelude::BASE64_STANDARD};
use model::{
    error::{AppError, ErrorCode},
    user::{Password, Username},
};
use sha2::{Digest, Sha384};
use std::{
    collections::HashSet,
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};
use store::{PasswordHash, internal};
use tracing::Span;
use unicode_normalization::UnicodeNormalization;

/// Passwords that are tried first by everyone who guesses: the ones of at least 8 characters
/// from the 20,000 most common (list by Royce Williams, as shipped by Django, BSD licence).
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Who wants a password hashed: whose share of the queue it is, and whether it is still worth it when their
/// turn comes.
#[derive(Clone)]
pub struct Asker {
    network: IpAddr,
    name: String,
    guesses: Option<Arc<dyn Guessing>>,
}

/// What somebody may be doing who wants a password compared.
pub trait Guessing: Send + Sync {
    /// Asked when their turn comes. Errors: they may not, and it costs nothing.
    fn check(&self) -> Result<(), AppError>;

    /// It was wrong; said before anybody else has that turn. Errors: they have guessed too often meanwhile, so
    /// that they may not even learn that.
    fn count(&self) -> Result<(), AppError>;
}

impl Asker {
    /// Somebody who is, or wants to be, known by a name.
    pub fn new(network: IpAddr, name: &Username) -> Self {
        Self { network, name: name.folded(), guesses: None }
    }

    /// Somebody who may be guessing, at a folded name. Of many guesses at the same moment only so many cost
    /// anything, or learn anything.
    pub fn guessing(network: IpAddr, name: String, guesses: impl Guessing + 'static) -> Self {
        Self { network, name, guesses: Some(Arc::new(guesses)) }
    }

    /// Whoever runs the server.
    pub fn operator() -> Self {
        Self { network: Ipv4Addr::LOCALHOST.into(), name: String::new(), guesses: None }
    }
}

/// The pool that hashes and compares; a cheap handle.
#[derive(Clone)]
pub struct Hasher {
    cost: u32,
    turns: Turns,
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
            turns: Turns::new((cores / 2).max(1)),
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
    pub async fn hash_new(
        &self,
        asker: &Asker,
        password: Password,
        of: &Username,
    ) -> Result<PasswordHash, AppError> {
        self.check_new(&password, of)?;
        self.hash_known(asker, password).await
    }

    /// The hash of a password that an account has already, good enough or not.
    /// Errors: `unavailable` when too many wait.
    pub async fn hash_known(&self, asker: &Asker, password: Password) -> Result<PasswordHash, AppError> {
        let cost = self.cost;
        self.run(asker, cost, move || bcrypt::hash(digest(&prepared(password.expose())), cost))
            .await
            .map(PasswordHash)
    }

    /// Whether the password is the one that was hashed; false, after the same time, if there is
    /// no hash. Errors: `unavailable` when too many wait, and what
    /// [`Guessing`] says.
    pub async fn verify(
        &self,
        asker: &Asker,
        password: Password,
        hash: Option<PasswordHash>,
    ) -> Result<bool, AppError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| PasswordHash::clone(&self.nobody));
        let (hash, is_imported) = match hash.as_imported() {
            Some(bcrypt) if is_bcrypt(bcrypt) => (bcrypt.to_owned(), true),
            // As long as if there were one.
            Some(_) => return Box::pin(self.verify(asker, password, None)).await,
            None => (hash.0, false),
        };
        let mut forms = forms(password.expose()).into_iter().peekable();
        while let Some(form) = forms.next() {
            let (hash, is_last) = (hash.clone(), forms.peek().is_none());
            let guesses = asker.guesses.clone().filter(|_| is_last);
            let fits = self.run(asker, cost_of(&hash), move || {
                let fits = match is_imported {
                    true => bcrypt::verify(&form, &hash),
                    false => bcrypt::verify(digest(&form), &hash),
                };
                let is_wrong = matches!(fits, Ok(false)) || !known;
                let counted = guesses.filter(|_| is_wrong).map_or(Ok(()), |guesses| guesses.count());
                fits.map(|fits| counted.map(|()| fits && known))
            });
            if fits.await?? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How many passwords wait to be hashed.
    pub fn waiting(&self) -> usize {
        self.turns.waiting()
    }

    /// How many of bcrypt's rounds were done since the start: what hashing has cost. Two log-ins
    /// that raise it by the same take the same time.
    pub fn rounds(&self) -> u64 {
        self.rounds.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(
        &self,
        asker: &Asker,
        cost: u32,
        work: impl FnOnce() -> Result<T, bcrypt::BcryptError> + Send + 'static,
    ) -> Result<T, AppError> {
        let busy = || {
            AppError::new(ErrorCode::Unavailable, "Many people are logging in. Please try again in a moment.")
                .retry_after(5)
        };
        let turn = self.turns.take(asker.network, &asker.name).await.ok_or_else(busy)?;
        asker.guesses.as_ref().map_or(Ok(()), |guesses| guesses.check())?;
        let (rounds, span) = (self.rounds.clone(), Span::current());
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let done = span.in_scope(work);
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

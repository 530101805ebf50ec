//! Where somebody is signed in, as they recognise it: kept in the session, without any address.

use crate::kit::session_failed;
use axum::http::{HeaderMap, header};
use model::{error::AppError, time::Timestamp};
use serde::{Deserialize, Serialize};
use store::{SessionRecord, now};
use tower_sessions::Session;

/// What it is called in the session's data.
const KEY: &str = "device";
/// How often it is noted that a session is in use, in milliseconds: not on every request.
const NOTED_EVERY: i64 = 60 * 60 * 1000;

/// A browser or a program, and when its session was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionDevice {
    /// Like "Firefox on Linux".
    pub name: String,
    /// When it was signed in; unknown for sessions older than this knowledge.
    pub since: Option<Timestamp>,
    /// When it was last used, give or take an hour.
    pub seen: Timestamp,
}

impl SessionDevice {
    /// What one is called of which nothing is known.
    pub const UNKNOWN: &str = "Unknown device";

    /// The one that is about to sign in.
    pub fn signing_in(headers: &HeaderMap) -> Self {
        let now = now();
        Self { since: Some(now), ..Self::at(headers, now) }
    }

    fn at(headers: &HeaderMap, now: Timestamp) -> Self {
        let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        Self { name: name_of(agent.unwrap_or_default()), since: None, seen: now }
    }

    /// What a stored session says.
    pub fn of(session: &SessionRecord) -> Option<Self> {
        let mut data: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&session.data).ok()?;
        serde_json::from_value(data.remove(KEY)?).ok()
    }

    /// Puts it into the session.
    pub async fn remember(&self, session: &Session) -> Result<(), AppError> {
        session.insert(KEY, self).await.map_err(session_failed)
    }

    /// Notes, once an hour, that a session is in use; this also moves its end ahead.
    pub async fn note_use(session: &Session, headers: &HeaderMap) -> Result<(), AppError> {
        let now = now();
        let known: Option<Self> = session.get(KEY).await.map_err(session_failed)?;
        match known {
            Some(device) if now.0 - device.seen.0 < NOTED_EVERY => Ok(()),
            Some(device) => Self { seen: now, ..device }.remember(session).await,
            None => Self::at(headers, now).remember(session).await,
        }
    }
}

/// What `User-Agent` says, in words that people know. The order matters: most browsers claim to be
/// some others, too.
pub fn name_of(agent: &str) -> String {
    const BROWSERS: [(&str, &str); 12] = [
        ("Edg/", "Edge"),
        ("EdgA/", "Edge"),
        ("EdgiOS/", "Edge"),
        ("OPR/", "Opera"),
        ("Vivaldi/", "Vivaldi"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("FxiOS/", "Firefox"),
        ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 9] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Macintosh", "Mac"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
        ("X11", "Unix"),
    ];
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    match (first(&BROWSERS), first(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.into(),
        (None, Some(system)) => format!("Unknown program on {system}"),
        (None, None) => SessionDevice::UNKNOWN.into(),
    }
}

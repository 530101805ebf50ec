//! Bounds on what one person or address may do, and how long it may take.

use crate::kit::config::{ConfigError, setting};
use std::{str::FromStr, time::Duration};

/// Bounds on what one person or address may do. `SOTTO_RATE_LIMITS=off` switches the rates and the
/// bounds on connections off (for load tests) and is refused unless the address is loopback.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Whether rates and connections are limited at all.
    pub rates: bool,
    /// `SOTTO_LIMIT_SIGNUPS`: accounts made per address and hour; default 20.
    pub signups_per_hour: u32,
    /// `SOTTO_LIMIT_LOGIN_FAILURES`: failed log-ins per address and hour; after as many at one
    /// account, wherever from, the next must wait, a minute at most; default 30.
    pub login_failures_per_hour: u32,
    /// `SOTTO_LIMIT_REQUESTS`: friend requests per user and hour; default 30.
    pub requests_per_hour: u32,
    /// `SOTTO_LIMIT_EVENTS`: socket frames and messages per user and second; default 20.
    pub events_per_second: u32,
    /// `SOTTO_LIMIT_BURST`: how many of them may come at once; default 200.
    pub event_burst: u32,
    /// `SOTTO_LIMIT_SOCKETS`: open sockets per user; default 20.
    pub sockets_per_user: usize,
    /// `SOTTO_LIMIT_CONNECTIONS`: open connections in all, sockets among them, as far as the
    /// system has files for them; default 20,000.
    pub connections: usize,
    /// `SOTTO_LIMIT_CONNECTIONS_PER_ADDRESS`: open connections per address, half of all at most, and
    /// as many as there are for trusted proxies; default 1,000, for a school behind one address.
    pub connections_per_address: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rates: true,
            signups_per_hour: 20,
            login_failures_per_hour: 30,
            requests_per_hour: 30,
            events_per_second: 20,
            event_burst: 200,
            sockets_per_user: 20,
            connections: 20_000,
            connections_per_address: 1000,
        }
    }
}

impl Limits {
    /// Errors: the first setting that is no number above 0, by name.
    pub(super) fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let usual = Self::default();
        let number = |name, usual| positive(&get, name, usual);
        let count = |name, usual: usize| number(name, usual as u32).map(|number| number as usize);
        Ok(Self {
            rates: setting(&get, "SOTTO_RATE_LIMITS", Switch(true), "expected on or off")?.0,
            signups_per_hour: number("SOTTO_LIMIT_SIGNUPS", usual.signups_per_hour)?,
            login_failures_per_hour: number("SOTTO_LIMIT_LOGIN_FAILURES", usual.login_failures_per_hour)?,
            requests_per_hour: number("SOTTO_LIMIT_REQUESTS", usual.requests_per_hour)?,
            events_per_second: number("SOTTO_LIMIT_EVENTS", usual.events_per_second)?,
            event_burst: number("SOTTO_LIMIT_BURST", usual.event_burst)?,
            sockets_per_user: count("SOTTO_LIMIT_SOCKETS", usual.sockets_per_user)?,
            connections: count("SOTTO_LIMIT_CONNECTIONS", usual.connections)?,
            connections_per_address: count(
                "SOTTO_LIMIT_CONNECTIONS_PER_ADDRESS",
                usual.connections_per_address,
            )?,
        })
    }
}

/// How long a connection may take for what it does; who takes longer is disconnected.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// A TLS handshake; 5 s.
    pub handshake: Duration,
    /// The head of a request, from when the connection is open or the answer before it is sent:
    /// also how long a connection may idle; 30 s.
    pub head: Duration,
    /// The same for a trusted proxy, which keeps connections in stock (nginx for 60 s, Caddy for
    /// 120 s) and would send a request on one just when we close it; 180 s.
    pub head_from_proxy: Duration,
    /// The whole body of a request, from when it is read; 30 s.
    pub body: Duration,
    /// The other side's taking anything of what we send; 60 s, as long as a socket may be silent.
    pub write: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(5),
            head: Duration::from_secs(30),
            head_from_proxy: Duration::from_secs(180),
            body: Duration::from_secs(30),
            write: Duration::from_secs(60),
        }
    }
}

struct Switch(bool);

impl FromStr for Switch {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "on" => Ok(Self(true)),
            "off" => Ok(Self(false)),
            _ => Err(()),
        }
    }
}

fn positive(
    get: impl Fn(&str) -> Option<String>,
    name: &'static str,
    usual: u32,
) -> Result<u32, ConfigError> {
    let expected = "expected a number above 0";
    setting(get, name, usual, expected).and_then(|number| match number {
        0 => Err(ConfigError::new(name, "0", expected)),
        _ => Ok(number),
    })
}

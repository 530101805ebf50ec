//! Settings: each one is an environment variable with a default, read once at start.
//!
//! A `.env` file in the working folder is read first; the environment itself wins.

use ipnet::IpNet;
use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

/// How the server runs.
#[derive(Clone, Debug)]
pub struct Config {
    /// `SOTTO_ADDR`: where to listen; default `127.0.0.1:3000`.
    pub addr: SocketAddr,
    /// `SOTTO_DATA`: the folder that holds everything; default `./data`, made if missing. Not used
    /// with MongoDB.
    pub data: PathBuf,
    /// `MONGODB_URI` and `DATABASE_NAME`: keep everything in MongoDB instead.
    pub mongo: Option<Mongo>,
    /// `SOTTO_ORIGIN`: the site's public address, like `https://chat.example.org`. Needed beyond
    /// loopback: requests and sockets from any other origin are refused. Default: `http://` with
    /// the loopback names and the port.
    pub origin: Option<Origin>,
    /// `SOTTO_TRUSTED_PROXIES`: addresses and networks, with commas between, whose
    /// `X-Forwarded-For` is believed, like `127.0.0.1, 10.0.0.0/8`; default none.
    pub trusted_proxies: Vec<IpNet>,
    /// `SOTTO_LOG`: what to log, in the syntax of `tracing-subscriber`; default `info`.
    pub log: String,
    /// What keeps floods out.
    pub limits: Limits,
    /// bcrypt's cost, 2^cost rounds. Not a setting: tests lower it, nobody else should.
    pub bcrypt_cost: u32,
}

/// A database on a MongoDB server.
#[derive(Clone)]
pub struct Mongo {
    /// `MONGODB_URI`: which servers, as whom and how, like `mongodb://localhost:27017`. May hold a
    /// password, so it is never shown.
    pub uri: String,
    /// `DATABASE_NAME`: which database; default `sotto`.
    pub database: String,
}

impl std::fmt::Debug for Mongo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mongo").field("uri", &HIDDEN).field("database", &self.database).finish()
    }
}

/// Stands in texts for what may hold a password.
const HIDDEN: &str = "[not shown]";

/// Bounds on what one person or address may do. `SOTTO_RATE_LIMITS=off` switches the rates off
/// (for load tests) and is refused unless the address is loopback.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Whether rates are limited at all.
    pub rates: bool,
    /// `SOTTO_LIMIT_SIGNUPS`: accounts made per address and hour; default 20.
    pub signups_per_hour: u32,
    /// `SOTTO_LIMIT_LOGIN_FAILURES`: failed log-ins per address and hour, and per account and
    /// hour; default 30.
    pub login_failures_per_hour: u32,
    /// `SOTTO_LIMIT_REQUESTS`: friend requests per user and hour; default 30.
    pub requests_per_hour: u32,
    /// `SOTTO_LIMIT_EVENTS`: socket frames and messages per user and second; default 20.
    pub events_per_second: u32,
    /// `SOTTO_LIMIT_BURST`: how many of them may come at once; default 200.
    pub event_burst: u32,
    /// `SOTTO_LIMIT_SOCKETS`: open sockets per user; default 20.
    pub sockets_per_user: usize,
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
        }
    }
}

/// A setting that cannot be used, said so that it can be mended.
#[derive(Debug, thiserror::Error)]
#[error("{name} is {value:?}: {expected}")]
pub struct ConfigError {
    name: &'static str,
    value: String,
    expected: &'static str,
}

impl Config {
    /// Reads the environment. Errors: the first setting with a wrong value, by name.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    /// Reads settings from any source.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let usual = Limits::default();
        let number = "expected a number above 0";
        let config = Self {
            addr: setting(
                &get,
                "SOTTO_ADDR",
                SocketAddr::from(([127, 0, 0, 1], 3000)),
                "expected an IP address and a port, like 127.0.0.1:3000",
            )?,
            data: get("SOTTO_DATA").unwrap_or_else(|| "data".into()).into(),
            mongo: Mongo::read(&get)?,
            origin: get("SOTTO_ORIGIN")
                .map(|value| {
                    Origin::parse(&value).ok_or(ConfigError {
                        name: "SOTTO_ORIGIN",
                        value,
                        expected: "expected http:// or https:// and a host, without a path",
                    })
                })
                .transpose()?,
            trusted_proxies: networks(get("SOTTO_TRUSTED_PROXIES").unwrap_or_default())?,
            log: get("SOTTO_LOG").unwrap_or_else(|| "info".into()),
            limits: Limits {
                rates: setting(&get, "SOTTO_RATE_LIMITS", Switch(true), "expected on or off")?.0,
                signups_per_hour: positive(&get, "SOTTO_LIMIT_SIGNUPS", usual.signups_per_hour, number)?,
                login_failures_per_hour: positive(
                    &get,
                    "SOTTO_LIMIT_LOGIN_FAILURES",
                    usual.login_failures_per_hour,
                    number,
                )?,
                requests_per_hour: positive(&get, "SOTTO_LIMIT_REQUESTS", usual.requests_per_hour, number)?,
                events_per_second: positive(&get, "SOTTO_LIMIT_EVENTS", usual.events_per_second, number)?,
                event_burst: positive(&get, "SOTTO_LIMIT_BURST", usual.event_burst, number)?,
                sockets_per_user: positive(
                    &get,
                    "SOTTO_LIMIT_SOCKETS",
                    usual.sockets_per_user as u32,
                    number,
                )? as usize,
            },
            bcrypt_cost: 12,
        };
        if !config.limits.rates && !config.addr.ip().is_loopback() {
            return Err(ConfigError {
                name: "SOTTO_RATE_LIMITS",
                value: "off".into(),
                expected: "limits can be off only on a loopback address (see SOTTO_ADDR)",
            });
        }
        if config.origin.is_none() && !config.addr.ip().is_loopback() {
            return Err(ConfigError {
                name: "SOTTO_ORIGIN",
                value: String::new(),
                expected: "beyond loopback the site's public address must be set, like https://chat.example.org",
            });
        }
        Ok(config)
    }

    /// The site's address as people type it.
    pub fn url(&self) -> String {
        self.origin.as_ref().map_or_else(|| format!("http://{}", self.addr), |origin| origin.0.clone())
    }

    /// Whether people reach the site over HTTPS, which decides the cookie's name and flags.
    pub fn is_https(&self) -> bool {
        self.origin.as_ref().is_some_and(|origin| origin.0.starts_with("https://"))
    }

    /// Whether `origin`, as a browser sends it, is this site.
    pub fn is_own_origin(&self, origin: &str) -> bool {
        match &self.origin {
            Some(own) => own.0 == origin,
            None => {
                let bound = SocketAddr::new(self.addr.ip(), 0).to_string();
                let bound = bound.trim_end_matches(":0");
                ["127.0.0.1", "localhost", "[::1]", bound].iter().any(|host| {
                    let own = Origin::parse(&format!("http://{host}:{}", self.addr.port()));
                    own.is_some_and(|own| own.0 == origin)
                })
            }
        }
    }
}

impl Mongo {
    /// `None` if `MONGODB_URI` is not set.
    fn read(get: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, ConfigError> {
        let Some(uri) = get("MONGODB_URI") else { return Ok(None) };
        if !uri.starts_with("mongodb://") && !uri.starts_with("mongodb+srv://") {
            return Err(ConfigError {
                name: "MONGODB_URI",
                value: HIDDEN.into(),
                expected: "expected mongodb:// or mongodb+srv:// and a host, like mongodb://localhost:27017",
            });
        }
        let database = get("DATABASE_NAME").unwrap_or_else(|| "sotto".into());
        // What MongoDB itself forbids, on any system.
        if database.len() > 63 || database.chars().any(|c| "/\\. \"$*<>:|?\0".contains(c)) {
            return Err(ConfigError {
                name: "DATABASE_NAME",
                value: database,
                expected: "expected at most 63 bytes, and none of / \\ . \" $ * < > : | ? or spaces",
            });
        }
        Ok(Some(Self { uri, database }))
    }
}

/// A site: scheme, host and, if unusual, port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// Accepts `http(s)://host[:port]`, in the form in which browsers send it.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_end_matches('/');
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !host.ends_with(']') => (name, Some(port)),
            _ => (host, None),
        };
        let valid = !name.is_empty()
            && port.is_none_or(|port| port.parse::<u16>().is_ok())
            && host.chars().all(|c| c.is_ascii_alphanumeric() || "-.:[]".contains(c))
            && host == host.to_ascii_lowercase();
        let usual_port = if text.starts_with("https") { ":443" } else { ":80" };
        valid.then(|| Self(text.strip_suffix(usual_port).unwrap_or(text).to_owned()))
    }
}

/// Addresses and networks with commas between.
fn networks(value: String) -> Result<Vec<IpNet>, ConfigError> {
    let network = |text: &str| text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    let parts = value.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(network).collect::<Result<_, _>>().map_err(|_| ConfigError {
        name: "SOTTO_TRUSTED_PROXIES",
        value,
        expected: "expected IP addresses or networks with commas between, like 127.0.0.1, 10.0.0.0/8",
    })
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

fn setting<T: FromStr>(
    get: impl Fn(&str) -> Option<String>,
    name: &'static str,
    usual: T,
    expected: &'static str,
) -> Result<T, ConfigError> {
    match get(name) {
        None => Ok(usual),
        Some(value) => value.parse().map_err(|_| ConfigError { name, value, expected }),
    }
}

fn positive(
    get: impl Fn(&str) -> Option<String>,
    name: &'static str,
    usual: u32,
    expected: &'static str,
) -> Result<u32, ConfigError> {
    setting(get, name, usual, expected).and_then(|number| match number {
        0 => Err(ConfigError { name, value: "0".into(), expected }),
        _ => Ok(number),
    })
}

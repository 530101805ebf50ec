//! Settings: each one is an environment variable with a default, read once at start.
//!
//! A `.env` file in the working folder is read first; the environment itself wins over it, and a
//! flag of the command line over both.

mod limits;

pub use limits::{Limits, Timeouts};

use ipnet::IpNet;
use std::{
    borrow::Cow,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

/// A setting as people write it.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The environment variable, `SOTTO_` and the flag in capitals.
    pub name: &'static str,
    /// What stands for its value in help texts.
    pub value: &'static str,
    /// What it is, for help texts.
    pub help: &'static str,
    /// Whether it says where the data is, which every command must know.
    pub of_store: bool,
}

impl Setting {
    /// The flag, without the dashes before it: `--addr` sets `SOTTO_ADDR`.
    pub fn flag(&self) -> String {
        self.name.trim_start_matches("SOTTO_").to_lowercase().replace('_', "-")
    }
}

macro_rules! settings {
    ($($name:literal $value:literal $help:literal $($of_store:ident)?;)*) => {
        /// Every setting, in the order of help texts.
        pub const SETTINGS: &[Setting] = &[$(Setting {
            name: $name,
            value: $value,
            help: $help,
            of_store: settings!(@ $($of_store)?),
        }),*];
    };
    (@) => { false };
    (@ of_store) => { true };
}

settings! {
    "SOTTO_ADDR" "IP:PORT" "Where to listen [default: 127.0.0.1:3000]";
    "SOTTO_DATA" "FOLDER" "The folder that holds everything [default: ./data]" of_store;
    "SOTTO_ORIGIN" "URL"
        "The site's public address, like https://chat.example.org; needed beyond loopback";
    "SOTTO_TLS" "self-signed"
        "HTTPS with a certificate that is made on first start and kept in the data folder";
    "SOTTO_TLS_CERT" "FILE" "HTTPS with this certificate chain (PEM); read again when renewed";
    "SOTTO_TLS_KEY" "FILE" "The certificate's private key (PEM)";
    "SOTTO_PLAIN_HTTP" "allowed"
        "Serve plain HTTP beyond loopback, for behind a proxy that speaks HTTPS";
    "SOTTO_TRUSTED_PROXIES" "NETWORKS"
        "Addresses and networks, with commas between, whose X-Forwarded-For is believed";
    "SOTTO_LOG" "FILTER" "What to log: error, warn, info, debug, or finer [default: info]";
    "SOTTO_LOG_FORMAT" "text|json" "For people, or one JSON object per line [default: text]";
    "SOTTO_METRICS_ADDR" "[IP:]PORT"
        "Where Prometheus finds /metrics; a port alone is on 127.0.0.1 [default: nowhere]";
    "SOTTO_RATE_LIMITS" "on|off"
        "Whether rates and connections are limited; off on loopback only [default: on]";
    "SOTTO_LIMIT_SIGNUPS" "N" "Sign-ups per address and hour [default: 20]";
    "SOTTO_LIMIT_LOGIN_FAILURES" "N"
        "Failed log-ins per address and hour; as many at one account, and the next must wait [default: 30]";
    "SOTTO_LIMIT_REQUESTS" "N" "Friend requests per user and hour [default: 30]";
    "SOTTO_LIMIT_EVENTS" "N" "Socket frames and messages per user and second [default: 20]";
    "SOTTO_LIMIT_BURST" "N" "How many of them may come at once [default: 200]";
    "SOTTO_LIMIT_SOCKETS" "N" "Open sockets per user [default: 20]";
    "SOTTO_LIMIT_CONNECTIONS" "N" "Open connections in all, sockets among them [default: 20000]";
    "SOTTO_LIMIT_CONNECTIONS_PER_ADDRESS" "N"
        "Open connections per address, half of all at most; trusted proxies are not bound [default: 1000]";
}

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
    /// loopback: requests and sockets from any other origin are refused. Default: `http://`, or
    /// `https://` where HTTPS is built in, with the loopback names and the port.
    pub origin: Option<Origin>,
    /// `SOTTO_TLS`, or `SOTTO_TLS_CERT` and `SOTTO_TLS_KEY`: HTTPS built in; default none.
    pub tls: TlsSetting,
    /// `SOTTO_TRUSTED_PROXIES`: addresses and networks, with commas between, whose
    /// `X-Forwarded-For` is believed, like `127.0.0.1, 10.0.0.0/8`; default none.
    pub trusted_proxies: Vec<IpNet>,
    /// `SOTTO_LOG`: what to log, in the syntax of `tracing-subscriber`; default `info`.
    pub log: String,
    /// `SOTTO_LOG_FORMAT`: text for people or JSON for programs; default `text`.
    pub log_format: LogFormat,
    /// `SOTTO_METRICS_ADDR`: where Prometheus finds `/metrics`, a port alone standing for one on
    /// 127.0.0.1; default nowhere.
    pub metrics: Option<SocketAddr>,
    /// What keeps floods out.
    pub limits: Limits,
    /// How long connections may take. Not settings: tests lower them, nobody else should.
    pub timeouts: Timeouts,
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
/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// A JSON object per line.
    Json,
}

impl FromStr for LogFormat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}

/// Which certificate the server shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsSetting {
    /// None: it speaks plain HTTP.
    Off,
    /// One of its own making, kept in the data folder.
    SelfSigned,
    /// One from files, as PEM.
    Files {
        /// The chain, the site's own certificate first.
        cert: PathBuf,
        /// The private key.
        key: PathBuf,
    },
}

impl TlsSetting {
    fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let missing = |name| Err(ConfigError::new(name, "", "certificate and key must be set together"));
        match (get("SOTTO_TLS"), get("SOTTO_TLS_CERT"), get("SOTTO_TLS_KEY")) {
            (None, None, None) => Ok(Self::Off),
            (None, Some(cert), Some(key)) => Ok(Self::Files { cert: cert.into(), key: key.into() }),
            (None, None, Some(_)) => missing("SOTTO_TLS_CERT"),
            (None, Some(_), None) => missing("SOTTO_TLS_KEY"),
            (Some(tls), None, None) if tls == "self-signed" => Ok(Self::SelfSigned),
            (Some(tls), ..) => Err(ConfigError::new(
                "SOTTO_TLS",
                tls,
                "expected self-signed, and then neither SOTTO_TLS_CERT nor SOTTO_TLS_KEY",
            )),
        }
    }
}

/// A setting that cannot be used, said so that it can be mended.
#[derive(Debug, thiserror::Error)]
#[error("{name} is {value:?}: {expected}")]
pub struct ConfigError {
    name: Cow<'static, str>,
    value: String,
    expected: &'static str,
}

impl ConfigError {
    fn new(name: &'static str, value: impl Into<String>, expected: &'static str) -> Self {
        Self { name: name.into(), value: value.into(), expected }
    }

    /// The setting's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same error under the name that was used: a flag.
    pub fn under(self, name: String) -> Self {
        Self { name: name.into(), ..self }
    }
}

impl Config {
    /// Reads settings from any source. Errors: the first one with a wrong value, by name.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
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
                    Origin::parse(&value).ok_or_else(|| {
                        ConfigError::new(
                            "SOTTO_ORIGIN",
                            value,
                            "expected http:// or https:// and a host, without a path",
                        )
                    })
                })
                .transpose()?,
            tls: TlsSetting::read(&get)?,
            trusted_proxies: networks(get("SOTTO_TRUSTED_PROXIES").unwrap_or_default())?,
            log: get("SOTTO_LOG").unwrap_or_else(|| "info".into()),
            log_format: setting(&get, "SOTTO_LOG_FORMAT", LogFormat::Text, "expected text or json")?,
            metrics: get("SOTTO_METRICS_ADDR")
                .map(|value| {
                    let port = value.parse().map(|port: u16| SocketAddr::from(([127, 0, 0, 1], port)));
                    port.or_else(|_| value.parse()).map_err(|_| {
                        ConfigError::new(
                            "SOTTO_METRICS_ADDR",
                            value,
                            "expected a port, or an IP address and a port, like 127.0.0.1:9464",
                        )
                    })
                })
                .transpose()?,
            limits: Limits::read(&get)?,
            timeouts: Timeouts::default(),
            bcrypt_cost: 12,
        };
        if !config.limits.rates && !config.addr.ip().is_loopback() {
            return Err(ConfigError::new(
                "SOTTO_RATE_LIMITS",
                "off",
                "limits can be off only on a loopback address (see SOTTO_ADDR)",
            ));
        }
        if config.origin.is_none() && !config.addr.ip().is_loopback() {
            return Err(ConfigError::new(
                "SOTTO_ORIGIN",
                "",
                "beyond loopback the site's public address must be set, like https://chat.example.org",
            ));
        }
        if let (true, Some(origin)) = (config.tls != TlsSetting::Off, &config.origin)
            && !origin.0.starts_with("https://")
        {
            return Err(ConfigError::new(
                "SOTTO_ORIGIN",
                &*origin.0,
                "with HTTPS built in it begins with https://",
            ));
        }
        match get("SOTTO_PLAIN_HTTP").as_deref() {
            Some("allowed") => {}
            None if config.tls != TlsSetting::Off || config.addr.ip().is_loopback() => {}
            None => {
                return Err(ConfigError::new(
                    "SOTTO_PLAIN_HTTP",
                    "",
                    "beyond loopback passwords must not travel in the clear: set SOTTO_TLS_CERT and SOTTO_TLS_KEY, \
                     or SOTTO_TLS=self-signed, or, behind a proxy that speaks HTTPS, SOTTO_PLAIN_HTTP=allowed",
                ));
            }
            Some(value) => {
                return Err(ConfigError::new("SOTTO_PLAIN_HTTP", value, "expected allowed, or nothing"));
            }
        }
        Ok(config)
    }

    /// The site's address as people type it.
    pub fn url(&self) -> String {
        self.origin
            .as_ref()
            .map_or_else(|| format!("{}://{}", self.scheme(), self.addr), |origin| origin.0.clone())
    }

    /// The host in the site's public address, without its port.
    pub fn host(&self) -> Option<String> {
        let (_, host) = self.origin.as_ref()?.0.split_once("://")?;
        let host = match host.rsplit_once(':') {
            Some((name, _)) if !host.ends_with(']') => name,
            _ => host,
        };
        Some(host.trim_start_matches('[').trim_end_matches(']').to_owned())
    }

    /// Whether the operator trusts this address as a proxy, which speaks for many.
    pub fn is_proxy(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(&address.to_canonical()))
    }

    /// Whether people reach the site over HTTPS, which decides the cookie's name and flags.
    pub fn is_https(&self) -> bool {
        self.url().starts_with("https://")
    }

    /// What the server itself speaks.
    fn scheme(&self) -> &'static str {
        if self.tls == TlsSetting::Off { "http" } else { "https" }
    }

    /// Whether `origin`, as a browser sends it, is this site.
    pub fn is_own_origin(&self, origin: &str) -> bool {
        match &self.origin {
            Some(own) => own.0 == origin,
            None => {
                let bound = SocketAddr::new(self.addr.ip(), 0).to_string();
                let bound = bound.trim_end_matches(":0");
                ["127.0.0.1", "localhost", "[::1]", bound].iter().any(|host| {
                    let own = Origin::parse(&format!("{}://{host}:{}", self.scheme(), self.addr.port()));
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
            return Err(ConfigError::new(
                "MONGODB_URI",
                HIDDEN,
                "expected mongodb:// or mongodb+srv:// and a host, like mongodb://localhost:27017",
            ));
        }
        let database = get("DATABASE_NAME").unwrap_or_else(|| "sotto".into());
        // What MongoDB itself forbids, on any system.
        if database.len() > 63 || database.chars().any(|c| "/\\. \"$*<>:|?\0".contains(c)) {
            return Err(ConfigError::new(
                "DATABASE_NAME",
                database,
                "expected at most 63 bytes, and none of / \\ . \" $ * < > : | ? or spaces",
            ));
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
    parts.map(network).collect::<Result<_, _>>().map_err(|_| {
        ConfigError::new(
            "SOTTO_TRUSTED_PROXIES",
            value,
            "expected IP addresses or networks with commas between, like 127.0.0.1, 10.0.0.0/8",
        )
    })
}

fn setting<T: FromStr>(
    get: impl Fn(&str) -> Option<String>,
    name: &'static str,
    usual: T,
    expected: &'static str,
) -> Result<T, ConfigError> {
    match get(name) {
        None => Ok(usual),
        Some(value) => value.parse().map_err(|_| ConfigError::new(name, value, expected)),
    }
}

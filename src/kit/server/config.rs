//! Settings: each one is an environment variable with a default, read once at start.
//!
//! What a setting is called, means and takes when it is not set stands once, at its field: `--help`,
//! flags, refusals and the check of the README's table are made from it. A `.env` file in the working
//! folder is read first; the environment itself wins over it, and a flag of the command line over both.

mod bucket;
mod files;
mod limits;
mod origin;
mod signups;
mod store;
mod tls;

pub use files::FileBounds;
pub use limits::{Limits, Timeouts};
pub use origin::Origin;
pub use signups::{SignupFlags, Signups};
pub use store::Mongo;
pub use tls::{TlsFlags, TlsSetting};

use ::store::bytes::s3::Bucket;
use clap::{Arg, Args, Command, FromArgMatches, error::ContextKind};
use ipnet::IpNet;
use model::message::MAX_MEMBERS;
use std::{
    borrow::Cow,
    error::Error,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

/// How the server runs. Doc comments of settings are what `--help` says.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Config {
    /// Where to listen
    #[arg(long, env = "SOTTO_ADDR", value_name = "IP:PORT", default_value = "127.0.0.1:3000")]
    #[arg(value_parser = expecting::<SocketAddr>("an IP address and a port, like 127.0.0.1:3000"))]
    pub addr: SocketAddr,
    /// The folder that holds everything
    #[arg(long, env = "SOTTO_DATA", value_name = "FOLDER", default_value = "data")]
    pub data: PathBuf,
    /// Keep everything in MongoDB instead: `MONGODB_URI` and `DATABASE_NAME`. No flags, because a
    /// command line is no place for a password.
    #[arg(skip)]
    pub mongo: Option<Mongo>,
    /// Keep the bytes of files in a bucket instead: `SOTTO_FILES` and `SOTTO_S3_*`. No flags, for the same reason.
    #[arg(skip)]
    pub bucket: Option<Bucket>,
    /// The site's public address, like https://chat.example.org; needed beyond loopback
    // Requests and sockets from any other origin are refused. Without it: `http://`, or `https://` where
    // HTTPS is built in, with the loopback names and the port.
    #[arg(long, env = "SOTTO_ORIGIN", value_name = "URL")]
    #[arg(value_parser = expecting::<Origin>("http:// or https:// and a host, without a path"))]
    pub origin: Option<Origin>,
    /// What is said of the certificate.
    #[command(flatten)]
    pub tls_flags: TlsFlags,
    /// The certificate, as `SOTTO_TLS`, or `SOTTO_TLS_CERT` and `SOTTO_TLS_KEY`, say.
    #[arg(skip)]
    pub tls: TlsSetting,
    /// Serve plain HTTP beyond loopback, for behind a proxy that speaks HTTPS
    #[arg(long, env = "SOTTO_PLAIN_HTTP", value_name = "allowed")]
    #[arg(value_parser = expecting::<Allowed>("allowed, or nothing"))]
    pub plain_http: Option<Allowed>,
    /// Who may make an account.
    #[command(flatten)]
    pub signups: SignupFlags,
    /// Addresses and networks, with commas between, whose X-Forwarded-For is believed
    #[arg(long, env = "SOTTO_TRUSTED_PROXIES", value_name = "NETWORKS", default_value = "")]
    #[arg(hide_default_value = true)]
    #[arg(value_parser = expecting::<Networks>(
        "IP addresses or networks with commas between, like 127.0.0.1, 10.0.0.0/8"
    ))]
    pub trusted_proxies: Networks,
    /// What to log: error, warn, info, debug, or finer
    #[arg(long, env = "SOTTO_LOG", value_name = "FILTER", default_value = "info")]
    pub log: String,
    /// For people, or one JSON object per line
    #[arg(long, env = "SOTTO_LOG_FORMAT", value_name = "text|json", default_value = "text")]
    #[arg(value_parser = expecting::<LogFormat>("text or json"))]
    pub log_format: LogFormat,
    /// Where Prometheus finds /metrics; a port alone is on 127.0.0.1 [default: nowhere]
    #[arg(long = "metrics-addr", env = "SOTTO_METRICS_ADDR", value_name = "[IP:]PORT")]
    #[arg(value_parser = metrics)]
    pub metrics: Option<SocketAddr>,
    /// The most members of a group, from 2 to 1000
    #[arg(long, env = "SOTTO_GROUP_MEMBERS", value_name = "NUMBER", default_value_t = MAX_MEMBERS)]
    #[arg(value_parser = group_members)]
    pub group_members: usize,
    /// How much may be kept in files.
    #[command(flatten)]
    pub files: FileBounds,
    /// What keeps floods out.
    #[command(flatten)]
    pub limits: Limits,
    /// How long connections may take. Not settings: tests lower them, nobody else should.
    #[arg(skip)]
    pub timeouts: Timeouts,
    /// What large answers to one network may take up, in bytes. Not a setting: tests lower it, nobody else should.
    #[arg(skip = 32_usize * 1024 * 1024)]
    pub answer_room: usize,
    /// bcrypt's cost, 2^cost rounds. Not a setting: tests lower it, nobody else should.
    #[arg(skip = 12_u32)]
    pub bcrypt_cost: u32,
}

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

/// A setting that cannot be used, said so that it can be mended.
#[derive(Debug, thiserror::Error)]
#[error("{name} is {value:?}: {expected}")]
pub struct ConfigError {
    name: Cow<'static, str>,
    value: String,
    expected: Cow<'static, str>,
}

impl ConfigError {
    fn new(name: &'static str, value: impl Into<String>, expected: &'static str) -> Self {
        Self { name: name.into(), value: value.into(), expected: expected.into() }
    }

    /// What clap says of one of `settings`.
    fn of(error: &clap::Error, settings: &Command) -> Self {
        let context = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
        // As a flag is written in messages: "--addr <IP:PORT>".
        let used = context(ContextKind::InvalidArg);
        let flag = used.split(' ').next().unwrap_or_default().trim_start_matches('-');
        let arg = settings.get_arguments().find(|arg| arg.get_long() == Some(flag));
        let expected = error.source().map_or_else(|| error.to_string(), ToString::to_string);
        Self {
            name: arg.map_or(used.clone(), |arg| name_of(arg).to_owned()).into(),
            value: context(ContextKind::InvalidValue),
            expected: expected.into(),
        }
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

/// Every setting, in the order of help texts.
pub fn settings() -> Command {
    Config::augment_args(Command::new("sotto"))
}

/// The environment variable of a setting.
pub fn name_of(setting: &Arg) -> &str {
    setting.get_env().and_then(|name| name.to_str()).unwrap_or_default()
}

/// Whether a setting says where the data is, which every command must know.
pub fn is_of_store(setting: &Arg) -> bool {
    name_of(setting) == "SOTTO_DATA"
}

/// Parses a setting, or says what was expected.
fn expecting<T: FromStr>(what: &'static str) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync {
    move |text| text.parse().map_err(|_| format!("expected {what}"))
}

fn group_members(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (2..=MAX_MEMBERS).contains(number));
    number.ok_or_else(|| format!("expected a number from 2 to {MAX_MEMBERS}"))
}

fn metrics(text: &str) -> Result<SocketAddr, String> {
    let port = text.parse().map(|port: u16| SocketAddr::from(([127, 0, 0, 1], port)));
    port.or_else(|_| text.parse())
        .map_err(|_| "expected a port, or an IP address and a port, like 127.0.0.1:9464".into())
}

/// The one word for what is refused without it.
#[derive(Clone, Copy, Debug)]
pub struct Allowed;

impl FromStr for Allowed {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "allowed" { Ok(Self) } else { Err(()) }
    }
}

/// IP addresses and networks.
#[derive(Clone, Debug, Default)]
pub struct Networks(pub Vec<IpNet>);

impl FromStr for Networks {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let network = |text: &str| text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(network).collect::<Result<_, _>>().map(Self).map_err(|_| ())
    }
}

impl Config {
    /// Reads settings from any source, by the names of their variables; what is empty counts as not
    /// set. Errors: the first one with a wrong value, by name.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let settings = settings();
        let given = settings.get_arguments().filter_map(|setting| {
            let value = get(name_of(setting)).filter(|value| !value.is_empty())?;
            Some(format!("--{}={value}", setting.get_long()?))
        });
        let arguments: Vec<_> = std::iter::once("sotto".to_owned()).chain(given).collect();
        // Of the environment only what `get` knows of it.
        let read = settings.clone().mut_args(|setting| setting.env(None::<&str>));
        let matches = read.try_get_matches_from(arguments);
        let config = matches.and_then(|matches| Self::from_arg_matches(&matches));
        let mut config = config.map_err(|error| ConfigError::of(&error, &settings))?;
        config.mongo = Mongo::read(&get)?;
        config.bucket = bucket::read(&get)?;
        config.tls = config.tls_flags.setting()?;
        config.check()?;
        Ok(config)
    }

    /// Whether settings fit together.
    fn check(&self) -> Result<(), ConfigError> {
        let on_loopback = self.addr.ip().is_loopback();
        if !self.limits.rates && !on_loopback {
            return Err(ConfigError::new(
                "SOTTO_RATE_LIMITS",
                "off",
                "limits can be off only on a loopback address (see SOTTO_ADDR)",
            ));
        }
        if self.origin.is_none() && !on_loopback {
            return Err(ConfigError::new(
                "SOTTO_ORIGIN",
                "",
                "beyond loopback the site's public address must be set, like https://chat.example.org",
            ));
        }
        if let (true, Some(origin)) = (self.tls != TlsSetting::Off, &self.origin)
            && !origin.0.starts_with("https://")
        {
            return Err(ConfigError::new(
                "SOTTO_ORIGIN",
                &*origin.0,
                "with HTTPS built in it begins with https://",
            ));
        }
        if self.plain_http.is_none() && self.tls == TlsSetting::Off && !on_loopback {
            return Err(ConfigError::new(
                "SOTTO_PLAIN_HTTP",
                "",
                "beyond loopback passwords must not travel in the clear: set SOTTO_TLS_CERT and SOTTO_TLS_KEY, \
                 or SOTTO_TLS=self-signed, or, behind a proxy that speaks HTTPS, SOTTO_PLAIN_HTTP=allowed",
            ));
        }
        Ok(())
    }

    /// Whether the operator trusts this address as a proxy, which speaks for many.
    pub fn is_proxy(&self, address: IpAddr) -> bool {
        self.trusted_proxies.0.iter().any(|network| network.contains(&address.to_canonical()))
    }
}

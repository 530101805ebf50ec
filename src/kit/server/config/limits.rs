//! Bounds on what one person or address may do, and how long it may take.

use clap::{ArgAction, Args, Command, FromArgMatches};
use std::time::Duration;

/// Bounds on what one person or address may do. Doc comments of settings are what `--help` says.
#[derive(Args, Clone, Copy, Debug)]
pub struct Limits {
    /// Whether rates and connections are limited; off on loopback only
    #[arg(long = "rate-limits", env = "SOTTO_RATE_LIMITS", value_name = "on|off", default_value = "on")]
    #[arg(action = ArgAction::Set, value_parser = switch)]
    pub rates: bool,
    /// Sign-ups per address and hour
    #[arg(long = "limit-signups", env = "SOTTO_LIMIT_SIGNUPS", value_name = "N", default_value = "20")]
    #[arg(value_parser = count)]
    pub signups_per_hour: u32,
    /// Failed log-ins per address and hour; as many at one account, and the next must wait
    #[arg(long = "limit-login-failures", env = "SOTTO_LIMIT_LOGIN_FAILURES", value_name = "N")]
    #[arg(default_value = "30", value_parser = count)]
    pub login_failures_per_hour: u32,
    /// Friend requests per user and hour
    #[arg(long = "limit-requests", env = "SOTTO_LIMIT_REQUESTS", value_name = "N", default_value = "30")]
    #[arg(value_parser = count)]
    pub requests_per_hour: u32,
    /// Socket frames and messages per user and second
    #[arg(long = "limit-events", env = "SOTTO_LIMIT_EVENTS", value_name = "N", default_value = "20")]
    #[arg(value_parser = count)]
    pub events_per_second: u32,
    /// How many of them may come at once
    #[arg(long = "limit-burst", env = "SOTTO_LIMIT_BURST", value_name = "N", default_value = "200")]
    #[arg(value_parser = count)]
    pub event_burst: u32,
    /// Open sockets per user
    #[arg(long = "limit-sockets", env = "SOTTO_LIMIT_SOCKETS", value_name = "N", default_value = "20")]
    #[arg(value_parser = count)]
    pub sockets_per_user: u32,
    /// Open connections in all, sockets among them, as far as the system has files for them
    #[arg(long = "limit-connections", env = "SOTTO_LIMIT_CONNECTIONS", value_name = "N")]
    #[arg(default_value = "20000", value_parser = count)]
    pub connections: u32,
    /// Open connections per address, half of all at most; trusted proxies are not bound
    // The default has room for a school behind one address.
    #[arg(long = "limit-connections-per-address", env = "SOTTO_LIMIT_CONNECTIONS_PER_ADDRESS")]
    #[arg(value_name = "N", default_value = "1000", value_parser = count)]
    pub connections_per_address: u32,
}

impl Default for Limits {
    /// What is written at the settings.
    fn default() -> Self {
        let matches =
            Self::augment_args(Command::new("sotto")).no_binary_name(true).get_matches_from([""; 0]);
        Self::from_arg_matches(&matches).unwrap_or_else(|error| unreachable!("a usual limit: {error}"))
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

fn switch(text: &str) -> Result<bool, &'static str> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("expected on or off"),
    }
}

fn count(text: &str) -> Result<u32, &'static str> {
    match text.parse() {
        Ok(0) | Err(_) => Err("expected a number above 0"),
        Ok(count) => Ok(count),
    }
}

//! The names under which the site is reached.

use super::{Config, TlsSetting};
use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

/// A site: scheme, host and, if unusual, port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(pub(super) String);

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

    /// The host and, if unusual, the port.
    fn host(&self) -> &str {
        self.0.split_once("://").map_or(&*self.0, |(_, host)| host)
    }
}

impl FromStr for Origin {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::parse(text).ok_or(())
    }
}

impl Config {
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

    /// Whether people reach the site over HTTPS, which decides the cookie's name and flags.
    pub fn is_https(&self) -> bool {
        self.url().starts_with("https://")
    }

    /// What the server itself speaks.
    fn scheme(&self) -> &'static str {
        if self.tls == TlsSetting::Off { "http" } else { "https" }
    }

    /// Whether `origin`, as a browser sends it with a request to `host`, is this site.
    pub fn is_own_origin(&self, origin: &str, host: &str) -> bool {
        match &self.origin {
            Some(own) => own.0 == origin,
            None => {
                let own = Origin::parse(&format!("{}://{host}", self.scheme()));
                self.is_own_host(host) && own.is_some_and(|own| own.0 == origin)
            }
        }
    }

    /// Whether a request's `Host` means this site. Where no origin is set, that is this machine's name for
    /// itself and the address that is listened at, with any port: one may be forwarded here. No other name
    /// is answered, whoever makes it lead here (DNS rebinding).
    pub fn is_own_host(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        match &self.origin {
            Some(own) => {
                let usual_port = if own.0.starts_with("https") { ":443" } else { ":80" };
                own.host() == host.strip_suffix(usual_port).unwrap_or(&host)
            }
            None => {
                let name = match host.rsplit_once(':') {
                    Some((name, port)) if port.parse::<u16>().is_ok() && !name.is_empty() => name,
                    _ => &host,
                };
                let bound = SocketAddr::new(self.addr.ip(), 0).to_string();
                ["127.0.0.1", "localhost", "[::1]", bound.trim_end_matches(":0")].contains(&name)
            }
        }
    }

    /// Whether nobody but this machine can reach the site: it listens on a loopback address, and nothing
    /// says that something passes on to it what comes from elsewhere.
    pub fn is_private(&self) -> bool {
        let is_loopback = |host: &str| {
            host == "localhost"
                || host.ends_with(".localhost")
                || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        };
        self.addr.ip().is_loopback() && self.host().is_none_or(|host| is_loopback(&host))
    }
}

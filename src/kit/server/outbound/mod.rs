//! Requests that this server makes for somebody else, to an address that they name: they must not reach what only this
//! machine reaches (OWASP ASVS 5.0, 1.3.6 and 13.2.4).
//!
//! A name is resolved here, and connected is to what was resolved and looked at, so no second answer of a name server
//! comes between. Redirects are followed here, too, each as if it had been asked for.

pub mod address;

use super::{Config, Part};
use axum::http::{HeaderMap, StatusCode, header};
use reqwest::{
    Client, Response, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use std::{
    error::Error,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::{net::lookup_host, time::timeout};

/// How long all of it may take where nothing else is said.
const PATIENCE: Duration = Duration::from_secs(5);
/// So much of a body is read, in bytes.
pub const MOST: usize = 512 * 1024;
/// So many redirects are followed.
const REDIRECTS: usize = 3;
/// What is asked for says to whom it answers, and nothing of who wanted it.
const AGENT: &str = concat!("Sotto/", env!("CARGO_PKG_VERSION"));

/// Why nothing was fetched. For the log: whoever asked is told no more than that there is nothing, or they could find
/// out by it what this machine reaches.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// Not an address that is asked.
    #[error("not an address of the public web")]
    Forbidden,
    /// It leads on and on.
    #[error("too many redirects")]
    Redirects,
    /// Nothing came in time.
    #[error("it took too long")]
    Late,
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

/// What came back.
#[derive(Debug)]
pub struct Fetched {
    /// Where it came from in the end.
    pub url: Url,
    /// How it went.
    pub status: StatusCode,
    /// What is said of it.
    pub headers: HeaderMap,
    /// Its first [`MOST`] bytes at most.
    pub body: Vec<u8>,
}

/// What may be asked.
#[derive(Clone)]
pub struct Bounds {
    /// Whether an address may be connected to.
    pub allows: fn(IpAddr) -> bool,
    /// The ports that may be.
    pub ports: Vec<u16>,
    /// How long all of it may take, redirects and body included.
    pub patience: Duration,
    /// What names are resolved by.
    pub names: Arc<dyn Names>,
}

/// Resolves names.
#[async_trait::async_trait]
pub trait Names: Send + Sync {
    /// The addresses of a host.
    async fn resolve(&self, host: &str) -> std::io::Result<Vec<IpAddr>>;
}

/// As this system resolves them.
pub struct SystemNames;

#[async_trait::async_trait]
impl Names for SystemNames {
    async fn resolve(&self, host: &str) -> std::io::Result<Vec<IpAddr>> {
        Ok(lookup_host((host, 0)).await?.map(|address| address.ip()).collect())
    }
}

impl Default for Bounds {
    /// The public web.
    fn default() -> Self {
        Self {
            allows: address::is_public,
            ports: vec![80, 443],
            patience: PATIENCE,
            names: Arc::new(SystemNames),
        }
    }
}

/// The one client for such requests.
pub struct Outbound {
    bounds: Bounds,
    client: Result<Client, String>,
}

impl Part for Outbound {
    fn new(_: &Config) -> Self {
        Self::within(Bounds::default())
    }
}

impl Outbound {
    /// Within other bounds than those of the public web: for tests.
    pub fn within(bounds: Bounds) -> Self {
        let client = client(&bounds).map_err(|error| error.to_string());
        Self { bounds, client }
    }

    /// Fetches what is at an address. Errors: see [`OutboundError`].
    pub async fn get(&self, url: &str) -> Result<Fetched, OutboundError> {
        timeout(self.bounds.patience, self.follow(url)).await.unwrap_or(Err(OutboundError::Late))
    }

    async fn follow(&self, url: &str) -> Result<Fetched, OutboundError> {
        let client = self.client.as_ref().map_err(|error| OutboundError::Failed(error.clone()))?;
        let mut url: Url = url.parse().map_err(|_| OutboundError::Forbidden)?;
        for _ in 0..=REDIRECTS {
            self.check(&url)?;
            let response = client.get(url.clone()).send().await.map_err(failed)?;
            let location = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
            let on = location.filter(|_| response.status().is_redirection()).map(|to| url.join(to));
            match on {
                Some(on) => url = on.map_err(|_| OutboundError::Forbidden)?,
                None => return read(response, url).await,
            }
        }
        Err(OutboundError::Redirects)
    }

    /// What a resolver is not asked about: the scheme, the port, and addresses that are written as such.
    fn check(&self, url: &Url) -> Result<(), OutboundError> {
        let is_web = matches!(url.scheme(), "http" | "https");
        let is_open = url.port_or_known_default().is_some_and(|port| self.bounds.ports.contains(&port));
        let is_nobody = url.username().is_empty() && url.password().is_none();
        let host = url.host_str().unwrap_or_default();
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let is_allowed = match bare.parse::<IpAddr>() {
            Ok(address) => (self.bounds.allows)(address),
            Err(_) => !bare.is_empty(),
        };
        (is_web && is_open && is_nobody && is_allowed).then_some(()).ok_or(OutboundError::Forbidden)
    }
}

fn client(bounds: &Bounds) -> reqwest::Result<Client> {
    Client::builder()
        .dns_resolver(Arc::new(Public(bounds.clone())))
        .redirect(Policy::none())
        .no_proxy()
        .referer(false)
        .user_agent(AGENT)
        .http1_only()
        .pool_max_idle_per_host(0)
        .build()
}

fn failed(error: reqwest::Error) -> OutboundError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(error) = cause {
        if error.is::<NotPublic>() {
            return OutboundError::Forbidden;
        }
        cause = error.source();
    }
    OutboundError::Failed(error.without_url().to_string())
}

/// As much of it as is read.
async fn read(mut response: Response, url: Url) -> Result<Fetched, OutboundError> {
    let (status, headers) = (response.status(), response.headers().clone());
    let mut body = Vec::new();
    while body.len() < MOST
        && let Some(chunk) = response.chunk().await.map_err(failed)?
    {
        let room = chunk.len().min(MOST - body.len());
        body.extend_from_slice(&chunk[..room]);
    }
    Ok(Fetched { url, status, headers, body })
}

/// Resolves names to what may be asked alone.
struct Public(Bounds);

/// A name leads nowhere where it may be asked.
#[derive(Debug, thiserror::Error)]
#[error("the name has no address of the public internet")]
struct NotPublic;

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        let bounds = self.0.clone();
        Box::pin(async move {
            let found = bounds.names.resolve(name.as_str()).await?;
            let allowed: Vec<_> = found.into_iter().filter(|address| (bounds.allows)(*address)).collect();
            if allowed.is_empty() {
                return Err(NotPublic.into());
            }
            // The port is the address's: 0 says so.
            Ok(Box::new(allowed.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs)
        })
    }
}

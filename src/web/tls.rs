//! HTTPS: certificates, made, read and read again.

use crate::kit::config::{Config, TlsSetting};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};
use time::OffsetDateTime;
use tokio::time::interval;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
        version,
    },
};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

/// How often it is looked whether the certificate's files were renewed.
const RENEWAL: Duration = Duration::from_secs(10);
/// The longest that Apple's systems accept.
const SELF_SIGNED_DAYS: i64 = 825;

/// Why there is no HTTPS, in a sentence for the person who starts the server.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be used for HTTPS: {reason}", file.display())]
pub struct TlsError {
    file: PathBuf,
    reason: String,
}

impl TlsError {
    fn of(file: &Path, reason: impl ToString) -> Self {
        Self { file: file.to_owned(), reason: reason.to_string() }
    }
}

/// A certificate and its key on disk, and what was read from them.
pub struct Tls {
    files: Files,
    current: RwLock<Current>,
}

/// Where a certificate and its key lie, both as PEM.
#[derive(Clone, Debug)]
pub struct Files {
    /// The chain, the site's own certificate first.
    pub cert: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

struct Current {
    config: Arc<ServerConfig>,
    written: Option<(SystemTime, SystemTime)>,
}

impl Tls {
    /// Reads the certificate that the settings name, `None` if they want plain HTTP. A self-signed
    /// one is made in the data folder if there is none, or only one that has expired.
    pub fn open(config: &Config) -> Result<Option<Arc<Self>>, TlsError> {
        let Some(files) = Files::of(config) else { return Ok(None) };
        if config.tls == TlsSetting::SelfSigned && !files.is_valid_now() {
            files.make(config)?;
        }
        // Before the files are read: what changes meanwhile is read again.
        let written = files.written();
        let config = files.server_config()?;
        Ok(Some(Arc::new(Self { files, current: RwLock::new(Current { config, written }) })))
    }

    /// Reads the files again whenever they were renewed, for as long as it is polled. What cannot
    /// be used is logged, and what was read before stays in use.
    pub async fn watch(self: Arc<Self>) {
        let mut every = interval(RENEWAL);
        loop {
            every.tick().await;
            let tls = self.clone();
            let _ = tokio::task::spawn_blocking(move || tls.renew()).await;
        }
    }

    /// Reads the files again if they were renewed.
    pub fn renew(&self) {
        let written = self.files.written();
        if written.is_none() || self.current.read().unwrap_or_else(PoisonError::into_inner).written == written
        {
            return;
        }
        let read = self.files.server_config();
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        current.written = written;
        match read {
            Ok(config) => {
                tracing::info!("the certificate was renewed");
                current.config = config;
            }
            Err(error) => tracing::error!(%error, "the renewed certificate is not used"),
        }
    }

    /// What a connection's handshake needs, with the certificate as it is now.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        self.current.read().unwrap_or_else(PoisonError::into_inner).config.clone().into()
    }
}

impl Files {
    /// Where the settings have them; `None` if they want plain HTTP.
    pub fn of(config: &Config) -> Option<Self> {
        match &config.tls {
            TlsSetting::Off => None,
            TlsSetting::Files { cert, key } => Some(Self { cert: cert.clone(), key: key.clone() }),
            TlsSetting::SelfSigned => {
                let folder = config.data.join("tls");
                Some(Self { cert: folder.join("cert.pem"), key: folder.join("key.pem") })
            }
        }
    }

    /// The certificates, the site's own first. Errors: the file is missing or holds none.
    pub fn certificates(&self) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        let read = CertificateDer::pem_file_iter(&self.cert).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        match read {
            Ok(chain) if chain.is_empty() => Err(TlsError::of(&self.cert, "it holds no certificate")),
            read => read.map_err(|error| TlsError::of(&self.cert, error)),
        }
    }

    /// What a server needs to speak TLS. Errors: a file cannot be read, or the key is not that of
    /// the certificate.
    pub fn server_config(&self) -> Result<Arc<ServerConfig>, TlsError> {
        let chain = self.certificates()?;
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|error| TlsError::of(&self.key, error))?;
        let provider = Arc::new(ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&version::TLS13, &version::TLS12])
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key));
        config.map(Arc::new).map_err(|error| TlsError::of(&self.key, error))
    }

    /// From when to when the certificate counts, and the names that it is for.
    pub fn facts(&self) -> Result<Facts, TlsError> {
        let chain = self.certificates()?;
        let own = chain.first().ok_or_else(|| TlsError::of(&self.cert, "it holds no certificate"))?;
        let (_, own) = X509Certificate::from_der(own).map_err(|error| TlsError::of(&self.cert, error))?;
        let names = own.subject_alternative_name().ok().flatten();
        let names = names.map(|names| names.value.general_names.iter().filter_map(name).collect());
        Ok(Facts {
            begins: own.validity().not_before.to_datetime(),
            ends: own.validity().not_after.to_datetime(),
            names: names.unwrap_or_default(),
        })
    }

    fn is_valid_now(&self) -> bool {
        self.key.is_file() && self.facts().is_ok_and(|facts| facts.ends > OffsetDateTime::now_utc())
    }

    /// Makes a self-signed certificate for every name that the server is reached by.
    fn make(&self, config: &Config) -> Result<(), TlsError> {
        let failed = |error: rcgen::Error| TlsError::of(&self.cert, error);
        let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
        names.extend(config.host());
        if !config.addr.ip().is_unspecified() {
            names.push(config.addr.ip().to_string());
        }
        names.sort_unstable();
        names.dedup();
        let mut params = CertificateParams::new(names).map_err(failed)?;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "Sotto, self-signed");
        let now = OffsetDateTime::now_utc();
        // A clock may be a day behind.
        params.not_before = now - time::Duration::days(1);
        params.not_after = now + time::Duration::days(SELF_SIGNED_DAYS - 1);
        let key = KeyPair::generate().map_err(failed)?;
        let cert = params.self_signed(&key).map_err(failed)?;
        // The key first: a certificate without its key would be taken for whole.
        write_private(&self.key, &key.serialize_pem()).map_err(|error| TlsError::of(&self.key, error))?;
        write_private(&self.cert, &cert.pem()).map_err(|error| TlsError::of(&self.cert, error))
    }

    fn written(&self) -> Option<(SystemTime, SystemTime)> {
        let written = |file: &Path| fs::metadata(file).and_then(|file| file.modified()).ok();
        written(&self.cert).zip(written(&self.key))
    }
}

/// What a certificate says.
#[derive(Clone, Debug)]
pub struct Facts {
    /// It does not count before.
    pub begins: OffsetDateTime,
    /// It does not count afterwards.
    pub ends: OffsetDateTime,
    /// Names and addresses, `*.` standing for any first part.
    pub names: Vec<String>,
}

impl Facts {
    /// Whether a browser takes it for this host.
    pub fn is_for(&self, host: &str) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        self.names.iter().any(|name| match name.strip_prefix("*.") {
            Some(parent) => host.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(parent)),
            None => name.eq_ignore_ascii_case(host),
        })
    }
}

fn name(name: &x509_parser::extensions::GeneralName<'_>) -> Option<String> {
    use x509_parser::extensions::GeneralName;
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes).ok().map(|ip| std::net::IpAddr::from(ip).to_string()),
            _ => <[u8; 16]>::try_from(*bytes).ok().map(|ip| std::net::IpAddr::from(ip).to_string()),
        },
        _ => None,
    }
}

/// Writes a file that only its owner can read, in a folder that only they can enter.
fn write_private(file: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        DirBuilder::new().mode(0o700).recursive(true).create(folder)?;
    }
    let unfinished = file.with_extension("part");
    let _ = fs::remove_file(&unfinished);
    let mut made = OpenOptions::new().mode(0o600).write(true).create_new(true).open(&unfinished)?;
    made.write_all(text.as_bytes())?;
    made.sync_all()?;
    fs::rename(&unfinished, file)
}

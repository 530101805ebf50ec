//! HTTPS built in.

use super::ConfigError;
use clap::Args;
use std::path::PathBuf;

/// Which certificate the server shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TlsSetting {
    /// None: it speaks plain HTTP.
    #[default]
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

/// The settings that say which.
#[derive(Args, Clone, Debug)]
pub struct TlsFlags {
    /// HTTPS with a certificate that is made on first start and kept in the data folder
    #[arg(long, env = "SOTTO_TLS", value_name = "self-signed")]
    tls: Option<String>,
    /// HTTPS with this certificate chain (PEM); read again when renewed
    #[arg(long, env = "SOTTO_TLS_CERT", value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// The certificate's private key (PEM)
    #[arg(long, env = "SOTTO_TLS_KEY", value_name = "FILE")]
    tls_key: Option<PathBuf>,
}

impl TlsFlags {
    /// Errors: they do not fit together.
    pub(super) fn setting(&self) -> Result<TlsSetting, ConfigError> {
        let missing = |name| Err(ConfigError::new(name, "", "certificate and key must be set together"));
        match (&self.tls, &self.tls_cert, &self.tls_key) {
            (None, None, None) => Ok(TlsSetting::Off),
            (None, Some(cert), Some(key)) => Ok(TlsSetting::Files { cert: cert.clone(), key: key.clone() }),
            (None, None, Some(_)) => missing("SOTTO_TLS_CERT"),
            (None, Some(_), None) => missing("SOTTO_TLS_KEY"),
            (Some(tls), None, None) if tls == "self-signed" => Ok(TlsSetting::SelfSigned),
            (Some(tls), ..) => Err(ConfigError::new(
                "SOTTO_TLS",
                tls,
                "expected self-signed, and then neither SOTTO_TLS_CERT nor SOTTO_TLS_KEY",
            )),
        }
    }
}

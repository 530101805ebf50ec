//! The server's own small client: what `sotto doctor` asks with.

use futures::StreamExt;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::rustls::{
    self, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use tokio_tungstenite::{
    Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config,
    tungstenite::{
        Message,
        client::IntoClientRequest,
        http::{HeaderValue, header},
    },
};

/// What a server says on the socket that is there for trying.
pub const GREETING: &str = "sotto";
/// Where that socket is; the router knows it, too.
pub const SOCKET_PATH: &str = "/health/ws";
/// The most that is read of an answer, in bytes.
const MAX_ANSWER: usize = 64 * 1024;

/// Which certificates are good enough.
pub enum Trust {
    /// Any: this very machine is asked.
    Anything,
    /// What this system trusts, and these.
    SystemAnd(Vec<CertificateDer<'static>>),
}

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A client of HTTP that goes to the server itself, through no proxy, and follows no redirect.
pub fn http(trust: &Trust) -> Result<reqwest::Client> {
    let tls = ClientConfig::clone(&*client_config(trust)?);
    let client = reqwest::Client::builder().use_preconfigured_tls(tls).no_proxy();
    Ok(client.redirect(reqwest::redirect::Policy::none()).build()?)
}

/// The status and the beginning of the body of a path of the server at `origin`, like
/// `https://chat.example.org`.
pub async fn get(origin: &str, path: &str, trust: &Trust) -> Result<(u16, String)> {
    let mut answer = http(trust)?.get(format!("{origin}{path}")).send().await?;
    let mut body = Vec::new();
    while body.len() < MAX_ANSWER
        && let Some(part) = answer.chunk().await?
    {
        body.extend_from_slice(&part);
    }
    Ok((answer.status().as_u16(), String::from_utf8_lossy(&body).into_owned()))
}

/// Opens the socket that is there for trying and waits for its greeting.
pub async fn greet_socket(origin: &str, trust: &Trust) -> Result<()> {
    let mut socket = open_socket(origin, SOCKET_PATH, &[], trust).await?;
    match socket.next().await {
        Some(Ok(Message::Text(greeting))) if greeting.as_str() == GREETING => Ok(()),
        Some(Err(error)) => Err(error.into()),
        _ => Err("something else answers there".into()),
    }
}

/// Opens a socket as a page of `origin` does, with more headers.
pub async fn open_socket(
    origin: &str,
    path: &str,
    more: &[(&'static str, &str)],
    trust: &Trust,
) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>> {
    let mut request = format!("{}{path}", origin.replacen("http", "ws", 1)).into_client_request()?;
    request.headers_mut().insert(header::ORIGIN, HeaderValue::from_str(origin)?);
    for (name, value) in more {
        request.headers_mut().insert(*name, HeaderValue::from_str(value)?);
    }
    let tls = Connector::Rustls(client_config(trust)?);
    Ok(connect_async_tls_with_config(request, None, true, Some(tls)).await?.0)
}

fn client_config(trust: &Trust) -> Result<Arc<ClientConfig>> {
    let provider = Arc::new(ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions()?;
    Ok(Arc::new(
        match trust {
            Trust::Anything => {
                builder.dangerous().with_custom_certificate_verifier(Arc::new(AnyCertificate(provider)))
            }
            Trust::SystemAnd(own) => {
                let mut roots = RootCertStore::empty();
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
                roots.add_parsable_certificates(own.iter().cloned());
                builder.with_root_certificates(roots)
            }
        }
        .with_no_client_auth(),
    ))
}

/// Takes any certificate, for asking oneself over loopback whether one lives.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

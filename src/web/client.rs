//! The server's own small client: what `sotto doctor` asks with.

use futures::StreamExt;
use std::{net::SocketAddr, sync::Arc};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        self, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
        client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        crypto::{CryptoProvider, ring},
        pki_types::{CertificateDer, ServerName, UnixTime},
    },
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
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
const MAX_ANSWER: u64 = 64 * 1024;

/// Which certificates are good enough.
pub enum Trust {
    /// Any: this very machine is asked.
    Anything,
    /// What this system trusts, and these.
    SystemAnd(Vec<CertificateDer<'static>>),
}

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A connection, encrypted or not.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// The status and the body of a path of the server at `origin`, like `https://chat.example.org`.
pub async fn get(origin: &str, path: &str, trust: &Trust) -> Result<(u16, String)> {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    let answer = exchange(origin, &request, trust).await?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("it does not speak HTTP")?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok((status.ok_or("it does not speak HTTP")?, body.to_owned()))
}

/// Sends a request as it is and reads what comes until the other side closes.
pub async fn exchange(origin: &str, request: &str, trust: &Trust) -> Result<String> {
    let mut stream = connect(origin, trust).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    // A TLS stream that ends without its farewell has still said all there is.
    let _ = stream.take(MAX_ANSWER).read_to_end(&mut answer).await;
    Ok(String::from_utf8_lossy(&answer).into_owned())
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
) -> Result<WebSocketStream<Box<dyn Stream>>> {
    let stream = connect(origin, trust).await?;
    let mut request = format!("{}{path}", origin.replacen("http", "ws", 1)).into_client_request()?;
    request.headers_mut().insert(header::ORIGIN, HeaderValue::from_str(origin)?);
    for (name, value) in more {
        request.headers_mut().insert(*name, HeaderValue::from_str(value)?);
    }
    Ok(client_async(request, stream).await?.0)
}

async fn connect(origin: &str, trust: &Trust) -> Result<Box<dyn Stream>> {
    let (scheme, host) = origin.split_once("://").ok_or("no address")?;
    let https = scheme == "https";
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !host.ends_with(']') => (name, port.parse()?),
        _ => (host, if https { 443 } else { 80 }),
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    let addrs: Vec<SocketAddr> = tokio::net::lookup_host((name, port)).await?.collect();
    let stream = TcpStream::connect(&*addrs).await?;
    if !https {
        return Ok(Box::new(stream));
    }
    let name = ServerName::try_from(name.to_owned())?;
    Ok(Box::new(TlsConnector::from(client_config(trust)?).connect(name, stream).await?))
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

//! `sotto doctor`: whether everything that a server needs is in order, a line for each thing.

use crate::{
    cli::{CommandResult, block_on, data, print},
    kit::{Config, config::TlsSetting},
    web::{
        client::{self, Trust},
        tls::Files,
    },
};
use std::{fs::OpenOptions, net::SocketAddr, process::ExitCode, time::Duration};
use store::embedded::{EmbeddedStore, backup};
use time::OffsetDateTime;
use tokio::{net::TcpListener, time::timeout};

pub const EXAMPLES: &str = "\
Examples:
  sotto doctor                            before the first start, or when something is odd
  sotto doctor --origin https://chat.example.org
  sotto doctor --live                     only whether the server answers, for supervisors

A line begins with ok, warn or FAIL; the exit code is 1 if there was a FAIL.";

/// How long an answer over the network may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// A certificate that ends sooner is worth a word.
const SOON: time::Duration = time::Duration::days(14);

/// How a check ended, with a sentence.
enum Finding {
    Ok(String),
    Warn(String),
    Fail(String),
}
use Finding::{Fail, Ok as Fine, Warn};

/// Makes every check that applies and prints its line.
pub fn examine(config: &Config) -> CommandResult<ExitCode> {
    block_on(async {
        // What cannot be read has ended this before.
        let mut findings = vec![("configuration", Fine("every setting can be used".into()))];
        findings.push(("data", data(config)));
        findings.push(("store", keeping(config)));
        if config.bucket.is_some() {
            findings.push(("files", bucket(config).await));
        }
        if let Some(files) = Files::of(config) {
            findings.push(("certificate", certificate(config, &files)));
        }
        let (port, running) = port(config).await;
        findings.push(("port", port));
        findings.push(("public", public(config, running).await));
        let mut code = ExitCode::SUCCESS;
        for (what, finding) in findings {
            let (word, sentence) = match finding {
                Fine(sentence) => ("ok  ", sentence),
                Warn(sentence) => ("warn", sentence),
                Fail(sentence) => {
                    code = ExitCode::FAILURE;
                    ("FAIL", sentence)
                }
            };
            print(format!("{word}  {what:13}  {sentence}"))?;
        }
        Ok(code)
    })
}

/// Whether the server of these settings is ready. Errors: it is not, or there is none.
pub fn ask_live(config: &Config) -> CommandResult {
    block_on(async {
        match timeout(PATIENCE, client::get(&own_url(config), "/health/ready", &Trust::Anything)).await {
            Ok(Ok((200, _))) => print("the server is ready"),
            Ok(Ok((status, body))) => Err(format!("the server answers {status}: {}", body.trim()).into()),
            Ok(Err(error)) => Err(format!("no server answers at {}: {error}", own_url(config)).into()),
            Err(_) => Err(format!("the server at {} does not answer in time", own_url(config)).into()),
        }
    })
}

fn data(config: &Config) -> Finding {
    let folder = match data::folder(config) {
        Ok(folder) => folder,
        Err(elsewhere) => return Fine(elsewhere.to_string()),
    };
    if !folder.exists() {
        return Warn(format!("{} does not exist yet; the first start makes it", folder.display()));
    }
    let probe = folder.join(".doctor");
    let written = OpenOptions::new().write(true).create(true).truncate(true).open(&probe);
    let _ = std::fs::remove_file(&probe);
    match written {
        Ok(_) => Fine(format!("{} can be written", folder.display())),
        Err(error) => Fail(format!("{} cannot be written: {error}", folder.display())),
    }
}

fn keeping(config: &Config) -> Finding {
    let folder = match data::folder(config) {
        Ok(folder) if EmbeddedStore::is_in(folder) => folder,
        Ok(_) => return Warn("there is no data yet; the first start makes the store".into()),
        Err(elsewhere) => return Fine(elsewhere.to_string()),
    };
    match backup::check(&EmbeddedStore::file_in(folder)) {
        Ok(counts) => {
            let counts = counts.iter().filter(|(table, _)| matches!(*table, "users" | "messages"));
            let counts: Vec<_> = counts.map(|(table, rows)| format!("{rows} {table}")).collect();
            Fine(format!("sound, of a schema that this program knows: {}", counts.join(", ")))
        }
        Err(error) => Fail(error.to_string()),
    }
}

/// Whether the bytes of files can be kept in their bucket.
async fn bucket(config: &Config) -> Finding {
    match data::bytes(config).await {
        Ok(_) => Fine("the bucket can be written, read and erased from".into()),
        Err(error) => Fail(error.to_string()),
    }
}

fn certificate(config: &Config, files: &Files) -> Finding {
    if config.tls == TlsSetting::SelfSigned && !files.cert.exists() {
        return Warn("there is none yet; the first start makes it".into());
    }
    let facts = match files.server_config().and_then(|_| files.facts()) {
        Ok(facts) => facts,
        Err(error) => return Fail(error.to_string()),
    };
    let now = OffsetDateTime::now_utc();
    if now < facts.begins || now >= facts.ends {
        return Fail(format!("it counts from {} to {} only", facts.begins.date(), facts.ends.date()));
    }
    if let Some(host) = config.host().filter(|host| !facts.is_for(host)) {
        return Fail(format!("it is for {}, but not for {host}", facts.names.join(", ")));
    }
    let sentence = format!("for {}, until {}", facts.names.join(", "), facts.ends.date());
    if facts.ends - now < SOON { Warn(sentence) } else { Fine(sentence) }
}

/// Whether the port is free or our server's, and whether that runs.
async fn port(config: &Config) -> (Finding, bool) {
    let addr = config.addr;
    if TcpListener::bind(addr).await.is_ok() {
        return (Fine(format!("{addr} is free; no server runs")), false);
    }
    match timeout(PATIENCE, client::get(&own_url(config), "/health/ready", &Trust::Anything)).await {
        Ok(Ok((200, body))) if body == "ready\n" => {
            (Fine(format!("{addr} is the server's, and it is ready")), true)
        }
        Ok(Ok((503, body))) => {
            (Fail(format!("{addr} is the server's, but it is not ready: {}", body.trim())), true)
        }
        _ => (
            Fail(format!(
                "{addr} cannot be used: another program listens there, or it is no address of this machine"
            )),
            false,
        ),
    }
}

/// Whether a WebSocket gets through from the address that people use.
async fn public(config: &Config, running: bool) -> Finding {
    let url = config.url();
    let trust = match Files::of(config).map(|files| files.certificates()) {
        Some(Ok(own)) => Trust::SystemAnd(own),
        _ => Trust::SystemAnd(Vec::new()),
    };
    match timeout(PATIENCE, client::greet_socket(&url, &trust)).await {
        Ok(Ok(())) => Fine(format!("a WebSocket passes {url}")),
        // Nothing can be said of what does not run here.
        Ok(Err(error)) if !running && config.origin.is_none() => {
            Warn(format!("not tried, no server runs ({error})"))
        }
        Ok(Err(error)) => Fail(format!("no WebSocket passes {url}: {error}")),
        Err(_) => Fail(format!("no WebSocket passes {url}: no answer within {} s", PATIENCE.as_secs())),
    }
}

/// The server as this machine reaches it.
fn own_url(config: &Config) -> String {
    let scheme = if config.tls == TlsSetting::Off { "http" } else { "https" };
    let ip = match config.addr.ip() {
        ip if !ip.is_unspecified() => ip,
        ip if ip.is_ipv4() => std::net::Ipv4Addr::LOCALHOST.into(),
        _ => std::net::Ipv6Addr::LOCALHOST.into(),
    };
    format!("{scheme}://{}", SocketAddr::new(ip, config.addr.port()))
}

//! Files, which go beside the socket: one at a time is uploaded as a tus client does it, over as many connections as that
//! takes, and goes with a message of its own.

use super::{log::Log, orders::Orders};
use crate::{judge::What, random::Random};
use base64::{Engine, prelude::BASE64_STANDARD};
use model::{
    error::ErrorCode,
    id::{ConversationId, FileId, MessageId},
};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{fmt::Write, time::Duration};
use tokio::{task::JoinHandle, time::sleep};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// The longest wait before another try, in milliseconds.
const LONGEST_WAIT: u64 = 300;
/// The sizes of most files, and of some, in bytes.
const SMALL: u64 = 20_000;
const LARGE: u64 = 400_000;

/// The one file that is on its way, if there is one.
#[derive(Default)]
pub struct Parcels(Option<JoinHandle<()>>);

impl Parcels {
    /// Whether one is on its way.
    pub fn is_out(&self) -> bool {
        self.0.is_some()
    }

    /// Sends a file with a message. What becomes of it stands in the history.
    pub fn send(&mut self, orders: &Orders, seed: u64, conversation: ConversationId, body: String) {
        let parcel = Parcel::new(orders, seed);
        self.0 = Some(tokio::spawn(parcel.deliver(conversation, body)));
    }

    /// Completes when it is not on its way any more; never, if there is none.
    pub async fn arrived(&mut self) {
        match &mut self.0 {
            Some(parcel) => {
                // Where it has panicked, the process says so.
                let _ = parcel.await;
                self.0 = None;
            }
            None => std::future::pending().await,
        }
    }
}

struct Parcel {
    log: Log,
    random: Random,
    http: reqwest::Client,
    site: String,
    origin: String,
    cookies: String,
}

impl Parcel {
    fn new(orders: &Orders, seed: u64) -> Self {
        let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).timeout(PATIENCE).build();
        Self {
            log: Log::open(orders),
            random: Random::from_seed(seed),
            http: http.expect("a client"),
            site: format!("http://{}", orders.addr),
            origin: orders.origin.clone(),
            cookies: orders.cookies.clone(),
        }
    }

    async fn deliver(mut self, conversation: ConversationId, body: String) {
        let bytes = self.contents();
        if let Some(file) = self.upload(&bytes).await {
            self.post(conversation, file, body).await;
        }
    }

    /// Bytes that no other file has, and that nobody takes for a picture, of which something would be taken out.
    fn contents(&mut self) -> Vec<u8> {
        let most = if self.random.chance(0.1) { LARGE } else { SMALL };
        let size = self.random.within(0..most) as usize;
        let bytes = std::iter::repeat_with(|| self.random.next().to_le_bytes()).flatten();
        b"torture ".iter().copied().chain(bytes).take(size + 16).collect()
    }

    /// Until the server says that it has all bytes. `None`: it does not want them, or they have expired meanwhile.
    async fn upload(&mut self, bytes: &[u8]) -> Option<FileId> {
        let address = self.begin(bytes.len()).await?;
        let file = address.rsplit('/').next()?.parse().ok()?;
        let mut at = 0;
        while at < bytes.len() {
            // All of the rest, or a part of it.
            let end = if self.random.chance(0.5) {
                bytes.len()
            } else {
                self.random.within(at as u64 + 1..bytes.len() as u64 + 1) as usize
            };
            let part = &bytes[at..end];
            let mut patch = self.call(Method::PATCH, &address).header("upload-offset", at);
            if self.random.chance(0.3) {
                patch = patch.header(
                    "upload-checksum",
                    format!("sha256 {}", BASE64_STANDARD.encode(Sha256::digest(part))),
                );
            }
            let patch = patch.header("content-type", "application/offset+octet-stream").body(part.to_vec());
            at = match patch.send().await {
                Ok(answer) if answer.status() == StatusCode::NO_CONTENT => offset(&answer)?,
                // Nobody knows how far it has come.
                _ => self.offset(&address).await?,
            };
        }
        let sha256 = Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        self.log.write(What::Uploaded { file, sha256 });
        Some(file)
    }

    /// Announces a file; where its bytes are to be sent. An answer that is lost leaves one that ends by itself.
    async fn begin(&mut self, size: usize) -> Option<String> {
        loop {
            let begin = self.call(Method::POST, "/api/files").header("upload-length", size);
            match begin.header("upload-metadata", "filename dG9ydHVyZQ==").send().await {
                Ok(answer) if answer.status() == StatusCode::CREATED => {
                    return Some(answer.headers().get("location")?.to_str().ok()?.to_owned());
                }
                Ok(answer) if answer.status().is_client_error() => return None,
                _ => self.wait().await,
            }
        }
    }

    /// How far an upload is. `None`: it is not there any more.
    async fn offset(&mut self, address: &str) -> Option<usize> {
        loop {
            self.wait().await;
            match self.call(Method::HEAD, address).send().await {
                Ok(answer) if answer.status() == StatusCode::OK => return offset(&answer),
                Ok(answer) if answer.status() == StatusCode::NOT_FOUND => return None,
                _ => {}
            }
        }
    }

    /// Sends the message, with the same id until it is known what became of it.
    async fn post(&mut self, conversation: ConversationId, file: FileId, body: String) {
        let id = MessageId::new();
        let address = format!("/api/conversations/{conversation}/messages");
        let message = json!({ "id": id, "body": body, "attachments": [{ "file": file }] });
        self.log.write(What::Begun { conversation, id, body, file: Some(file) });
        loop {
            let answer = self.call(Method::POST, &address).json(&message).send().await;
            if let Some((status, json)) = read(answer).await {
                if let Some(seq) = json["seq"].as_u64().filter(|_| status.is_success()) {
                    return self.log.write(What::Acked { conversation, id, seq });
                }
                if status.is_client_error() {
                    let code =
                        serde_json::from_value(json["error"]["code"].clone()).unwrap_or(ErrorCode::Internal);
                    return self.log.write(What::Refused {
                        id,
                        code,
                        why: json["error"]["message"].to_string(),
                    });
                }
                self.log.write(What::Unavailable);
            }
            self.wait().await;
            self.log.write(What::Again { conversation, id });
        }
    }

    fn call(&self, method: Method, path: &str) -> RequestBuilder {
        let request =
            self.http.request(method, format!("{}{path}", self.site)).header("tus-resumable", "1.0.0");
        // The line knows one request on each connection.
        let request = request.header("connection", "close").header("accept", "application/json");
        request.header("origin", &self.origin).header("cookie", &self.cookies)
    }

    async fn wait(&mut self) {
        sleep(Duration::from_millis(self.random.within(1..LONGEST_WAIT))).await;
    }
}

/// A whole answer, if one has come.
async fn read(answer: reqwest::Result<Response>) -> Option<(StatusCode, Value)> {
    let answer = answer.ok()?;
    let status = answer.status();
    let text = answer.text().await.ok()?;
    Some((status, serde_json::from_str(&text).unwrap_or_default()))
}

fn offset(answer: &Response) -> Option<usize> {
    answer.headers().get("upload-offset")?.to_str().ok()?.parse().ok()
}

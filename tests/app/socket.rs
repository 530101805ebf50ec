//! A socket, spoken to in JSON.

use super::{Visitor, message_id};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::{future::Future, net::SocketAddr, time::Duration};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpSocket, TcpStream},
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::HeaderValue},
};

/// What [`Socket::closed`] returns when the connection ended without a close frame (RFC 6455,
/// 7.1.5).
pub const NO_CLOSE_FRAME: u16 = 1006;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// One device's connection.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    heard: Vec<Value>,
    /// The answer to `resume`.
    pub snapshot: Value,
}

impl Visitor {
    /// Opens a socket, as the site's own page does. Errors: the status of the refusal.
    pub async fn connect(&self) -> Result<Socket, u16> {
        self.connect_from(Some(&self.origin.clone())).await
    }

    /// Opens a socket from a page of another origin. Errors: the status of the refusal.
    pub async fn connect_from(&self, origin: Option<&str>) -> Result<Socket, u16> {
        let socket = TcpSocket::new_v4().expect("a socket");
        self.connect_through(socket, origin).await
    }

    /// Opens a socket that takes very little from the network before it is read.
    pub async fn connect_narrowly(&self) -> Result<Socket, u16> {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(4096).expect("a small buffer");
        self.connect_through(socket, Some(&self.origin.clone())).await
    }

    async fn connect_through(&self, socket: TcpSocket, origin: Option<&str>) -> Result<Socket, u16> {
        let mut request = format!("ws://{}/ws", self.addr).into_client_request().expect("a request");
        let headers = request.headers_mut();
        if let Some(origin) = origin {
            headers.insert("origin", HeaderValue::from_str(origin).expect("an origin"));
        }
        if let Some(cookies) = self.cookies() {
            headers.insert("cookie", HeaderValue::from_str(&cookies).expect("cookies"));
        }
        let tcp = socket.connect(self.addr).await.expect("a connection");
        match in_time("an upgrade", client_async(request, tcp)).await {
            Ok((stream, _)) => Ok(Socket { stream, heard: Vec::new(), snapshot: Value::Null }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("no upgrade: {error}"),
        }
    }
}

impl Socket {
    pub async fn say(&mut self, event: Value) {
        self.say_raw(Message::text(event.to_string())).await;
    }

    pub async fn say_raw(&mut self, frame: Message) {
        in_time("a frame to be sent", self.stream.send(frame)).await.expect("an open socket");
    }

    /// Sends while it is possible: the server may close meanwhile.
    pub async fn try_say(&mut self, event: Value) -> bool {
        self.try_say_raw(Message::text(event.to_string())).await
    }

    /// The same with any frame.
    pub async fn try_say_raw(&mut self, frame: Message) -> bool {
        in_time("a frame to be sent", self.stream.send(frame)).await.is_ok()
    }

    pub async fn resume(&mut self, cursors: Value) -> Value {
        self.say(json!({ "type": "resume", "cursors": cursors })).await;
        self.snapshot = self.hear("resumed").await;
        self.snapshot.clone()
    }

    /// Sends a message and does not wait for its answer; returns its id.
    pub async fn write(&mut self, conversation: &str, body: &str) -> String {
        let id = message_id();
        self.say(json!({
            "type": "send_private_message", "id": id, "conversation_id": conversation, "body": body,
        }))
        .await;
        id
    }

    /// The next event of this type; others before it are kept for later.
    pub async fn hear(&mut self, kind: &str) -> Value {
        self.hear_any(&[kind]).await
    }

    /// The next event of any of these types; others before it are kept for later.
    pub async fn hear_any(&mut self, kinds: &[&str]) -> Value {
        let wanted = |event: &Value| kinds.iter().any(|kind| event["type"] == *kind);
        if let Some(index) = self.heard.iter().position(wanted) {
            return self.heard.remove(index);
        }
        loop {
            let event = match in_time(&format!("{kinds:?}"), self.read()).await {
                Ok(event) => event,
                Err(code) => panic!("closed with {code} before {kinds:?}; heard {:?}", self.heard),
            };
            if wanted(&event) {
                return event;
            }
            self.heard.push(event);
        }
    }

    /// The bodies of the next new messages.
    pub async fn hear_bodies(&mut self, count: usize) -> Vec<String> {
        let mut bodies = Vec::new();
        for _ in 0..count {
            let event = self.hear("new_message").await;
            bodies.push(event["message"]["body"].as_str().expect("a text").to_owned());
        }
        bodies
    }

    /// How many events of this type were heard and not asked for.
    pub fn passed_over(&self, kind: &str) -> usize {
        self.heard.iter().filter(|event| event["type"] == kind).count()
    }

    /// Takes the events of this type that were heard and not asked for.
    pub fn take_heard(&mut self, kind: &str) -> Vec<Value> {
        self.heard.extract_if(.., |event| event["type"] == kind).collect()
    }

    /// Reads to the end; returns the code with which the server closed.
    pub async fn closed(&mut self) -> u16 {
        in_time("the end", async {
            loop {
                match self.read().await {
                    Ok(event) => self.heard.push(event),
                    Err(code) => return code,
                }
            }
        })
        .await
    }

    /// The next event that nobody has heard yet, or the code of the end; waits for as long as it
    /// takes.
    pub async fn next(&mut self) -> Result<Value, u16> {
        self.read().await
    }

    /// The next event, or the code of the end.
    async fn read(&mut self) -> Result<Value, u16> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => {
                    return Ok(serde_json::from_str(&text).expect("JSON in every frame"));
                }
                Some(Ok(Message::Close(Some(frame)))) => return Err(frame.code.into()),
                Some(Ok(Message::Close(None)) | Err(_)) | None => return Err(NO_CLOSE_FRAME),
                Some(Ok(_)) => {}
            }
        }
    }

    /// Sends what need not be a frame.
    pub async fn say_bytes(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).await.expect("an open socket");
    }

    /// Says that nothing more will come, as a program does that goes on reading.
    pub async fn stop_speaking(&mut self) {
        self.stream.get_mut().shutdown().await.expect("an open socket");
    }

    /// Leaves as a browser does.
    pub async fn leave(mut self) {
        let _ = self.stream.close(None).await;
        while let Some(Ok(_)) = in_time("the end", self.stream.next()).await {}
    }
}

/// Waits for something, but not for ever.
pub async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    match timeout(PATIENCE, future).await {
        Ok(done) => done,
        Err(_) => panic!("waited too long for {what}"),
    }
}

/// A listener whose connections hold little that was not read yet.
pub fn narrow_listener() -> tokio::net::TcpListener {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_send_buffer_size(4096).expect("a small buffer");
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
    socket.listen(64).expect("a listener")
}

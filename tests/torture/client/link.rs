//! The socket.

use super::orders::Orders;
use futures::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::HeaderValue},
};

pub struct Link(WebSocketStream<TcpStream>);

/// Why there is none.
pub enum NoLink {
    /// Nobody answers, or not now.
    Now,
    /// The server does not know the session.
    SignedOut,
}

impl Link {
    /// Connects as the site's own page does, within a time.
    pub async fn open(orders: &Orders, patience: Duration) -> Result<Self, NoLink> {
        timeout(patience, Self::connect(orders)).await.unwrap_or(Err(NoLink::Now))
    }

    async fn connect(orders: &Orders) -> Result<Self, NoLink> {
        let mut request = format!("ws://{}/ws", orders.addr).into_client_request().expect("a request");
        let headers = request.headers_mut();
        headers.insert("origin", HeaderValue::from_str(&orders.origin).expect("an origin"));
        headers.insert("cookie", HeaderValue::from_str(&orders.cookies).expect("cookies"));
        let tcp = TcpStream::connect(orders.addr).await.map_err(|_| NoLink::Now)?;
        let _ = tcp.set_nodelay(true);
        match client_async(request, tcp).await {
            Ok((stream, _)) => Ok(Self(stream)),
            Err(Error::Http(response)) if response.status() == 401 => Err(NoLink::SignedOut),
            Err(_) => Err(NoLink::Now),
        }
    }

    /// The next text; `None` at the end, with whatever code.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            match self.0.next().await? {
                Ok(Message::Text(text)) => return Some(text.as_str().to_owned()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// Sends a frame, within a time. `false`: the socket is of no use any more.
    pub async fn say(&mut self, text: String, patience: Duration) -> bool {
        matches!(timeout(patience, self.0.send(Message::text(text))).await, Ok(Ok(())))
    }
}

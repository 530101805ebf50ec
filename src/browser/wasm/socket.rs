//! The socket.

use crate::browser::wasm::page;
use futures::{
    FutureExt, SinkExt, StreamExt,
    future::{poll_fn, select},
};
use gloo_net::websocket::{Message, State, WebSocketError, futures::WebSocket};

/// A socket that is open.
pub struct Socket(WebSocket);

/// What a socket brings.
pub enum Arrival {
    /// A frame.
    Text(String),
    /// The end, with the close code.
    Closed(u16),
}

/// RFC 6455, 7.1.5: closed without a code.
const ABNORMAL: u16 = 1006;

impl Socket {
    /// Opens `/ws` on this site, within a time. `None`: it cannot be opened now.
    pub async fn open(milliseconds: u32) -> Option<Self> {
        let location = leptos::prelude::window().location();
        let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
        let url = format!("{scheme}://{}/ws", location.host().ok()?);
        let mut socket = WebSocket::open(&url).ok()?;
        let ready = poll_fn(|context| socket.poll_ready_unpin(context));
        select(ready, page::sleep(milliseconds).boxed_local()).await;
        matches!(socket.state(), State::Open).then_some(Self(socket))
    }

    /// The next arrival.
    pub async fn next(&mut self) -> Arrival {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return Arrival::Text(text),
                Some(Ok(Message::Bytes(_))) => {}
                Some(Err(WebSocketError::ConnectionClose(event))) => return Arrival::Closed(event.code),
                Some(Err(_)) | None => return Arrival::Closed(ABNORMAL),
            }
        }
    }

    /// Sends a frame. `false`: the socket is closed.
    pub async fn send(&mut self, text: String) -> bool {
        // Trying all the same would put an error into the console.
        matches!(self.0.state(), State::Open) && self.0.send(Message::Text(text)).await.is_ok()
    }
}

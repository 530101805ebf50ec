//! The socket, and what stands in for one where none gets through.

use crate::browser::wasm::page;
use futures::{
    FutureExt, SinkExt, StreamExt,
    future::{LocalBoxFuture, pending, poll_fn, select},
};
use gloo_net::{
    http::Request,
    websocket::{Message, State, WebSocketError, futures::WebSocket},
};
use model::event::{MAX_EXCHANGED, close};
use std::collections::VecDeque;

/// A connection over which frames go both ways.
pub enum Socket {
    /// A socket that is open.
    Open(WebSocket),
    /// Requests, one after the other.
    Polling(Polling),
}

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
        matches!(socket.state(), State::Open).then_some(Self::Open(socket))
    }

    /// Does without a socket.
    pub fn polling() -> Self {
        Self::Polling(Polling::default())
    }

    /// Whether it is none.
    pub fn polls(&self) -> bool {
        matches!(self, Self::Polling(_))
    }

    /// The next arrival. Nothing is lost when it is not waited for to its end.
    pub async fn next(&mut self) -> Arrival {
        match self {
            Self::Open(socket) => loop {
                match socket.next().await {
                    Some(Ok(Message::Text(text))) => return Arrival::Text(text),
                    Some(Ok(Message::Bytes(_))) => {}
                    Some(Err(WebSocketError::ConnectionClose(event))) => return Arrival::Closed(event.code),
                    Some(Err(_)) | None => return Arrival::Closed(ABNORMAL),
                }
            },
            Self::Polling(polling) => polling.next().await,
        }
    }

    /// Sends a frame. `false`: the socket is closed.
    pub async fn send(&mut self, text: String) -> bool {
        match self {
            // Trying all the same would put an error into the console.
            Self::Open(socket) => {
                matches!(socket.state(), State::Open) && socket.send(Message::Text(text)).await.is_ok()
            }
            Self::Polling(polling) => {
                polling.unsaid.push(text);
                true
            }
        }
    }
}

/// The socket's language in requests: what was said is posted, what is answered comes from the answer.
#[derive(Default)]
pub struct Polling {
    unsaid: Vec<String>,
    under_way: Option<LocalBoxFuture<'static, Result<Vec<String>, u16>>>,
    arrived: VecDeque<String>,
}

impl Polling {
    async fn next(&mut self) -> Arrival {
        loop {
            if let Some(text) = self.arrived.pop_front() {
                return Arrival::Text(text);
            }
            if self.under_way.is_none() && !self.unsaid.is_empty() {
                let said: Vec<_> = self.unsaid.drain(..self.unsaid.len().min(MAX_EXCHANGED)).collect();
                self.under_way = Some(exchange(format!("[{}]", said.join(","))).boxed_local());
            }
            let Some(under_way) = &mut self.under_way else { return pending().await };
            let answer = under_way.await;
            self.under_way = None;
            match answer {
                Ok(frames) => self.arrived.extend(frames),
                Err(code) => return Arrival::Closed(code),
            }
        }
    }
}

/// Errors: how a socket would have been closed.
async fn exchange(frames: String) -> Result<Vec<String>, u16> {
    let request = Request::post("/api/exchange").header("content-type", "application/json").body(frames);
    let response = async { request.ok()?.send().await.ok() }.await.ok_or(ABNORMAL)?;
    match response.status() {
        200 => {
            let text = response.text().await.map_err(|_| ABNORMAL)?;
            // The list has a line for each frame, with a comma behind it, and one for each bracket.
            let mut frames = Vec::new();
            for line in text.lines().filter(|line| line.starts_with('{')) {
                frames.push(line.trim_end_matches(',').to_owned());
            }
            Ok(frames)
        }
        401 => Err(close::SIGNED_OUT),
        429 => Err(close::FLOODING),
        _ => Err(ABNORMAL),
    }
}

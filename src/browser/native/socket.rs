//! The socket: never opened.

use std::convert::Infallible;

/// A socket that is open.
pub struct Socket(Infallible);

/// What a socket brings.
pub enum Arrival {
    /// A frame.
    Text(String),
    /// The end, with the close code.
    Closed(u16),
}

impl Socket {
    /// Opens `/ws` on this site, within a time. `None`: it cannot be opened now.
    pub async fn open(_milliseconds: u32) -> Option<Self> {
        std::future::pending().await
    }

    /// Does without a socket.
    pub fn polling() -> Self {
        unreachable!("only a browser connects")
    }

    /// Whether it is none.
    pub fn polls(&self) -> bool {
        match self.0 {}
    }

    /// The next arrival.
    pub async fn next(&mut self) -> Arrival {
        match self.0 {}
    }

    /// Sends a frame. `false`: the socket is closed.
    pub async fn send(&mut self, _text: String) -> bool {
        match self.0 {}
    }
}

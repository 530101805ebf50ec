//! A connection's bytes, for as long as the other side takes them.

use crate::{kit::meter::Meter, web::connections::Place};
use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};

/// How fast the other side takes what is sent, at least, once its patience is over: bytes in a second. Half
/// of what the slowest mobile line does; how much may wait for slow readers, the budget says
/// ([`Budget`](crate::kit::budget::Budget)).
const SLOWEST: u64 = 4 * 1024;

/// A connection that keeps its place among all until it is dropped, also when it has become a
/// socket. One whose other side takes nothing of what is sent fails after a while, and so does one that takes
/// it too slowly, or sends a message without an end.
pub struct Stream {
    tcp: TcpStream,
    patience: Duration,
    meter: Meter,
    /// Runs while there is something that the other side does not take.
    stuck: Option<Pin<Box<Sleep>>>,
    /// Since when there always was something left to take, and how much of it was taken.
    behind: Option<(Instant, u64)>,
    _place: Place,
}

impl Stream {
    /// Takes over a connection. `patience` is how long it may take before it takes anything.
    pub fn new(tcp: TcpStream, place: Place, patience: Duration, meter: Meter) -> Self {
        Self { tcp, patience, meter, stuck: None, behind: None, _place: place }
    }

    fn in_time(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(written) = written {
            self.stuck = None;
            if let (Some((_, taken)), Ok(bytes)) = (&mut self.behind, &written) {
                *taken += *bytes as u64;
            }
            return Poll::Ready(written);
        }
        let now = Instant::now();
        let (since, taken) = *self.behind.get_or_insert((now, 0));
        let stuck = self.stuck.get_or_insert_with(|| {
            // Whoever has taken much may have taken long.
            let at_slowest = since + self.patience + Duration::from_millis(taken * 1000 / SLOWEST);
            Box::pin(sleep_until(at_slowest.min(now + self.patience)))
        });
        stuck.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.tcp).poll_read(cx, buf);
        if !self.meter.read(buf.filled().len() - before) {
            return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
        }
        read
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write(cx, buf);
        self.in_time(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write_vectored(cx, bufs);
        self.in_time(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // All that there was is taken.
        self.behind = None;
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}

//! The body of a request, for as long as it may take.

use axum::body::{Body, Bytes, HttpBody};
use http_body_util::LengthLimitError;
use hyper::body::{Frame, SizeHint};
use std::{
    error::Error,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Sleep, sleep};

/// What whoever sent it too slowly is told.
pub const LATE: &str = "it did not come in time";

/// What whoever sent something that is no body is told.
pub const BROKEN: &str = "its body cannot be read";

/// A body that must have come whole in a certain time after its first byte is wanted. A time for
/// each part would not do: one byte now and then would hold the connection for hours.
pub struct Timely {
    body: Body,
    patience: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl Timely {
    /// Bounds a body's time.
    pub fn new(body: Body, patience: Duration) -> Self {
        Self { body, patience, deadline: None }
    }
}

impl HttpBody for Timely {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let patience = self.patience;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(patience)));
        if deadline.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::TimedOut, LATE).into())));
        }
        Pin::new(&mut self.body).poll_frame(cx).map_err(Into::into)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Whether a body could not be read because it took too long.
pub fn is_late(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|error| {
        error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::TimedOut)
    })
}

/// Whether a body could not be read because there was more of it than is taken.
pub fn is_too_large(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|error| error.is::<LengthLimitError>())
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

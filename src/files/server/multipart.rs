//! The fields of a form with files, `multipart/form-data` (RFC 7578), a piece at a time. What `multer` would gather
//! without a bound has one here, in bytes and in time.

use crate::kit::{body, route::MAX_BODY};
use axum::body::{Body, BodyDataStream, Bytes};
use futures::{Stream, StreamExt};
use model::error::AppError;
use multer::{Constraints, Field, Multipart, SizeLimit};
use std::{
    error::Error,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Instant, timeout};

/// What may stand before a field's own bytes, in bytes: its headers, or what belongs to no field.
const MAX_HEAD: usize = 16 * 1024;

/// The fields of a form, one after the other.
pub struct Fields {
    multipart: Multipart<'static>,
    head: Arc<AtomicUsize>,
    /// How long nothing may come of a file.
    patience: Duration,
    /// How long all that is no file may still take.
    left: Duration,
    /// How much may still come that is no file, in bytes.
    room: usize,
}

impl Fields {
    /// Those of a body with `most` bytes at most.
    pub fn new(body: Body, boundary: String, most: u64, patience: Duration) -> Self {
        let head = Arc::new(AtomicUsize::new(MAX_HEAD));
        let body = Gentle { body: body.into_data_stream(), head: head.clone(), rests: false };
        let bounds = Constraints::new().size_limit(SizeLimit::new().whole_stream(most));
        let multipart = Multipart::with_constraints(body, boundary, bounds);
        Self { multipart, head, patience, left: patience, room: MAX_BODY }
    }

    /// The next one, once all of the one before was read. `None`: that was all. Errors: `malformed`.
    pub async fn next(&mut self) -> Result<Option<Field<'static>>, AppError> {
        self.head.store(MAX_HEAD, Ordering::Relaxed);
        let field = in_time(&mut self.left, self.multipart.next_field()).await?;
        self.head.store(usize::MAX, Ordering::Relaxed);
        // Fields without anything in them come to an end, too.
        let size = |field: &Field<'_>| 1 + field.name().map_or(0, str::len);
        self.take_room(field.as_ref().map_or(0, size))?;
        Ok(field)
    }

    /// The text of a field that is no file. Errors: `malformed`, also: together they are too large.
    pub async fn text(&mut self, mut field: Field<'static>) -> Result<String, AppError> {
        let mut text = Vec::new();
        while let Some(bytes) = in_time(&mut self.left, field.chunk()).await? {
            self.take_room(bytes.len())?;
            text.extend_from_slice(&bytes);
        }
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// Lets what is left of a file go by: a browser reads no answer before it has sent everything. Errors: `malformed`.
    pub async fn skip(&mut self, mut field: Field<'static>) -> Result<(), AppError> {
        loop {
            // As for one that is received: as long as something comes.
            let mut patience = self.patience;
            if in_time(&mut patience, field.chunk()).await?.is_none() {
                return Ok(());
            }
        }
    }

    fn take_room(&mut self, bytes: usize) -> Result<(), AppError> {
        let left = self.room.checked_sub(bytes);
        self.room = left.ok_or_else(|| AppError::malformed("its fields are too large"))?;
        Ok(())
    }
}

/// What comes within a time, which it takes away from.
async fn in_time<T>(
    left: &mut Duration,
    next: impl Future<Output = multer::Result<T>>,
) -> Result<T, AppError> {
    let since = Instant::now();
    let next = timeout(*left, next).await.map_err(|_| AppError::malformed(body::LATE))?;
    *left = left.saturating_sub(since.elapsed());
    next.map_err(|error| {
        tracing::debug!(%error, "a form with files could not be read");
        AppError::malformed(body::BROKEN)
    })
}

/// A body that says after each piece that there is nothing more yet: `multer` takes in all that is there before it
/// looks at it. And it ends where what is looked for does not come.
struct Gentle {
    body: BodyDataStream,
    /// How much may still come, in bytes; the last piece may be larger.
    head: Arc<AtomicUsize>,
    rests: bool,
}

impl Stream for Gentle {
    type Item = Result<Bytes, Box<dyn Error + Send + Sync>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.rests) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Some(next) = ready!(self.body.poll_next_unpin(cx)) else { return Poll::Ready(None) };
        let bytes = next?;
        let head = self.head.load(Ordering::Relaxed);
        if head == 0 {
            return Poll::Ready(Some(Err("what stands before a field is too large".into())));
        }
        self.head.store(head.saturating_sub(bytes.len()), Ordering::Relaxed);
        self.rests = true;
        Poll::Ready(Some(Ok(bytes)))
    }
}

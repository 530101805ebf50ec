//! Memory for large answers that are on their way: so much for each network, and so much in all. Whoever
//! asks for many and takes them slowly finds no room for more, and nobody else notices.

use super::{AppState, Config, Part, limits::client_network};
use crate::kit::error::Refused;
use axum::{
    body::{Body, Bytes, HttpBody, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use hyper::body::{Frame, SizeHint};
use model::error::{AppError, ErrorCode};
use std::{
    collections::HashMap,
    net::IpAddr,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

/// Smaller answers are not counted, in bytes.
const SMALL: usize = 64 * 1024;
/// All networks together may take as much as so many of them.
const NETWORKS: usize = 8;
/// How much of an answer is handed on at a time: what the connection has not taken yet is counted.
const PIECE: usize = 16 * 1024;

/// What large answers take up.
#[derive(Clone)]
pub struct Budget {
    /// What answers to one network may take, in bytes.
    most_of_network: usize,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_network: HashMap<IpAddr, usize>,
}

impl Part for Budget {
    fn new(config: &Config) -> Self {
        Self { most_of_network: config.answer_room, taken: Arc::default() }
    }
}

/// Room for one answer, until this is dropped.
pub struct Room {
    budget: Budget,
    network: IpAddr,
    bytes: usize,
}

impl Budget {
    /// Room for an answer of so many bytes; a small one needs none. Errors: `unavailable`, there is none.
    pub fn enter(&self, network: IpAddr, bytes: usize) -> Result<Option<Room>, AppError> {
        if bytes < SMALL {
            return Ok(None);
        }
        let mut taken = self.lock();
        let all = taken.all + bytes;
        let of_network = taken.by_network.get(&network).copied().unwrap_or_default() + bytes;
        if all > self.most_of_network * NETWORKS || of_network > self.most_of_network {
            tracing::warn!(audit = "limit", limit = "answers", from = %network, "refused by a limit");
            let why = "Too much is on its way already. Please try again in a moment.";
            return Err(AppError::new(ErrorCode::Unavailable, why).retry_after(5));
        }
        taken.all = all;
        taken.by_network.insert(network, of_network);
        Ok(Some(Room { budget: self.clone(), network, bytes }))
    }

    /// How many bytes large answers take up now.
    pub fn taken(&self) -> usize {
        self.lock().all
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut taken = self.budget.lock();
        taken.all -= self.bytes;
        if let Some(of_network) = taken.by_network.get_mut(&self.network) {
            *of_network -= self.bytes;
            if *of_network == 0 {
                taken.by_network.remove(&self.network);
            }
        }
    }
}

/// Keeps answers whose size is known within the budget.
pub async fn bound(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let network = client_network(&app, &parts);
    let response = next.run(Request::from_parts(parts, body)).await;
    let size = response.body().size_hint().exact().unwrap_or_default() as usize;
    let room = match network.and_then(|network| app.part::<Budget>().enter(network, size)) {
        Ok(Some(room)) => room,
        Ok(None) => return response,
        Err(error) => return Refused(error).into_response(),
    };
    let (parts, body) = response.into_parts();
    match to_bytes(body, size).await {
        Ok(bytes) => Response::from_parts(parts, Body::new(Held { bytes, _room: room })),
        Err(error) => Refused(super::internal(error)).into_response(),
    }
}

/// A body that takes up room until the connection has taken all of it.
struct Held {
    bytes: Bytes,
    _room: Room,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let length = self.bytes.len().min(PIECE);
        let piece = self.bytes.split_to(length);
        Poll::Ready((!piece.is_empty()).then_some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64)
    }
}

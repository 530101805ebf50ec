//! How much may still be read of a connection: a socket's frames are put together below us, and a message
//! that never ends would keep a core busy with parts that hold nothing.

use model::event::MAX_FRAME;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// What may be read for one message, in bytes: the message itself, its frames, what was read ahead, and
/// what a client may have in small parts. An empty part has 6 bytes.
const MOST_FOR_ONE: u64 = 4 * MAX_FRAME as u64;

/// Counts what is read of one connection; in the extensions of its requests.
#[derive(Clone)]
pub struct Meter(Arc<Counts>);

struct Counts {
    read: AtomicU64,
    most: AtomicU64,
}

impl Meter {
    /// Counts without a bound.
    pub fn new() -> Self {
        Self(Arc::new(Counts { read: AtomicU64::new(0), most: AtomicU64::new(u64::MAX) }))
    }

    /// A message begins, which must have come whole within a bound.
    pub fn next_message(&self) {
        let most = self.0.read.load(Ordering::Relaxed) + MOST_FOR_ONE;
        self.0.most.store(most, Ordering::Relaxed);
    }

    /// So many bytes more were read. `false`: that is too much for one message.
    pub fn read(&self, bytes: usize) -> bool {
        let read = self.0.read.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
        read <= self.0.most.load(Ordering::Relaxed)
    }

    /// Whether more was read than may be.
    pub fn is_exceeded(&self) -> bool {
        self.0.read.load(Ordering::Relaxed) > self.0.most.load(Ordering::Relaxed)
    }
}

impl Default for Meter {
    fn default() -> Self {
        Self::new()
    }
}

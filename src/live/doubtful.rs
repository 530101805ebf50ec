//! Messages that the store may have kept although it answered with an error. Whoever sends one again
//! is acknowledged, and then the others are still to be told. Whoever connects later learns it anyway.

use model::{
    error::{AppError, ErrorCode},
    id::MessageId,
};
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard},
};

/// So many are remembered, the newest ones.
const MOST: usize = 4096;

/// The messages that, or a change of which, nobody may have been told of.
#[derive(Default)]
pub struct Doubtful(Mutex<VecDeque<MessageId>>);

impl Doubtful {
    /// Notes a message if its error leaves open whether it was stored.
    pub fn note(&self, id: MessageId, error: &AppError) {
        if matches!(error.code, ErrorCode::Unavailable | ErrorCode::Internal) {
            let mut ids = self.ids();
            ids.truncate(MOST - 1);
            ids.push_front(id);
        }
    }

    /// Whether the message was noted; it is not from now on.
    pub fn settle(&self, id: MessageId) -> bool {
        let mut ids = self.ids();
        let before = ids.len();
        ids.retain(|noted| *noted != id);
        ids.len() < before
    }

    fn ids(&self) -> MutexGuard<'_, VecDeque<MessageId>> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_stored_is_told_once_and_the_oldest_is_forgotten() {
        let (doubtful, lost) = (Doubtful::default(), AppError::new(ErrorCode::Unavailable, ""));
        let ids: Vec<_> = (0..=MOST).map(|_| MessageId::new()).collect();
        ids.iter().for_each(|id| doubtful.note(*id, &lost));
        assert!(!doubtful.settle(ids[0]), "there is no room for it");
        assert!(doubtful.settle(ids[1]));
        assert!(!doubtful.settle(ids[1]));

        doubtful.note(ids[1], &AppError::not_found());
        assert!(!doubtful.settle(ids[1]), "it was certainly not stored");
    }
}

//! A broken promise.

use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub promise: Promise,
    pub what: String,
}

/// What `docs/reliability.md` promises, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// What was acknowledged or shown to anybody is in the store, in the place that was named and as it was
    /// left last.
    AcknowledgedStays,
    /// Nothing is stored twice, nor is what nobody wrote.
    StoredOnce,
    /// Every device ends with what the store holds, and no version is missing.
    DevicesAgree,
    /// What was acknowledged before something else was begun comes before it.
    RealTimeOrder,
    /// What a device wrote stays in the order of writing.
    SendersOrder,
    /// Nobody's read cursor ever went back, and no answer was older than what was known.
    NeverGoesBack,
    /// Once the attack is over everything mends by itself.
    Healing,
    /// Nobody is told what is said where they do not belong, or did not yet.
    OnlyForMembers,
    /// A message that is in the store has its files, and each of these all bytes that were sent.
    FilesAreWhole,
    /// What was erased is gone with its bytes, and there are none that belong to nothing.
    ErasedIsGone,
}

impl Promise {
    pub fn broken(self, what: impl Into<String>) -> Fault {
        Fault { promise: self, what: what.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.promise, self.what)
    }
}

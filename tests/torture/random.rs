//! Numbers that look random and are the same for the same seed.

use std::ops::Range;

#[derive(Clone, Debug)]
pub struct Random(fastrand::Rng);

impl Random {
    pub fn from_seed(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    pub fn next(&mut self) -> u64 {
        self.0.u64(..)
    }

    /// A number of a range that is not empty.
    pub fn within(&mut self, range: Range<u64>) -> u64 {
        self.0.u64(range)
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.0.f64() < probability
    }

    /// One of a list; `None` if it is empty.
    pub fn one_of<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        self.0.choice(list).copied()
    }

    /// A list's elements in another order.
    pub fn shuffled<T: Copy>(&mut self, list: &[T]) -> Vec<T> {
        let mut list = list.to_vec();
        self.0.shuffle(&mut list);
        list
    }
}

//! A queue that nobody can have for themselves: turns go around the networks that wait, and within one
//! around the names.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::oneshot;

/// The most that wait in all,
const MOST: usize = 200;
/// and under one name from one network.
const MOST_OF_NAME: usize = 50;

/// So many at a time; the others wait.
#[derive(Clone)]
pub struct Turns(Arc<Mutex<Queue>>);

/// Whoever holds it has their turn; dropping it passes it on, also when it was on its way to somebody who has
/// left meanwhile.
pub struct Turn(Option<Turns>);

struct Queue {
    free: usize,
    /// In the order in which they came.
    waiting: Vec<Waiting>,
    /// When whoever waits had their last turn, counted in turns.
    served: HashMap<(IpAddr, Option<String>), u64>,
    turns: u64,
}

struct Waiting {
    network: IpAddr,
    name: String,
    turn: oneshot::Sender<Turn>,
}

impl Turns {
    /// A queue for so many at a time.
    pub fn new(at_once: usize) -> Self {
        let queue = Queue { free: at_once, waiting: Vec::new(), served: HashMap::new(), turns: 0 };
        Self(Arc::new(Mutex::new(queue)))
    }

    /// Waits for a turn. `None`: too many wait, and whoever comes from there has their share of them.
    pub async fn take(&self, network: IpAddr, name: &str) -> Option<Turn> {
        let turn = {
            let mut queue = self.lock();
            if queue.free > 0 {
                queue.free -= 1;
                queue.serve(network, name);
                return Some(Turn(Some(self.clone())));
            }
            queue.make_room(network, name)?;
            let (sender, turn) = oneshot::channel();
            queue.waiting.push(Waiting { network, name: name.to_owned(), turn: sender });
            turn
        };
        // One that is put out by others, who have fewer waiting, is told nothing else.
        turn.await.ok()
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.lock().waiting.len()
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(turns) = self.0.take() else { return };
        loop {
            // The lock is not held while it is handed over: what nobody takes comes back by here.
            let next = turns.lock().next();
            let Some(next) = next else { return };
            match next.send(Self(Some(turns.clone()))) {
                Ok(()) => return,
                Err(mut untaken) => untaken.0 = None,
            }
        }
    }
}

impl Queue {
    /// Makes room for one more: the last of the network that has the most waiting goes, or of the name that
    /// has, in one's own network. `None`: nobody has more than whoever comes.
    fn make_room(&mut self, network: IpAddr, name: &str) -> Option<()> {
        self.waiting.retain(|waiting| !waiting.turn.is_closed());
        let of = |network: IpAddr| self.waiting.iter().filter(move |waiting| waiting.network == network);
        let under = |name: &str| of(network).filter(|waiting| waiting.name == name).count();
        if under(name) >= MOST_OF_NAME {
            return None;
        }
        if self.waiting.len() < MOST {
            return Some(());
        }
        let most =
            self.waiting.iter().map(|waiting| waiting.network).max_by_key(|other| of(*other).count())?;
        let last = if of(most).count() > of(network).count() + 1 {
            self.waiting.iter().rposition(|waiting| waiting.network == most)
        } else {
            let most = of(network).max_by_key(|waiting| under(&waiting.name))?;
            let has_more = under(&most.name) > under(name) + 1;
            let is_theirs = |waiting: &Waiting| waiting.network == network && waiting.name == most.name;
            self.waiting.iter().rposition(is_theirs).filter(|_| has_more)
        };
        self.waiting.remove(last?);
        Some(())
    }

    /// Whoever waits and was served the longest ago, their network first, is next to have the turn that has
    /// become free. `None`: nobody waits.
    fn next(&mut self) -> Option<oneshot::Sender<Turn>> {
        let served = |network, name| self.served.get(&(network, name)).copied().unwrap_or_default();
        let next = (0..self.waiting.len()).min_by_key(|index| {
            let Waiting { network, name, .. } = &self.waiting[*index];
            (served(*network, None), served(*network, Some(name.clone())), *index)
        });
        let Some(next) = next else {
            self.free += 1;
            // Where nobody waits, nobody is behind.
            self.served.clear();
            return None;
        };
        let Waiting { network, name, turn } = self.waiting.remove(next);
        if !turn.is_closed() {
            self.serve(network, &name);
        }
        Some(turn)
    }

    fn serve(&mut self, network: IpAddr, name: &str) {
        self.turns += 1;
        // A flood of names may not cost memory: those that are waited under are known.
        if self.served.len() > 4 * MOST {
            let waiting = &self.waiting;
            self.served.retain(|(of, name), _| {
                let is_theirs = |waiting: &Waiting| {
                    waiting.network == *of && name.as_ref().is_none_or(|name| *name == waiting.name)
                };
                waiting.iter().any(is_theirs)
            });
        }
        self.served.insert((network, None), self.turns);
        self.served.insert((network, Some(name.to_owned())), self.turns);
    }
}

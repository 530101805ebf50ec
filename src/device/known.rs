//! What the device knows, as the views read it: whoever looks at one conversation is told when that one
//! changes, and not when another does.

use leptos::prelude::*;
use model::{
    id::ConversationId,
    state::{ChatState, Touched},
    thread::Thread,
};
use std::collections::HashMap;

/// Anything has changed.
const ALL: u128 = 0;
/// Somebody is called otherwise, came or went, or is something else to the viewer.
const PEOPLE: u128 = 1;

/// The state, and who is told of its changes. A cheap handle.
#[derive(Clone, Copy)]
pub struct Known {
    state: StoredValue<ChatState>,
    /// Of those that somebody has looked at: conversations by their ids, and the two below.
    changes: StoredValue<HashMap<u128, ArcRwSignal<()>>>,
}

impl Known {
    /// Nobody looks yet.
    pub fn new(state: ChatState) -> Self {
        Self { state: StoredValue::new(state), changes: StoredValue::default() }
    }

    /// Reads everything; the reader is told of each change.
    pub fn with<T>(self, read: impl FnOnce(&ChatState) -> T) -> T {
        self.track(ALL);
        self.state.with_value(read)
    }

    /// Reads who is who; the reader is told of no message.
    pub fn with_people<T>(self, read: impl FnOnce(&ChatState) -> T) -> T {
        self.track(PEOPLE);
        self.state.with_value(read)
    }

    /// Reads one conversation, if it is there; the reader is told when it changes.
    pub fn with_thread<T>(
        self,
        id: ConversationId,
        read: impl FnOnce(&ChatState, &Thread) -> T,
    ) -> Option<T> {
        self.track(id.0.as_u128());
        self.state.with_value(|state| Some(read(state, state.threads.get(&id)?)))
    }

    /// Reads without being told of anything.
    pub fn with_untracked<T>(self, read: impl FnOnce(&ChatState) -> T) -> T {
        self.state.with_value(read)
    }

    /// The same while the page is being left; `None`: it is.
    pub fn try_with_untracked<T>(self, read: impl FnOnce(&ChatState) -> T) -> Option<T> {
        self.state.try_with_value(read)
    }

    /// Changes it, and tells those whom that concerns. `None`: the page is being left.
    pub fn change<T>(self, change: impl FnOnce(&mut ChatState) -> (T, Touched)) -> Option<T> {
        let (result, touched) = self.state.try_update_value(change)?;
        self.tell(touched);
        Some(result)
    }

    fn track(self, what: u128) {
        let mut change = None;
        self.changes.update_value(|all| change = Some(all.entry(what).or_default().clone()));
        if let Some(change) = change {
            change.track();
        }
    }

    fn tell(self, touched: Touched) {
        let mut changes = Vec::new();
        self.changes.with_value(|all| {
            let mut add = |what: u128| changes.extend(all.get(&what).cloned());
            match touched {
                Touched::Nothing => {}
                Touched::Thread(id) => {
                    add(id.0.as_u128());
                    add(ALL);
                }
                Touched::People => {
                    add(PEOPLE);
                    add(ALL);
                }
                Touched::Everything => changes.extend(all.values().cloned()),
            }
        });
        for change in changes {
            change.notify();
        }
    }
}

//! What the device knows, as the views read it: whoever looks at one conversation is told when that one
//! changes, and not when another does.

use leptos::prelude::*;
use model::{
    id::ConversationId,
    state::{ChatState, Touched},
    thread::Thread,
};
use std::collections::HashMap;

/// The state, and who is told of its changes. A cheap handle.
#[derive(Clone, Copy)]
pub struct Known {
    state: StoredValue<ChatState>,
    /// Anything has changed.
    all: RwSignal<()>,
    /// Somebody is called otherwise, came or went, or is something else to the viewer.
    people: RwSignal<()>,
    /// One conversation has changed; of those that somebody has looked at.
    threads: StoredValue<HashMap<ConversationId, ArcRwSignal<()>>>,
}

impl Known {
    /// Nobody looks yet.
    pub fn new(state: ChatState) -> Self {
        Self {
            state: StoredValue::new(state),
            all: RwSignal::new(()),
            people: RwSignal::new(()),
            threads: StoredValue::default(),
        }
    }

    /// Reads everything; the reader is told of each change.
    pub fn with<T>(self, read: impl FnOnce(&ChatState) -> T) -> T {
        self.all.track();
        self.state.with_value(read)
    }

    /// Reads who is who; the reader is told of no message.
    pub fn with_people<T>(self, read: impl FnOnce(&ChatState) -> T) -> T {
        self.people.track();
        self.state.with_value(read)
    }

    /// Reads one conversation, if it is there; the reader is told when it changes.
    pub fn with_thread<T>(
        self,
        id: ConversationId,
        read: impl FnOnce(&ChatState, &Thread) -> T,
    ) -> Option<T> {
        self.track_thread(id);
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

    fn track_thread(self, id: ConversationId) {
        let mut change = None;
        self.threads.update_value(|all| change = Some(all.entry(id).or_default().clone()));
        if let Some(change) = change {
            change.track();
        }
    }

    fn tell(self, touched: Touched) {
        let mut changes = Vec::new();
        self.threads.with_value(|all| match touched {
            Touched::Thread(id) => changes.extend(all.get(&id).cloned()),
            Touched::Everything => changes.extend(all.values().cloned()),
            Touched::Nothing | Touched::People => {}
        });
        for change in changes {
            change.notify();
        }
        if matches!(touched, Touched::People | Touched::Everything) {
            self.people.notify();
        }
        if touched != Touched::Nothing {
            self.all.notify();
        }
    }
}

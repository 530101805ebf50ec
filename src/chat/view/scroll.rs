//! Where a conversation is scrolled to, and what follows from it: what was seen, what is loaded.

use crate::{browser::page, device::Live};
use leptos::{html, prelude::*};
use model::id::ConversationId;

/// Within so many pixels of the end, the end is followed.
const NEAR: i32 = 80;
/// So many pixels before the beginning, older messages are asked for.
const SOON: i32 = 400;

/// The log of one conversation. It scrolls from its end: 0 is the end, and less than 0 is above it.
#[derive(Clone, Copy)]
pub struct Scroll {
    live: Live,
    id: ConversationId,
    /// The element that scrolls.
    pub log: NodeRef<html::Div>,
    /// Whether something came below what is in sight.
    pub has_news: RwSignal<bool>,
    /// Whether older messages are being put in above.
    pub grows_above: RwSignal<bool>,
    /// The seq before which there are messages that are not shown.
    pub older: Memo<Option<u64>>,
}

impl Scroll {
    /// At the end of a conversation.
    pub fn new(live: Live, id: ConversationId, older: Memo<Option<u64>>) -> Self {
        let (has_news, grows_above) = (RwSignal::new(false), RwSignal::new(false));
        Self { live, id, log: NodeRef::new(), has_news, grows_above, older }
    }

    /// Follows the end while it is in sight, and notes what was seen, for as long as the view lives.
    pub fn follow(self, newest: Memo<Option<u64>>) {
        Effect::new(move |before: Option<Option<u64>>| {
            let now = self.older.get();
            if before.is_some_and(|before| before != now) {
                // Once they are laid out, the end is followed again.
                after_frame(move || {
                    self.grows_above.try_set(false);
                });
            }
            now
        });
        Effect::new(move |before: Option<Option<u64>>| {
            let newest = newest.get();
            if before.is_some_and(|before| before < newest) && self.distance() > NEAR {
                self.has_news.set(true);
            } else {
                self.to_end();
            }
            self.see();
            newest
        });
        Effect::new(move || {
            let focus = window_event_listener(leptos::ev::focus, move |_| self.see());
            let visible = window_event_listener(leptos::ev::visibilitychange, move |_| self.see());
            on_cleanup(move || {
                focus.remove();
                visible.remove();
            });
        });
    }

    /// The log was scrolled.
    pub fn scrolled(self) {
        if self.distance() <= NEAR {
            self.has_news.set(false);
            self.see();
        }
        self.load_if_near();
        // What comes in sight by this is laid out in the frame after the next, and may be less high than it
        // was taken to be.
        after_frame(move || after_frame(move || self.load_if_near()));
    }

    /// Goes to the newest message.
    pub fn to_end(self) {
        if let Some(log) = self.log.get_untracked() {
            log.set_scroll_top(0);
        }
        self.has_news.set(false);
    }

    /// Asks for the messages before the oldest one that is shown.
    pub fn load_older(self) {
        if let Some(before) = self.older.get_untracked() {
            self.grows_above.set(true);
            self.live.load(self.id, Some(before));
        }
    }

    fn load_if_near(self) {
        if let Some(log) = self.log.try_get_untracked().flatten()
            && log.scroll_height() - log.client_height() - self.distance() < SOON
        {
            self.load_older();
        }
    }

    /// How many pixels above the end.
    fn distance(self) -> i32 {
        self.log.get_untracked().map_or(0, |log| -log.scroll_top())
    }

    /// Moves the read cursor to what is on the screen.
    fn see(self) {
        let seen = self.live.state.with_untracked(|state| {
            let thread = state.threads.get(&self.id)?;
            let last = thread.last_message()?.seq;
            (thread.unread(state.me.id) > 0 && thread.read_by(state.me.id) < last).then_some(last)
        });
        if let Some(seq) = seen.filter(|_| page::is_watched() && self.distance() <= NEAR) {
            self.live.mark_read(self.id, seq);
        }
    }
}

/// Runs `work` when the next frame has been laid out.
fn after_frame(work: impl FnOnce() + 'static) {
    request_animation_frame(move || request_animation_frame(work));
}

//! Where a conversation is scrolled to, and what follows from it: what was seen, what is loaded.

use crate::{
    browser::page,
    chat::view::{chunks::Part, items::Words},
    device::Device,
};
use leptos::{html, prelude::*, web_sys::Element};
use model::id::ConversationId;

/// Within so many pixels of the end, the end is followed.
const NEAR: i32 = 80;
/// So many pixels from the end, and a button leads back there.
const FAR: i32 = 600;
/// So many pixels before the beginning, older messages are asked for.
const SOON: i32 = 400;
/// The divider before what was not read.
const DIVIDER: &str = ".new";
/// The groups that messages stand in.
const CHUNK: &str = ".chunk";

/// The log of one conversation. It scrolls from its end: 0 is the end, and less than 0 is above it.
#[derive(Clone, Copy)]
pub struct Scroll {
    device: Device,
    id: ConversationId,
    /// The element that scrolls.
    pub log: NodeRef<html::Div>,
    /// How many messages have come below what is in sight.
    pub news: RwSignal<u64>,
    /// Whether the end is far below what is in sight.
    pub is_far: RwSignal<bool>,
    /// Whether older messages are being put in above.
    pub grows_above: RwSignal<bool>,
    /// The seq before which there are messages that are not shown.
    pub older: Memo<Option<u64>>,
    contents: Memo<Vec<Part>>,
    /// The seq after which nothing was read.
    divider: RwSignal<Option<u64>>,
}

impl Scroll {
    /// At the end of a conversation.
    pub fn new(
        device: Device,
        id: ConversationId,
        older: Memo<Option<u64>>,
        contents: Memo<Vec<Part>>,
        divider: RwSignal<Option<u64>>,
    ) -> Self {
        let (news, is_far, grows_above) = (RwSignal::new(0), RwSignal::new(false), RwSignal::new(false));
        Self { device, id, log: NodeRef::new(), news, is_far, grows_above, older, contents, divider }
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
            let is_new = before.is_some_and(|before| before < newest);
            if is_new && self.distance() > NEAR {
                let came = self.came_after(before.flatten().unwrap_or_default());
                self.news.update(|news| *news += came);
            } else if before.is_none() || !page::is_watched() {
                // Nobody has seen what has come: it begins at the upper edge, if it is that much.
                self.to_end();
                after_frame(move || self.to_divider());
            } else {
                self.to_end();
            }
            after_frame(move || self.see());
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
        let distance = self.distance();
        if distance <= NEAR {
            self.news.set(0);
        }
        self.is_far.maybe_update(|is_far| std::mem::replace(is_far, distance > FAR) != (distance > FAR));
        self.see();
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
        self.news.set(0);
    }

    /// Goes up to where what was not read begins, if that is out of sight.
    fn to_divider(self) {
        let log = self.log.try_get_untracked().flatten();
        if let Some(log) = log.filter(|_| self.divider.get_untracked().is_some()) {
            page::scroll_up_to(&log, DIVIDER, NEAR / 2);
        }
    }

    /// Asks for the messages before the oldest one that is shown.
    pub fn load_older(self) {
        if let Some(before) = self.older.get_untracked() {
            self.grows_above.set(true);
            self.device.load(self.id, Some(before));
        }
    }

    /// Asks for what stands before the oldest message that is held, whatever is shown meanwhile.
    pub fn load_older_held(self) {
        let held = self.device.state.with_untracked(|state| state.threads.get(&self.id)?.older_than());
        if let Some(before) = held {
            self.grows_above.set(true);
            self.device.load(self.id, Some(before));
        }
    }

    /// Goes to a message that is held.
    pub fn to(self, seq: u64) {
        after_frame(move || page::point_at(&format!("#m{seq}")));
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

    /// How many messages of others stand after a seq.
    fn came_after(self, seq: u64) -> u64 {
        self.device.state.with_untracked(|state| {
            let Some(thread) = state.threads.get(&self.id) else { return 0 };
            let came = thread.messages.range(seq + 1..);
            came.filter(|(_, message)| message.sender != state.me.id).count() as u64
        })
    }

    /// Moves the read cursor to the last message that is on the screen, if somebody looks.
    fn see(self) {
        let Some(log) = self.log.try_get_untracked().flatten().filter(|_| page::is_watched()) else { return };
        // Where nothing is unread, nothing is looked for.
        let read = self.device.state.with_untracked(|state| {
            let thread = state.threads.get(&self.id)?;
            (thread.unread(state.me.id) > 0).then(|| thread.read_by(state.me.id))
        });
        if let Some(read) = read
            && let Some(seq) = self.last_seen(&log).filter(|seq| read < *seq)
        {
            self.device.mark_read(self.id, seq);
        }
    }

    /// The seq of the last stored message that is on the screen.
    fn last_seen(self, log: &Element) -> Option<u64> {
        let (chunk, index) = page::last_in_sight(log, CHUNK)?;
        self.contents.with_untracked(|parts| {
            let mut chunks = parts.iter().filter_map(|part| match part {
                Part::Chunk(chunk) => Some(chunk),
                Part::Day(..) | Part::Unread => None,
            });
            let bubbles = &chunks.nth(chunk)?.bubbles;
            let stored = bubbles.iter().take(index + 1).rev().find_map(|bubble| match &bubble.words {
                Words::Stored(message) => Some(message.seq),
                Words::Waiting(_) => None,
            });
            // What is on its way stands below everything that is stored.
            stored.or_else(|| {
                self.device
                    .state
                    .with_untracked(|state| state.threads.get(&self.id)?.messages.keys().next_back().copied())
            })
        })
    }
}

/// Runs `work` when the next frame has been laid out.
fn after_frame(work: impl FnOnce() + 'static) {
    request_animation_frame(move || request_animation_frame(work));
}

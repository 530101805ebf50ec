//! Where a conversation is scrolled to, and what follows from it: what was seen, what is loaded.

use crate::{
    browser::{element, page},
    chat::view::{chunks::Part, items::Words},
    device::Device,
};
use leptos::{html, prelude::*, web_sys::Element};
use model::{id::ConversationId, message::Anchor};

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
    /// The seq after which there are; `None`: the newest messages are shown.
    pub newer: Memo<Option<u64>>,
    /// The seq of a message to which somebody is led, until it is shown.
    pub goal: RwSignal<Option<u64>>,
    contents: Memo<Vec<Part>>,
    /// The seq after which nothing was read.
    divider: RwSignal<Option<u64>>,
}

impl Scroll {
    /// At the end of a conversation.
    pub fn new(
        device: Device,
        id: ConversationId,
        goal: Option<u64>,
        contents: Memo<Vec<Part>>,
        divider: RwSignal<Option<u64>>,
    ) -> Self {
        let (news, is_far, grows_above) = (RwSignal::new(0), RwSignal::new(false), RwSignal::new(false));
        let (log, goal) = (NodeRef::new(), RwSignal::new(goal));
        let ends = Memo::new(move |_| {
            let ends = device.state.with_thread(id, |_, thread| (thread.older_than(), thread.newer_than()));
            ends.unwrap_or_default()
        });
        let (older, newer) = (Memo::new(move |_| ends.get().0), Memo::new(move |_| ends.get().1));
        Self { device, id, log, news, is_far, grows_above, older, newer, goal, contents, divider }
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
            let is_end = self.newer.get_untracked().is_none();
            if is_new && !(is_end && self.distance() <= NEAR) {
                let came = self.came_after(before.flatten().unwrap_or_default());
                self.news.update(|news| *news += came);
            } else if is_end {
                self.down();
                if before.is_none() || !page::is_watched() {
                    // Nobody has seen what has come: it begins at the upper edge, if it is that much.
                    after_frame(move || self.to_divider());
                }
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
        if distance <= NEAR && self.newer.get_untracked().is_none() {
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
        self.goal.set(None);
        if self.newer.get_untracked().is_some() {
            self.device.state.change(|state| ((), state.leave_window(self.id)));
            self.load_newest();
            after_frame(move || self.down());
        }
        self.down();
    }

    /// Asks for the newest messages, unless they are held.
    pub fn load_newest(self) {
        let is_loaded = self.device.state.with_untracked(|state| Some(state.threads.get(&self.id)?.loaded));
        if is_loaded == Some(false) {
            self.device.load(self.id, Anchor::default());
        }
    }

    /// Goes to the end of what is shown.
    fn down(self) {
        if let Some(log) = self.log.try_get_untracked().flatten() {
            log.set_scroll_top(0);
        }
        self.news.set(0);
    }

    /// Goes up to where what was not read begins, if that is out of sight.
    fn to_divider(self) {
        let log = self.log.try_get_untracked().flatten();
        if let Some(log) = log.filter(|_| self.divider.get_untracked().is_some()) {
            element::scroll_up_to(&log, DIVIDER, NEAR / 2);
        }
    }

    /// Asks for the messages before the oldest one that is shown.
    pub fn load_older(self) {
        if let Some(before) = self.older.get_untracked() {
            self.grows_above.set(true);
            self.device.load(self.id, Anchor::before(before));
        }
    }

    /// Asks for the messages after the last one that is shown.
    pub fn load_newer(self) {
        let Some(after) = self.newer.get_untracked() else { return };
        // At the very end a browser would follow what is put in below, and never come to rest.
        if let Some(log) = self.log.get_untracked().filter(|_| self.distance() == 0) {
            log.set_scroll_top(-1);
        }
        self.device.load(self.id, Anchor::after(after));
    }

    /// The seq from which on nothing was read, where all that is shown lies after it.
    pub fn first_unread(self) -> Memo<Option<u64>> {
        Memo::new(move |_| {
            let after = self.divider.get()?;
            let is_above = self.device.state.with_thread(self.id, |_, thread| {
                thread.older_than().is_some_and(|oldest| oldest > after + 1)
            });
            is_above.unwrap_or_default().then_some(after + 1)
        })
    }

    /// Leads to a message, or to the next one that is there, however far back it stands.
    pub fn lead(self) {
        Effect::new(move |asked: Option<Option<u64>>| {
            let seq = self.goal.get()?;
            let held = self.device.state.with_thread(self.id, |_, thread| {
                let covers = thread.window.as_ref().is_some_and(|window| window.covers(seq));
                (thread.reaches(seq), covers)
            });
            match held? {
                (false, false) if asked.flatten() == Some(seq) => {}
                (false, false) => self.device.load(self.id, Anchor::around(seq)),
                (is_newest, _) => {
                    if is_newest {
                        self.device.state.change(|state| ((), state.leave_window(self.id)));
                    }
                    after_frame(move || self.arrive(seq));
                }
            }
            Some(seq)
        });
    }

    /// What was led to is shown, unless somebody was led elsewhere meanwhile.
    fn arrive(self, seq: u64) {
        let arrived = self.goal.try_maybe_update(|goal| {
            let arrived = goal.take_if(|goal| *goal == seq).is_some();
            (arrived, arrived)
        });
        if arrived == Some(true) {
            self.point_at(seq);
            self.see();
        }
    }

    /// Has the first message at a seq or after it be noticed, or the last one. Where nothing was read it is one of
    /// somebody else: one's own may stand between.
    fn point_at(self, seq: u64) {
        let is_first_unread =
            self.divider.try_get_untracked().flatten().is_some_and(|after| after + 1 == seq);
        let mut shown = None;
        self.contents.try_with_untracked(|parts| {
            for bubble in parts.iter().filter_map(Part::chunk).flat_map(|chunk| &chunk.bubbles) {
                if let Words::Stored(message) = &bubble.words
                    && bubble.words.noted().is_none()
                    && !(is_first_unread && bubble.mine)
                    && shown.is_none_or(|shown| shown < seq)
                {
                    shown = Some(message.seq);
                }
            }
        });
        if let Some(seq) = shown {
            element::point_at(&format!("#m{seq}"));
        }
    }

    fn load_if_near(self) {
        let Some(log) = self.log.try_get_untracked().flatten() else { return };
        if self.goal.try_get_untracked().flatten().is_some() {
            return;
        }
        let distance = self.distance();
        if log.scroll_height() - log.client_height() - distance < SOON {
            self.load_older();
        }
        if distance < SOON {
            self.load_newer();
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
        // Whoever is on the way somewhere looks at nothing here.
        if self.goal.try_get_untracked().flatten().is_some() {
            return;
        }
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
        let (chunk, index) = element::last_in_sight(log, CHUNK)?;
        self.contents.with_untracked(|parts| {
            let mut chunks = parts.iter().filter_map(Part::chunk);
            let bubbles = &chunks.nth(chunk)?.bubbles;
            let stored = bubbles.iter().take(index + 1).rev().find_map(|bubble| match &bubble.words {
                Words::Stored(message) => Some(message.seq),
                Words::Waiting(..) => None,
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

//! What is listed of one kind: what the server has told, page by page, and what this device holds itself.

use super::{BEFORE, address, asked};
use crate::{chat::view::group::Drawn, device::Device, kit::codec, ui::route::Route};
use leptos::{prelude::*, task::spawn_local};
use model::{
    id::ConversationId,
    media::{MediaEntry, MediaKind, MediaPage, with_held},
    state::ChatState,
    thread::Thread,
};

/// So many pages are asked for at once at most.
const MOST_PAGES: usize = 20;

/// A list of one kind; a cheap handle.
#[derive(Clone, Copy)]
pub struct Listing {
    /// Of which conversation.
    pub id: ConversationId,
    /// Of what.
    pub kind: MediaKind,
    /// What is listed, the newest messages first.
    pub shown: Memo<Vec<MediaEntry>>,
    /// Where it goes on; `None`: nowhere, as far as is known.
    pub before: RwSignal<Option<String>>,
    /// Whether the server was asked and has not answered.
    pub is_loading: RwSignal<bool>,
    /// Whether its last answer did not come.
    pub has_failed: RwSignal<bool>,
    told: RwSignal<Vec<MediaEntry>>,
}

impl Listing {
    /// Begins as the server has drawn it; where it has not, with what this device holds, and asks for the rest.
    pub fn new(id: ConversationId, kind: MediaKind) -> Self {
        let (device, route) = (expect_context::<Device>(), expect_context::<Route>());
        let drawn = match device.is_started.get_untracked() {
            // What was drawn is old by now.
            true => None,
            false => use_context::<Drawn>().and_then(|Drawn(drawn)| drawn.filter(|(of, _)| *of == id)),
        };
        let drawn = drawn.and_then(|(_, json)| model::json::from_str::<MediaPage>(&json).ok());
        // A part of the list, to which a page without scripting has led.
        let is_part = drawn.is_some()
            && untrack(|| asked(|name| route.query(name))).is_some_and(|asked| asked.before.is_some());
        let is_drawn = drawn.is_some();
        let page = drawn.unwrap_or_default();
        let (told, before) = (RwSignal::new(page.entries), RwSignal::new(page.before));
        let shown = Memo::new(move |_| {
            let told = told.get();
            // As it was drawn until the page lives.
            if is_part || !device.is_started.get() {
                return told;
            }
            let listed = |state: &ChatState, thread: &Thread| with_held(&told, thread, state.me.id, kind);
            device.state.with_thread(id, listed).unwrap_or_default()
        });
        let (is_loading, has_failed) = (RwSignal::new(false), RwSignal::new(false));
        let listing = Self { id, kind, shown, before, is_loading, has_failed, told };
        if !is_drawn {
            is_loading.set(true);
            Effect::new(move || listing.ask());
        }
        listing
    }

    /// Asks for more, where there is more and it was not asked for.
    pub fn load_more(self) {
        if self.is_loading.get_untracked() || self.before.read_untracked().is_none() {
            return;
        }
        self.ask();
    }

    /// Asks for what comes next, and on where nothing of that is new here: this device holds it already, or what stood
    /// there was no link.
    pub fn ask(self) {
        self.is_loading.set(true);
        self.has_failed.set(false);
        let count = move || self.shown.try_with_untracked(Vec::len);
        // At first what is held is welcome.
        let before = if self.told.read_untracked().is_empty() { Some(0) } else { count() };
        spawn_local(async move {
            for _ in 0..MOST_PAGES {
                if !self.ask_once().await || count() != before {
                    break;
                }
            }
            self.is_loading.try_set(false);
        });
    }

    /// Whether there is more to ask for.
    async fn ask_once(self) -> bool {
        // The panel may be closed by now.
        let Some(before) = self.before.try_get_untracked() else { return false };
        let before = before.map(|before| format!("&before={before}")).unwrap_or_default();
        let path = format!("/api/conversations/{}/media?kind={}{before}", self.id, self.kind.word());
        let answer = codec::get(&path).await.ok();
        let Some(page) = answer.and_then(|answer| model::json::from_str::<MediaPage>(&answer).ok()) else {
            self.has_failed.try_set(true);
            return false;
        };
        let has_more = page.before.is_some();
        self.told.try_update(|told| told.extend(page.entries));
        self.before.try_set(page.before);
        has_more
    }

    /// The address at which a page without scripting goes on with the list.
    pub fn more(self) -> Option<String> {
        let before = self.before.get()?;
        Some(format!("{}&{BEFORE}={before}", address(self.id, self.kind)))
    }
}

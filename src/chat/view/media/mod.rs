//! The panel of what a conversation holds besides words: pictures and films, other files, links, each by month. Drawn by
//! the part that `palette` declares.

mod entry;
mod list;
mod listing;

use crate::{
    browser::focus,
    chat::{view::message::Doing, words},
    ui::{
        dynamic::{Row, Rows, text},
        focus::inherited,
        icon::{Glyph, Icon},
        route::Route,
    },
};
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    html,
    prelude::*,
};
use list::List;
use listing::Listing;
use model::{
    id::ConversationId,
    media::{MediaKind, MediaRequest},
};

/// What the address says while the panel is open: which kind is listed.
pub const MEDIA: &str = "media";
/// What it says besides on a page without scripting: where the list goes on.
const BEFORE: &str = "media_before";
/// What leads to the panel: the menu of the conversation.
const OPENER: &str = ".listed-opener button";
/// What closes it.
pub const CLOSER: &str = ".media-panel header button";

/// What an address asks the panel for; `query` reads a value of it. `None`: it asks for no panel.
pub fn asked(query: impl Fn(&str) -> Option<String>) -> Option<MediaRequest> {
    let kind = MediaKind::of(&query(MEDIA)?).unwrap_or_default();
    let before = query(BEFORE).and_then(|before| before.parse().ok());
    Some(MediaRequest { kind, before })
}

/// The address at which a kind is listed.
pub fn address(id: ConversationId, kind: MediaKind) -> String {
    format!("/c/{id}?{MEDIA}={}", kind.word())
}

/// The panel.
#[component]
pub fn MediaPanel(
    /// Of which conversation.
    doing: Doing,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let route = expect_context::<Route>();
    let id = doing.id;
    let kind = Memo::new(move |_| asked(|name| route.query(name)).unwrap_or_default().kind);
    let closer = NodeRef::<html::Button>::new();
    let close = move || {
        open.set(false);
        route.forget(&[MEDIA, BEFORE]);
        focus::rescue(OPENER);
    };
    Effect::new(move || {
        if let Some(closer) = closer.get() {
            let _ = closer.focus();
        }
    });
    // There is room for one panel: this one closes those that are open, and later the other way round.
    Effect::new(move |before: Option<()>| {
        let is_other = doing.pins.get() || doing.details.get();
        match before {
            None => {
                doing.pins.set(false);
                doing.details.set(false);
            }
            Some(()) if is_other => open.set(false),
            Some(()) => {}
        }
    });
    let tab = move |one: MediaKind| {
        let current = text(move || (kind.get() == one).then_some("page"));
        view! { <a class="media-tab" href=address(id, one) aria-current=current>{words::media_kind(one)}</a> }
    };
    // Each kind is a list of its own, which begins anew.
    let lists = Signal::derive(move || {
        let kind = kind.get();
        let list = move || {
            let listing = Listing::new(id, kind);
            inherited(
                move || {
                    listing.shown.track();
                    listing.before.track();
                },
                CLOSER,
            );
            view! { <List doing listing/> }.into_any()
        };
        vec![Row::new(0, kind as u64, list)]
    });
    view! {
        <section class="details media-panel" aria-labelledby="media-title" on:focusin=move |event| focus::note(&event)
            on:keydown=move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                close();
            }
        }>
            <header>
                <h2 id="media-title">{words::MEDIA_TITLE}</h2>
                <form method="get" action=format!("/c/{id}") on:submit=move |event: SubmitEvent| {
                    event.prevent_default();
                    close();
                }>
                    <button class="icon" node_ref=closer aria-label=words::CLOSE title=words::CLOSE><Glyph icon=Icon::Cross size=16/></button>
                </form>
            </header>
            <nav class="media-tabs" aria-label=words::MEDIA_KINDS>{MediaKind::ALL.map(tab).collect_view()}</nav>
            <Rows rows=lists/>
        </section>
    }
}

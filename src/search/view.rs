//! The search for people: a field, and under it who was found.

use super::{
    finder::{FIND, Finder, PAUSE_MS},
    finding::option_id,
    words,
};
use crate::{
    device::first::Searched,
    ui::{
        dynamic::{part, text},
        icon::{Glyph, Icon},
    },
};
use leptos::{ev::SubmitEvent, prelude::*};

/// The search.
#[component]
pub fn Search(
    /// What the address asks for, and the server's answer.
    search: Option<Searched>,
) -> impl IntoView {
    let finder = Finder::new(search);
    let hint = text(move || finder.hint());
    let people = part(move || finder.rows());
    let nobody = Signal::derive(move || finder.found().is_empty());
    let active_id = text(move || (!nobody.get()).then(|| option_id(finder.active.get())));
    view! {
        <search class="find">
            <form role="search" method="get" on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                finder.find(0);
            }>
                <Glyph icon=Icon::Search/>
                <input type="search" name=FIND value=finder.asked() placeholder=words::FIND aria-label=words::FIND
                    autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="20"
                    aria-controls="found"
                    aria-activedescendant=active_id
                    node_ref=finder.field
                    on:focus=move |_| finder.prepare()
                    on:input:target=move |event| finder.typed(event.target().value(), PAUSE_MS)
                    on:keydown=move |event| finder.key(event)/>
                // Its content is text to a browser with scripting, so it may hold no nodes.
                <noscript inner_html=format!("<button class=\"btn\">{}</button>", words::SEARCH)></noscript>
            </form>
            <ul class="results" id="found" role="listbox" aria-label=words::FOUND hidden=nobody>
                {people}
            </ul>
            <p class="hint" role="status">{hint}</p>
        </search>
    }
}

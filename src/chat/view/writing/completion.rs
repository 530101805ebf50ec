//! Emojis that are completed after a colon.

use super::{
    Help, Listener,
    format::{emoji_wanted, from_units, to_units},
};
use crate::{
    browser::{element, field},
    chat::{
        view::emojis::{self, Emojis},
        words,
    },
    ui::dynamic::part,
};
use leptos::{
    ev::{self, KeyboardEvent, MouseEvent},
    prelude::*,
    task::spawn_local,
};
use std::sync::Arc;

/// So many are offered.
const MOST: usize = 8;
const LIST: &str = "emojis-offered";

/// What is offered: each emoji with its name, and which of them is chosen by Enter.
#[derive(Clone, PartialEq)]
struct Offer {
    emojis: Vec<(String, String)>,
    active: usize,
}

/// What is offered for one field.
#[derive(Clone, Copy)]
struct Offers {
    help: Help,
    shown: RwSignal<Option<Offer>>,
    /// Where the colon stands after which nothing is wanted any more.
    declined: StoredValue<Option<usize>>,
}

/// The list above the field.
#[component]
pub fn Completion(help: Help) -> impl IntoView {
    let offers = Offers { help, shown: RwSignal::new(None), declined: StoredValue::new(None) };
    let listener: Listener = Arc::new(move |event: Option<&KeyboardEvent>| match event {
        Some(event) => offers.takes(event),
        None => {
            offers.look();
            false
        }
    });
    help.listener.set_value(Some(listener));
    on_cleanup(move || {
        help.listener.try_set_value(None);
    });
    // It may have been loaded for what stands there.
    offers.look();
    // Whoever leaves the field chooses nothing.
    let left = window_event_listener(ev::focusout, move |_| offers.close());
    on_cleanup(move || left.remove());
    // The focus stays in the field: it says what is chosen.
    Effect::new(move || {
        let active = offers.shown.with(|shown| shown.as_ref().map(|offer| option_id(offer.active)));
        element::describe("#message", "aria-controls", active.as_ref().map(|_| LIST));
        element::describe("#message", "aria-activedescendant", active.as_deref());
    });
    let option = move |number: usize, emoji: &str, name: &str, is_active: bool| {
        let chosen = emoji.to_owned();
        view! {
            <li role="option" id=option_id(number) aria-selected=is_active.to_string()
                on:mousedown=move |event: MouseEvent| event.prevent_default()
                on:click=move |_| offers.choose(&chosen)>
                <span class="emoji" aria-hidden="true">{emoji.to_owned()}</span><b>{name.to_owned()}</b>
            </li>
        }
    };
    part(move || {
        let offer = offers.shown.get();
        let list = offer.map(|Offer { emojis, active }| {
            let options = emojis.iter().enumerate().map(|(number, (emoji, name))| option(number, emoji, name, number == active));
            view! { <ul class="offers plain" role="listbox" id=LIST aria-label=words::EMOJI>{options.collect_view()}</ul> }
        });
        list.into_any()
    })
}

fn option_id(number: usize) -> String {
    format!("{LIST}-{number}")
}

impl Offers {
    /// Offers what the word before the cursor begins to name.
    fn look(self) {
        let Some(input) = self.help.input.get_untracked() else { return };
        let text = input.value();
        let (start, end) = field::selection(&input);
        let wanted = emoji_wanted(&text[..from_units(&text, start)]).filter(|_| start == end);
        let Some((at, name)) = wanted else {
            self.declined.set_value(None);
            return self.close();
        };
        if self.declined.get_value() == Some(at) {
            return;
        }
        match emojis::known() {
            Some(all) => {
                let emojis = named(&all, name);
                self.shown.set((!emojis.is_empty()).then_some(Offer { emojis, active: 0 }));
            }
            None => spawn_local(async move {
                if emojis::all().await.is_some() && self.shown.try_get_untracked().is_some() {
                    self.look();
                }
            }),
        }
    }

    fn close(self) {
        self.shown.maybe_update(|shown| shown.take().is_some());
    }

    /// Whether a key was meant for the list.
    fn takes(self, event: &KeyboardEvent) -> bool {
        let Some(Offer { emojis, active }) = self.shown.get_untracked() else { return false };
        let step = |by: usize| {
            let active = (active + by) % emojis.len();
            self.shown.set(Some(Offer { emojis: emojis.clone(), active }));
        };
        match (event.key().as_str(), event.shift_key()) {
            ("ArrowDown", false) => step(1),
            ("ArrowUp", false) => step(emojis.len() - 1),
            ("Enter" | "Tab", false) => self.choose(&emojis[active].0),
            ("Escape", _) => {
                self.declined.set_value(self.wanted().map(|(at, _)| at));
                self.close();
            }
            ("ArrowLeft" | "ArrowRight" | "Home" | "End", _) => {
                self.close();
                return false;
            }
            _ => return false,
        }
        event.prevent_default();
        true
    }

    /// Where the colon before the cursor stands, and where the cursor does.
    fn wanted(self) -> Option<(usize, usize)> {
        let input = self.help.input.get_untracked()?;
        let text = input.value();
        let cursor = from_units(&text, field::selection(&input).0);
        Some((emoji_wanted(&text[..cursor])?.0, cursor))
    }

    /// Puts an emoji in the place of its name.
    fn choose(self, emoji: &str) {
        if let Some((input, (from, to))) = self.help.input.get_untracked().zip(self.wanted()) {
            let text = input.value();
            field::replace(&input, (to_units(&text, from), to_units(&text, to)), emoji);
            emojis::keep_recent(emoji);
        }
        self.close();
    }
}

/// The emojis with this name; then those whose names begin so, then those in whose names a word does.
fn named(all: &Emojis, name: &str) -> Vec<(String, String)> {
    let wanted = name.replace('_', " ").to_ascii_lowercase();
    let inside = format!(" {wanted}");
    let tone = emojis::tone();
    let mut found = [Vec::new(), Vec::new(), Vec::new()];
    for (emoji, names, tones) in all.iter().flat_map(|(_, emojis)| emojis) {
        let rank = match () {
            () if names.split(',').any(|name| name == wanted) => 0,
            () if names.split(',').any(|name| name.starts_with(&wanted)) => 1,
            () if names.contains(&inside) => 2,
            () => continue,
        };
        found[rank].push((emojis::toned(emoji, tones, tone), emojis::name(names).to_owned()));
    }
    found.into_iter().flatten().take(MOST).collect()
}

//! A menu behind a button; opens without scripting, too.

use crate::browser::{COLUMN, focus};
use leptos::{
    ev::{FocusEvent, KeyboardEvent},
    html,
    prelude::*,
};

/// What the arrow keys move between.
const ITEMS: &str = ".menu-item:not([hidden])";

/// A button that opens a menu. Arrows move in it; Escape, and a click anywhere else, close it.
#[component]
pub fn Menu(
    /// The accessible name of the button and of the menu.
    #[prop(into)]
    label: String,
    /// A class of its own.
    class: &'static str,
    /// What the button shows.
    #[prop(into)]
    face: ViewFn,
    /// What the menu holds.
    children: Children,
) -> impl IntoView {
    let details = NodeRef::<html::Details>::new();
    let summary = NodeRef::<html::Summary>::new();
    // A browser tells of the lost focus also while the menu is taken out of the page, and then it is nowhere.
    let menu = move || details.try_get_untracked().flatten();
    let close = move || {
        if let Some(details) = menu() {
            details.set_open(false);
        }
    };
    let leave = move || {
        close();
        // What had the focus is hidden now.
        if let Some(summary) = summary.get_untracked() {
            let _ = summary.focus();
        }
    };
    let key = move |event: KeyboardEvent| {
        let Some(menu) = menu().filter(|menu| menu.open()) else { return };
        if event.key() != "Escape" {
            return focus::walk(&event, &menu, ITEMS, COLUMN);
        }
        event.prevent_default();
        // What the menu stands in stays.
        event.stop_propagation();
        leave();
    };
    // Whatever was chosen, it is done.
    let chosen = move |_| match menu().is_some_and(|menu| focus::is_within(&menu)) {
        true => leave(),
        false => close(),
    };
    let leaves = move |event: FocusEvent| {
        use leptos::wasm_bindgen::JsCast;
        // Without a next one the focus leaves the page, or a click went on what takes none.
        let next = event.related_target().and_then(|next| next.dyn_into().ok());
        let is_inside = menu().is_some_and(|menu| menu.contains(next.as_ref()));
        if next.is_some() && !is_inside {
            close();
        }
    };
    Effect::new(move || {
        let elsewhere = window_event_listener(leptos::ev::click, move |event| {
            let inside = menu().is_some_and(|menu| {
                use leptos::wasm_bindgen::JsCast;
                let target = event.target().and_then(|target| target.dyn_into().ok());
                menu.contains(target.as_ref())
            });
            if !inside {
                close();
            }
        });
        on_cleanup(move || elsewhere.remove());
    });
    view! {
        <details node_ref=details class=format!("menu {class}") on:keydown=key on:focusout=leaves>
            <summary node_ref=summary class="icon" role="button" aria-haspopup="menu" aria-label=label.clone() title=label.clone()>{face.run()}</summary>
            <div class="menu-list" role="menu" aria-label=label on:click=chosen>{children()}</div>
        </details>
    }
}

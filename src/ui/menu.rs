//! A menu behind a button; opens without scripting, too.

use leptos::{ev::KeyboardEvent, html, prelude::*};

/// A button that opens a menu. Escape, and a click anywhere else, close it.
#[component]
pub fn Menu(
    /// The accessible name of the button and of the menu.
    label: &'static str,
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
    let close = move || {
        if let Some(details) = details.get_untracked() {
            details.set_open(false);
        }
    };
    let escape = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            close();
            // What had the focus may be hidden now.
            if let Some(summary) = summary.get_untracked() {
                let _ = summary.focus();
            }
        }
    };
    Effect::new(move || {
        let elsewhere = window_event_listener(leptos::ev::click, move |event| {
            let inside = details.get_untracked().is_some_and(|details| {
                use leptos::wasm_bindgen::JsCast;
                let target = event.target().and_then(|target| target.dyn_into().ok());
                details.contains(target.as_ref())
            });
            if !inside {
                close();
            }
        });
        on_cleanup(move || elsewhere.remove());
    });
    view! {
        <details node_ref=details class=format!("menu {class}") on:keydown=escape>
            <summary node_ref=summary class="icon" role="button" aria-haspopup="menu" aria-label=label>{face.run()}</summary>
            // Whatever was chosen, it is done.
            <div class="menu-list" role="menu" aria-label=label on:click=move |_| close()>{children()}</div>
        </details>
    }
}

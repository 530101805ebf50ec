//! The address of the page.

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, History, HtmlAnchorElement};

/// Path and query.
pub fn current() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

/// Goes on to another address.
pub fn push(to: &str) {
    let _ = history().map(|history| history.push_state_with_url(&JsValue::NULL, "", Some(to)));
}

/// Is called otherwise from now on.
pub fn replace(to: &str) {
    let _ = history().map(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(to)));
}

/// Runs when somebody goes back or forward, for as long as the page lives.
pub fn on_back(run: impl Fn() + 'static) {
    std::mem::forget(window_event_listener(ev::popstate, move |_| run()));
}

/// Runs when somebody follows a link to a conversation or the list, in this very window, for as
/// long as the page lives. All other links are the browser's.
pub fn on_link(run: impl Fn(String) + 'static) {
    std::mem::forget(window_event_listener(ev::click, move |event| {
        let elsewhere = event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key();
        if event.default_prevented() || event.button() != 0 || elsewhere {
            return;
        }
        let clicked = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = clicked.and_then(|element| element.closest("a[href]").ok()?);
        let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else { return };
        let path = link.pathname();
        let ours = link.target().is_empty()
            && window().location().origin().is_ok_and(|origin| origin == link.origin())
            && (path == "/" || path.starts_with("/c/"));
        if ours && !link.has_attribute("download") {
            event.prevent_default();
            run(path + &link.search());
        }
    }));
}

fn history() -> Option<History> {
    window().history().ok()
}

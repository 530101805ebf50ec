//! What has the focus.

use leptos::prelude::{document, queue_microtask, request_animation_frame};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent, HtmlElement, HtmlInputElement, KeyboardEvent};

/// Moves the focus among what the selector finds in an element, around its ends.
pub fn step_among(within: &Element, selector: &str, step: i32) {
    let Ok(found) = within.query_selector_all(selector) else { return };
    let found: Vec<HtmlElement> =
        (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect();
    let active = document().active_element();
    let now = found.iter().position(|element| Some(element.as_ref()) == active.as_ref());
    let next = match (now, step) {
        (None, 1..) => 0,
        (None, _) => -1,
        (Some(now), step) => now as i32 + step,
    };
    let next = next.checked_rem_euclid(found.len() as i32).and_then(|next| found.get(next as usize));
    let _ = next.map(|element| element.focus());
}

/// Moves the focus so where one of these keys was pressed: back, or forth.
pub fn walk(event: &KeyboardEvent, within: &Element, selector: &str, [back, forth]: [&str; 2]) {
    let step = match event.key() {
        key if key == back => -1,
        key if key == forth => 1,
        _ => return,
    };
    step_among(within, selector, step);
    event.prevent_default();
}

/// Moves the focus to the first that the selector finds in the page, where it has fallen to nothing because
/// what had it is gone, or will be once what has changed is drawn.
pub fn rescue(selector: &str) {
    let selector = selector.to_owned();
    rescue_if(|| true, selector);
}

thread_local! {
    /// What had the focus last, of what can go by itself.
    static NOTED: RefCell<Option<Element>> = const { RefCell::new(None) };
}

/// Notes what has the focus now, where it can go by itself.
pub fn note(event: &FocusEvent) {
    NOTED.set(event.target().and_then(|target| target.dyn_into().ok()));
}

/// The same as [`rescue`], where what was noted is gone from the page by then.
pub fn inherit(selector: &str) {
    if let Some(noted) = NOTED.with_borrow(Clone::clone) {
        rescue_if(move || !noted.is_connected(), selector.to_owned());
    }
}

fn rescue_if(is_wanted: impl Fn() -> bool + 'static, selector: String) {
    let rescue = move || {
        if !is_wanted() {
            return;
        }
        let document = document();
        let is_lost = document.active_element().is_none_or(|active| active.tag_name() == "BODY");
        let heir = document.query_selector(&selector).ok().flatten().filter(|_| is_lost);
        if let Some(heir) = heir.and_then(|heir| heir.dyn_into::<HtmlElement>().ok()) {
            let _ = heir.focus();
        }
    };
    // After what has just changed is drawn, and before the next key: that would go nowhere.
    queue_microtask(move || queue_microtask(rescue));
}

/// Where what has the focus leads to, if it is such a link.
pub fn link(selector: &str) -> Option<String> {
    let active = document().active_element();
    active.filter(|active| active.matches(selector).unwrap_or(false))?.get_attribute("href")
}

/// Whether the focus is somewhere inside.
pub fn is_within(within: &Element) -> bool {
    within.contains(document().active_element().as_deref())
}

/// Whether somebody is in the middle of writing into another field: it has the focus, and something in it.
pub fn is_typing() -> bool {
    let active = document().active_element();
    let input = active.and_then(|active| active.dyn_into::<HtmlInputElement>().ok());
    input.is_some_and(|input| !input.value().is_empty())
}

/// Whether what has the focus takes text, so that a letter is one.
pub fn takes_text() -> bool {
    let active = document().active_element();
    active.is_some_and(|active| active.matches("input, textarea, select, [contenteditable]").unwrap_or(false))
}

thread_local! {
    /// What had the focus before something was laid over the page.
    static FOCUSED: RefCell<Option<HtmlElement>> = const { RefCell::new(None) };
}

/// Notes what has the focus, before something is laid over the page that takes it.
pub fn keep() {
    let active = document().active_element();
    // What lies over the page already goes, and leads to this.
    let stays = |active: &Element| {
        active.tag_name() != "BODY" && active.closest("dialog").is_ok_and(|over| over.is_none())
    };
    if let Some(active) = active.filter(stays).and_then(|active| active.dyn_into().ok()) {
        FOCUSED.set(Some(active));
    }
}

/// Gives the focus back to what had it then, once what lies over the page is gone.
pub fn give_back() {
    let focus = || FOCUSED.with_borrow(|focused| drop(focused.as_ref().map(|focused| focused.focus())));
    let focus = move || request_animation_frame(focus);
    request_animation_frame(focus);
}

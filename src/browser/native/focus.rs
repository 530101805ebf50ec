//! What has the focus: nothing.

use leptos::web_sys::{Element, FocusEvent, KeyboardEvent};

/// Moves the focus among what the selector finds in an element.
pub fn step_among(_within: &Element, _selector: &str, _step: i32) {}

/// Moves the focus so where one of these keys was pressed.
pub fn walk(_event: &KeyboardEvent, _within: &Element, _selector: &str, _keys: [&str; 2]) {}

/// Moves the focus to the first that the selector finds in the page, where it has fallen to nothing.
pub fn rescue(_selector: &str) {}

/// Notes what has the focus now, where it can go by itself.
pub fn note(_event: &FocusEvent) {}

/// The same as [`rescue`], where what was noted is gone from the page by then.
pub fn inherit(_selector: &str) {}

/// Where what has the focus leads to.
pub fn link(_selector: &str) -> Option<String> {
    None
}

/// Whether the focus is somewhere inside.
pub fn is_within(_within: &Element) -> bool {
    false
}

/// Whether somebody is in the middle of writing into another field.
pub fn is_typing() -> bool {
    false
}

/// Whether what has the focus takes text.
pub fn takes_text() -> bool {
    false
}

/// Notes what has the focus.
pub fn keep() {}

/// Gives the focus back to what had it then.
pub fn give_back() {}

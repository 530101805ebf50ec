//! What is in the page: nothing is found.

use leptos::web_sys::{Element, Event, HtmlElement, MouseEvent};

/// Whether there is something in the page that the selector finds.
pub fn shows(_selector: &str) -> bool {
    false
}

/// Scrolls what is found into sight.
pub fn reveal(_selector: &str) {}

/// Whether what is found can be seen.
pub fn is_shown(_selector: &str) -> bool {
    false
}

/// Gives what the selector finds an attribute, or takes it away.
pub fn describe(_selector: &str, _name: &str, _value: Option<&str>) {}

/// Puts the box around a menu beside what it is about.
pub fn put_beside(_menu: &HtmlElement, _around: &str, _about: &str) {}

/// Whether the browser has a menu of its own that is wanted here.
pub fn is_for_the_browser(_event: &MouseEvent) -> bool {
    true
}

/// Where in an element somebody points, and how large it is.
pub fn point_in(_within: &Element, _event: &MouseEvent) -> ([f64; 2], [f64; 2]) {
    Default::default()
}

/// How large an element is.
pub fn size_of(_element: &Element) -> [f64; 2] {
    Default::default()
}

/// Draws an element so much larger, and elsewhere.
pub fn transform(_element: &HtmlElement, _scale: f64, _offset: [f64; 2], _at_once: bool) {}

/// Brings an element into sight, and has it be noticed.
pub fn point_at(_selector: &str) {}

/// Scrolls what is found in a log into sight.
pub fn scroll_up_to(_log: &Element, _selector: &str, _room: i32) {}

/// Whether what has been scrolled is near its end.
pub fn is_near_end(_event: &Event, _room: i32) -> bool {
    false
}

/// Of the groups that a log holds, and the articles in them: the last one that is in sight.
pub fn last_in_sight(_log: &Element, _group: &str) -> Option<(usize, usize)> {
    None
}

//! The window: there is none.

use leptos::web_sys::{
    Element, FocusEvent, HtmlElement, HtmlTextAreaElement, KeyboardEvent, MouseEvent, SubmitEvent,
};

/// Leaves the page for another one.
pub fn go_to(_path: &str) {}

/// Loads the page again.
pub fn reload() {}

/// Whether the server has another page by now.
pub async fn is_outdated() -> bool {
    false
}

/// Tells the server, by a cookie, in which zone to render times next time.
pub fn remember_zone() {}

/// Whether the address asks for something by one of these names.
pub fn asks_for(_names: &[&str]) -> bool {
    false
}

/// Whether there is something in the page that the selector finds.
pub fn shows(_selector: &str) -> bool {
    false
}

/// What a form that is being submitted would post.
pub fn posted(_event: &SubmitEvent, _lists: &[&str]) -> Option<(String, String)> {
    None
}

/// Moves the focus among what the selector finds in an element.
pub fn focus_next(_within: &Element, _selector: &str, _step: i32) {}

/// Moves the focus so where one of these keys was pressed.
pub fn walk(_event: &KeyboardEvent, _within: &Element, _selector: &str, _keys: [&str; 2]) {}

/// Calls the window so.
pub fn set_title(_title: &str) {}

/// Shows a number on the page's icon; none for 0.
pub fn show_count(_count: u64) {}

/// Moves the focus to the first that the selector finds in the page, where it has fallen to nothing.
pub fn rescue_focus(_selector: &str) {}

/// Notes what has the focus now, where it can go by itself.
pub fn note_focus(_event: &FocusEvent) {}

/// The same as [`rescue_focus`], where what was noted is gone from the page by then.
pub fn inherit_focus(_selector: &str) {}

/// Whether the focus is somewhere inside.
pub fn has_focus(_within: &Element) -> bool {
    false
}

/// Whether something is selected in a field.
pub fn has_selected(_field: &HtmlTextAreaElement) -> bool {
    false
}

/// What is selected in a field: from where to where.
pub fn selection(_field: &HtmlTextAreaElement) -> (u32, u32) {
    (0, 0)
}

/// Selects something in a field.
pub fn select(_field: &HtmlTextAreaElement, _from: u32, _to: u32) {}

/// Replaces a part of what stands in a field.
pub fn replace(_field: &HtmlTextAreaElement, _part: (u32, u32), _text: &str) {}

/// What is printed on the key that shortcuts are held with.
pub fn command_key() -> &'static str {
    "Ctrl"
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
pub fn keep_focus() {}

/// Gives the focus back to what had it then.
pub fn return_focus() {}

/// Scrolls what is found into sight.
pub fn reveal(_selector: &str) {}

/// Whether what is found can be seen.
pub fn is_shown(_selector: &str) -> bool {
    false
}

/// Writes into the field that is found.
pub fn fill(_selector: String, _text: String) {}

/// Submits the form that is found.
pub fn submit(_selector: &str) {}

/// The theme that is forced.
pub fn theme() -> Option<String> {
    None
}

/// Shows the page light or dark.
pub fn set_theme(_forced: Option<&str>) {}

/// Whether the machine is used with fingers.
pub fn is_touched() -> bool {
    false
}

/// Makes a field as high as its text.
pub fn fit_height(_field: &HtmlElement) {}

/// What stands before the caret in a field.
pub fn before_caret(_field: &HtmlTextAreaElement) -> String {
    String::new()
}

/// The field that the selector finds.
pub fn text_field(_selector: &str) -> Option<HtmlTextAreaElement> {
    None
}

/// Gives what the selector finds an attribute, or takes it away.
pub fn describe(_selector: &str, _name: &str, _value: Option<&str>) {}

/// Puts the box around a menu beside what it is about.
pub fn put_beside(_menu: &HtmlElement, _around: &str, _about: &str) {}

/// Whether the browser has a menu of its own that is wanted here.
pub fn is_for_the_browser(_event: &MouseEvent) -> bool {
    true
}

/// Puts a text into the clipboard.
pub async fn copy(_text: &str) -> bool {
    false
}

/// The whole address of a path of this site, as far as it is known.
pub fn absolute(path: &str) -> String {
    path.to_owned()
}

/// What is chosen under a name in a form that is being submitted.
pub fn chosen(_event: &SubmitEvent, _name: &str) -> Vec<String> {
    Vec::new()
}

/// Brings an element into sight, and has it be noticed.
pub fn point_at(_selector: &str) {}

/// Scrolls what is found in a log into sight.
pub fn scroll_up_to(_log: &Element, _selector: &str, _room: i32) {}

/// Of the groups that a log holds, and the articles in them: the last one that is in sight.
pub fn last_in_sight(_log: &Element, _group: &str) -> Option<(usize, usize)> {
    None
}

/// Whether the page is on the screen.
pub fn is_visible() -> bool {
    false
}

/// Whether somebody looks at the page: it is visible and has the focus.
pub fn is_watched() -> bool {
    false
}

/// Completes after a time.
pub async fn sleep(_milliseconds: u32) {
    std::future::pending().await
}

/// A number from 0 to 1.
pub fn random() -> f64 {
    0.5
}

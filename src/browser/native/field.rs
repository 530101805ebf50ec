//! Fields of text: there are none.

use leptos::web_sys::{HtmlElement, HtmlTextAreaElement};

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

/// Writes into the field that is found.
pub fn fill(_selector: String, _text: String) {}

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

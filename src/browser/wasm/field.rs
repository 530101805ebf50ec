//! Fields of text: the caret, what is selected, and writing as a person would.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventInit, HtmlDocument, HtmlElement, HtmlInputElement, HtmlTextAreaElement};

/// Whether something is selected in a field.
pub fn has_selected(field: &HtmlTextAreaElement) -> bool {
    field.selection_start().ok() != field.selection_end().ok()
}

/// What is selected in a field, in UTF-16 code units: from where to where.
pub fn selection(field: &HtmlTextAreaElement) -> (u32, u32) {
    let end = field.selection_end().ok().flatten().unwrap_or_default();
    (field.selection_start().ok().flatten().unwrap_or(end), end)
}

/// Selects something in a field, in UTF-16 code units.
pub fn select(field: &HtmlTextAreaElement, from: u32, to: u32) {
    let _ = field.set_selection_range(from, to);
}

/// Replaces a part of what stands in a field, in UTF-16 code units, as if it was typed: the field's listeners hear of it.
pub fn replace(field: &HtmlTextAreaElement, (from, to): (u32, u32), text: &str) {
    let _ = field.focus();
    select(field, from, to);
    // Deprecated, and the only way that the browser's own undo knows of.
    let document = leptos::prelude::document().dyn_into::<HtmlDocument>().ok();
    let command = if text.is_empty() { "delete" } else { "insertText" };
    let is_done = document.is_some_and(|document| {
        document.exec_command_with_show_ui_and_value(command, false, text).unwrap_or(false)
    });
    if !is_done {
        let _ = field.set_range_text_with_start_and_end(text, from, to);
        tell_typed(field);
        let end = from + text.encode_utf16().count() as u32;
        select(field, end, end);
    }
}

/// Has a field's listeners hear that something was typed into it.
fn tell_typed(field: &Element) {
    let init = EventInit::new();
    init.set_bubbles(true);
    let _ = Event::new_with_event_init_dict("input", &init).map(|event| field.dispatch_event(&event));
}

/// Writes into the field that is found in the next frame, as a person would.
pub fn fill(selector: String, text: String) {
    let fill = move || {
        let field = leptos::prelude::document().query_selector(&selector).ok().flatten();
        let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) else { return };
        field.set_value(&text);
        let _ = field.focus();
        tell_typed(&field);
    };
    // What lay over the page gives the focus back first.
    let fill = move || leptos::prelude::request_animation_frame(fill);
    leptos::prelude::request_animation_frame(move || leptos::prelude::request_animation_frame(fill));
}

/// Makes a field as high as its text, where the style sheet alone cannot.
pub fn fit_height(field: &HtmlElement) {
    if web_sys::css::supports_with_value("field-sizing", "content").unwrap_or(true) {
        return;
    }
    let style = field.style();
    let _ = style.set_property("height", "auto");
    let _ = style.set_property("height", &format!("{}px", field.scroll_height()));
}

/// What stands before the caret in a field.
pub fn before_caret(field: &HtmlTextAreaElement) -> String {
    let units = field.selection_start().ok().flatten().unwrap_or_default() as usize;
    let before: Vec<u16> = field.value().encode_utf16().take(units).collect();
    String::from_utf16_lossy(&before)
}

/// The field that the selector finds.
pub fn text_field(selector: &str) -> Option<HtmlTextAreaElement> {
    let found = leptos::prelude::document().query_selector(selector).ok().flatten();
    found.and_then(|found| found.dyn_into().ok())
}

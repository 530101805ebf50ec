//! Forms, and what they would post.

use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement, SubmitEvent};

/// What a form that is being submitted would post: its address, and its fields as a JSON object. A field whose
/// name is in `lists` is a list of texts, unless there is none of it, every other one a text.
pub fn posted(event: &SubmitEvent, lists: &[&str]) -> Option<(String, String)> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    let fields = FormData::new_with_form(&form).ok()?;
    let json = Object::new();
    for name in lists {
        let chosen = fields.get_all(name);
        if chosen.length() > 0 {
            Reflect::set(&json, &(*name).into(), &chosen).ok()?;
        }
    }
    for field in js_sys::try_iter(&fields).ok()?? {
        let field: Array = field.ok()?.dyn_into().ok()?;
        if field.get(0).as_string().is_some_and(|name| !lists.contains(&name.as_str())) {
            Reflect::set(&json, &field.get(0), &field.get(1)).ok()?;
        }
    }
    Some((form.get_attribute("action")?, JSON::stringify(&json).ok()?.as_string()?))
}

/// Submits the form that is found.
pub fn submit(selector: &str) {
    let found = leptos::prelude::document().query_selector(selector).ok().flatten();
    let _ = found.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()).map(|form| form.request_submit());
}

/// What is chosen under a name in a form that is being submitted.
pub fn chosen(event: &SubmitEvent, name: &str) -> Vec<String> {
    let form = event.target().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    let fields = form.and_then(|form| FormData::new_with_form(&form).ok());
    fields.map_or_else(Vec::new, |fields| {
        fields.get_all(name).iter().filter_map(|value| value.as_string()).collect()
    })
}

//! Forms: nobody submits one here.

use leptos::web_sys::SubmitEvent;

/// What a form that is being submitted would post.
pub fn posted(_event: &SubmitEvent, _lists: &[&str]) -> Option<(String, String)> {
    None
}

/// Submits the form that is found.
pub fn submit(_selector: &str) {}

/// What is chosen under a name in a form that is being submitted.
pub fn chosen(_event: &SubmitEvent, _name: &str) -> Vec<String> {
    Vec::new()
}

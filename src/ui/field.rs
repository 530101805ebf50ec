//! A form that a browser posts by itself: its fields, and what the last one was refused for.

use crate::ui::flash::Flash;
use leptos::prelude::*;

/// What the last form was refused for.
#[derive(Clone)]
pub struct Refusal(pub Option<Flash>);

impl Refusal {
    /// What is wrong with a field of the form that posts to `path`.
    pub fn about(&self, path: &str, field: &str) -> Option<String> {
        let flash = self.0.as_ref().filter(|flash| flash.path == path)?;
        (flash.error.field.as_deref() == Some(field)).then(|| flash.error.message.clone())
    }

    /// What is wrong with no field.
    pub fn general(&self) -> Option<String> {
        let flash = self.0.as_ref().filter(|flash| flash.error.field.is_none())?;
        Some(flash.error.message.clone())
    }

    /// What was typed into a field.
    pub fn typed(&self, path: &str, field: &str) -> Option<String> {
        self.0.as_ref().filter(|flash| flash.path == path)?.typed.get(field).cloned()
    }
}

/// A label, its input, help, and what is wrong with it.
#[component]
pub fn Field(
    /// The input's id in the page.
    id: &'static str,
    /// Its label.
    label: &'static str,
    /// Its name in the form.
    name: &'static str,
    /// `text` or `password`.
    kind: &'static str,
    /// What a browser may fill in.
    autocomplete: &'static str,
    /// What stands in it.
    #[prop(optional)]
    value: Option<String>,
    /// The most UTF-16 units that can be typed.
    #[prop(optional)]
    max: Option<usize>,
    /// A line below.
    #[prop(optional)]
    help: Option<&'static str>,
    /// Whether it must not be empty.
    #[prop(optional)]
    required: bool,
    /// Whether it is a name, which a keyboard must not correct.
    #[prop(optional)]
    is_name: bool,
    /// Whether the page begins with the focus in it.
    #[prop(optional)]
    focus: bool,
    /// What is wrong with it.
    wrong: Option<String>,
) -> impl IntoView {
    let is_wrong = wrong.is_some();
    let (hint_id, help_id) = (format!("{id}-hint"), format!("{id}-help"));
    let help = help.filter(|help| !help.is_empty());
    let described_by = if help.is_some() { format!("{hint_id} {help_id}") } else { hint_id.clone() };
    view! {
        <div class="fld" class:bad=is_wrong>
            <label for=id>{label}</label>
            <input id=id name=name type=kind value=value maxlength=max.map(|max| max.to_string())
                autocomplete=autocomplete required=required autofocus=is_wrong || focus
                aria-invalid=is_wrong.then_some("true")
                autocapitalize=is_name.then_some("none") spellcheck=is_name.then_some("false")
                aria-describedby=described_by/>
            <small id=hint_id role="alert">{wrong}</small>
            {help.map(|help| view! { <p class="help" id=help_id>{help}</p> })}
        </div>
    }
}

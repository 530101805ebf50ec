//! What the forms are made of.

use crate::ui::flash::Flash;
use leptos::prelude::*;

/// What the last form was refused for.
#[derive(Clone)]
pub(super) struct Refusal(pub(super) Option<Flash>);

impl Refusal {
    /// What is wrong with a field of the form that posts to `path`.
    pub(super) fn about(&self, path: &str, field: &str) -> Option<String> {
        let flash = self.0.as_ref().filter(|flash| flash.path == path)?;
        (flash.error.field.as_deref() == Some(field)).then(|| flash.error.message.clone())
    }

    /// What is wrong with no field.
    pub(super) fn general(&self) -> Option<String> {
        let flash = self.0.as_ref().filter(|flash| flash.error.field.is_none())?;
        Some(flash.error.message.clone())
    }

    /// What was typed into a field.
    pub(super) fn typed(&self, path: &str, field: &str) -> Option<String> {
        self.0.as_ref().filter(|flash| flash.path == path)?.typed.get(field).cloned()
    }
}

/// A part of the page under a heading.
#[component]
pub(super) fn Panel(id: &'static str, title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="panel" id=id aria-labelledby=format!("{id}-title")>
            <h2 id=format!("{id}-title")>{title}</h2>
            {children()}
        </section>
    }
}

/// A label, its input, help, and what is wrong with it.
#[component]
pub(super) fn Field(
    id: &'static str,
    label: &'static str,
    name: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    #[prop(optional)] value: Option<String>,
    #[prop(optional)] max: Option<usize>,
    #[prop(optional)] help: Option<&'static str>,
    #[prop(optional)] required: bool,
    wrong: Option<String>,
) -> impl IntoView {
    let is_wrong = wrong.is_some();
    let (hint, help_id, hint_id) = (wrong, format!("{id}-help"), format!("{id}-hint"));
    view! {
        <div class="fld" class:bad=is_wrong>
            <label for=id>{label}</label>
            <input id=id name=name type=kind value=value maxlength=max.map(|max| max.to_string())
                autocomplete=autocomplete required=required autofocus=is_wrong
                aria-invalid=is_wrong.then_some("true")
                aria-describedby=format!("{hint_id} {help_id}")/>
            <small id=hint_id role="alert">{hint}</small>
            <p class="help" id=help_id>{help}</p>
        </div>
    }
}

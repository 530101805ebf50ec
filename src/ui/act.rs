//! A button that does one thing to one thing: a form for a page without scripting, a call with.

use leptos::{ev::SubmitEvent, prelude::*};

/// A form with one hidden field and one button.
#[component]
pub fn Act(
    /// Where the form posts to.
    action: &'static str,
    /// The hidden field's name.
    field: &'static str,
    /// Its value.
    #[prop(into)]
    value: String,
    /// The button's accessible name.
    #[prop(into)]
    label: String,
    /// The button's classes.
    class: &'static str,
    /// What to do instead of posting.
    run: Callback<()>,
    /// What the button shows.
    children: Children,
) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        run.run(());
    };
    view! {
        <form method="post" action=action on:submit=submit>
            <input type="hidden" name=field value=value/>
            <button class=class aria-label=label>{children()}</button>
        </form>
    }
}

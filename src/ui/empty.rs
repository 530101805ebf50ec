//! What stands where there is nothing yet: what it is, and what to do.

use crate::ui::icon::{Glyph, Icon};
use leptos::prelude::*;

/// An empty state.
#[component]
pub fn Empty(
    /// What there is not.
    #[prop(into)]
    title: String,
    /// What to do.
    #[prop(into)]
    hint: String,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-mark" aria-hidden="true">
                <Glyph icon=Icon::Speech size=28/>
            </span>
            <h2>{title}</h2>
            <p>{hint}</p>
        </div>
    }
}

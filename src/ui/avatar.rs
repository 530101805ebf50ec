//! Somebody's round picture: two letters on a colour that is always theirs.

use leptos::prelude::*;

/// How many colours `style/avatar.css` has.
const HUES: u32 = 24;

/// The class of the colour that is chosen by a seed, which is always the same.
pub fn hue(seed: u128) -> String {
    // The end of a UUIDv7 is random.
    format!("hue-{}", seed as u32 % HUES)
}

/// Two letters on a colour.
#[component]
pub fn Avatar(
    /// Two letters.
    initials: String,
    /// What the colour is chosen by.
    seed: u128,
    /// The small one, 40 pixels; else 48.
    #[prop(optional)]
    small: bool,
    /// Whether to show the dot.
    #[prop(into, optional)]
    online: Signal<bool>,
) -> impl IntoView {
    let class = format!("avatar {}{}", hue(seed), if small { " s" } else { "" });
    view! {
        <span class=class class:on=online aria-hidden="true">
            {initials}
        </span>
    }
}

//! What an account looks like, here and to others, and how it is opened.

use crate::{
    settings::view::parts::Panel,
    ui::{
        avatar::Avatar,
        field::{Field, Refusal},
        theme::Theme,
    },
};
use leptos::prelude::*;
use model::user::{User, initials};

/// What somebody is called.
#[component]
pub(super) fn Profile(user: User, refusal: Refusal) -> impl IntoView {
    const PATH: &str = "/api/me/display-name";
    let now = user.display_name.as_ref().map(|name| name.as_str().to_owned());
    view! {
        <Panel id="profile" title="Profile">
            <div class="profile">
                <Avatar initials=initials(user.name()) seed=user.id.0.as_u128()/>
                <div><b>{user.name().to_owned()}</b><p>{format!("Your username: {}", user.username)}</p></div>
            </div>
            <form method="post" action=PATH>
                <Field id="display-name" label="Display name" name="display_name" kind="text" autocomplete="name"
                    value=refusal.typed(PATH, "display_name").or(now).unwrap_or_default()
                    help="What others see, up to 40 characters. Leave it empty to go by your username, which they always see as well."
                    wrong=refusal.about(PATH, "display_name")/>
                <button class="btn main">"Save name"</button>
            </form>
        </Panel>
    }
}

/// Light or dark.
#[component]
pub(super) fn Appearance(theme: Theme) -> impl IntoView {
    let choice = move |choice: Theme| {
        let (value, name) = match choice {
            Theme::System => ("system", "System"),
            Theme::Light => ("light", "Light"),
            Theme::Dark => ("dark", "Dark"),
        };
        view! {
            <label class="choice">
                <input type="radio" name="theme" value=value checked=choice == theme/>
                <span>{name}</span>
            </label>
        }
    };
    view! {
        <Panel id="theme" title="Theme">
            <form method="post" action="/api/me/theme">
                <div class="choices" role="radiogroup" aria-labelledby="theme-title">
                    {Theme::ALL.map(choice).collect_view()}
                </div>
                <p class="help">"For this browser. System follows the setting of your device."</p>
                <button class="btn main" id="save-theme">"Save theme"</button>
            </form>
        </Panel>
    }
}

/// A new password for the old one.
#[component]
pub(super) fn Password(username: String, refusal: Refusal) -> impl IntoView {
    const PATH: &str = "/api/me/password";
    view! {
        <Panel id="password" title="Password">
            <form method="post" action=PATH>
                // For programs that keep passwords.
                <input type="text" name="username" value=username autocomplete="username" hidden readonly/>
                <Field id="current-password" label="Current password" name="current_password" kind="password"
                    autocomplete="current-password" required=true
                    wrong=refusal.about(PATH, "current_password")/>
                <Field id="new-password" label="New password" name="new_password" kind="password"
                    autocomplete="new-password" required=true
                    help="At least 8 characters. You will be logged out on all your other devices."
                    wrong=refusal.about(PATH, "new_password")/>
                <button class="btn main">"Change password"</button>
            </form>
        </Panel>
    }
}

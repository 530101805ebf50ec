//! What an account looks like, here and to others, and how it is opened.

use crate::{
    settings::{view::parts::Panel, words},
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
        <Panel id="profile" title=words::PROFILE>
            <div class="profile">
                <Avatar initials=initials(user.name()) seed=user.id.0.as_u128()/>
                <div><b>{user.name().to_owned()}</b><p>{words::your_username(&user.username)}</p></div>
            </div>
            <form method="post" action=PATH>
                <Field id="display-name" label=words::DISPLAY_NAME name="display_name" kind="text" autocomplete="name"
                    value=refusal.typed(PATH, "display_name").or(now).unwrap_or_default()
                    help=words::DISPLAY_NAME_HELP
                    wrong=refusal.about(PATH, "display_name")/>
                <button class="btn main">{words::SAVE_NAME}</button>
            </form>
        </Panel>
    }
}

/// Light or dark.
#[component]
pub(super) fn Appearance(theme: Theme) -> impl IntoView {
    let choice = move |choice: Theme| {
        let (value, name) = match choice {
            Theme::System => ("system", words::SYSTEM),
            Theme::Light => ("light", words::LIGHT),
            Theme::Dark => ("dark", words::DARK),
        };
        view! {
            <label class="choice">
                <input type="radio" name="theme" value=value checked=choice == theme/>
                <span>{name}</span>
            </label>
        }
    };
    view! {
        <Panel id="theme" title=words::THEME>
            <form method="post" action="/api/me/theme">
                <div class="choices" role="radiogroup" aria-labelledby="theme-title">
                    {Theme::ALL.map(choice).collect_view()}
                </div>
                <p class="help">{words::THEME_HELP}</p>
                <button class="btn main" id="save-theme">{words::SAVE_THEME}</button>
            </form>
        </Panel>
    }
}

/// A new password for the old one.
#[component]
pub(super) fn Password(username: String, refusal: Refusal) -> impl IntoView {
    const PATH: &str = "/api/me/password";
    view! {
        <Panel id="password" title=words::PASSWORD>
            <form method="post" action=PATH>
                // For programs that keep passwords.
                <input type="text" name="username" value=username autocomplete="username" hidden readonly/>
                <Field id="current-password" label=words::CURRENT_PASSWORD name="current_password" kind="password"
                    autocomplete="current-password" required=true
                    wrong=refusal.about(PATH, "current_password")/>
                <Field id="new-password" label=words::NEW_PASSWORD name="new_password" kind="password"
                    autocomplete="new-password" required=true
                    help=words::NEW_PASSWORD_HELP
                    wrong=refusal.about(PATH, "new_password")/>
                <button class="btn main">{words::CHANGE_PASSWORD}</button>
            </form>
        </Panel>
    }
}

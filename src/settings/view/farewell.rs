//! Taking along what is one's own, and leaving.

use crate::{
    settings::view::parts::Panel,
    ui::field::{Field, Refusal},
};
use leptos::prelude::*;

/// The download.
#[component]
pub(super) fn Data() -> impl IntoView {
    view! {
        <Panel id="data" title="Your data">
            <p class="help">"Your account, contacts, requests, and every message that you wrote, as one JSON file."</p>
            <a class="btn" href="/api/me/export" download="">"Download my data"</a>
        </Panel>
    }
}

/// The way to leave, which asks first.
#[component]
pub(super) fn Deletion(asked: bool, refusal: Refusal) -> impl IntoView {
    const PATH: &str = "/api/me/delete";
    // A refused one is about to be tried again.
    let wrong = refusal.about(PATH, "password");
    let ask = || {
        view! {
            <p class="help">"This deletes your account and all your conversations, for everyone in them."</p>
            <form method="get" action="/settings#delete">
                <button class="btn bad" name="delete" value="1">"Delete my account"</button>
            </form>
        }
    };
    let confirm = |wrong| {
        view! {
            <div class="warning" role="group" aria-label="Delete my account for ever">
                <p>"This cannot be undone. These vanish at once:"</p>
                <ul>
                    <li>"your account and your name, which anybody may then take;"</li>
                    <li>"you, from the contacts of everyone who has you there, and every request between you and others;"</li>
                    <li>"every conversation that you are in, with all messages in it, for you and for whom you had it with."</li>
                </ul>
                <p>
                    "You may want to "<a href="/api/me/export" download="">"download your data"</a>" first."
                </p>
                <form method="post" action=PATH>
                    <Field id="delete-password" label="Your password" name="password" kind="password"
                        autocomplete="current-password" required=true focus=true wrong/>
                    <div class="acts">
                        <a class="btn" href="/settings">"Keep my account"</a>
                        <button class="btn danger">"Delete my account"</button>
                    </div>
                </form>
            </div>
        }
    };
    view! {
        <Panel id="delete" title="Delete your account">
            {if asked || wrong.is_some() { confirm(wrong).into_any() } else { ask().into_any() }}
        </Panel>
    }
}

//! Taking along what is one's own, and leaving.

use crate::{
    settings::{view::parts::Panel, words},
    ui::field::{Field, Refusal},
};
use leptos::prelude::*;

/// The download.
#[component]
pub(super) fn Data() -> impl IntoView {
    view! {
        <Panel id="data" title=words::DATA>
            <p class="help">{words::DATA_HELP}</p>
            <a class="btn" href="/api/me/export" download="">{words::DOWNLOAD}</a>
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
            <p class="help">{words::DELETION_HELP}</p>
            <form method="get" action="/settings#delete">
                <button class="btn bad" name="delete" value="1">{words::DELETE}</button>
            </form>
        }
    };
    let confirm = |wrong| {
        view! {
            <div class="warning" role="group" aria-label=words::DELETE_FOR_EVER>
                <p>{words::VANISHES}</p>
                <ul>{words::WHAT_VANISHES.map(|what| view! { <li>{what}</li> }).collect_view()}</ul>
                <p>
                    {words::TAKE_ALONG.0}<a href="/api/me/export" download="">{words::TAKE_ALONG.1}</a>{words::TAKE_ALONG.2}
                </p>
                <form method="post" action=PATH>
                    <Field id="delete-password" label=words::YOUR_PASSWORD name="password" kind="password"
                        autocomplete="current-password" required=true focus=true wrong/>
                    <div class="acts">
                        <a class="btn" href="/settings">{words::KEEP}</a>
                        <button class="btn danger">{words::DELETE}</button>
                    </div>
                </form>
            </div>
        }
    };
    view! {
        <Panel id="delete" title=words::DELETION>
            {if asked || wrong.is_some() { confirm(wrong).into_any() } else { ask().into_any() }}
        </Panel>
    }
}

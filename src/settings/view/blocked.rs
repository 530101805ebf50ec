//! Whom somebody blocks.

use crate::settings::{view::parts::Panel, words};
use leptos::prelude::*;
use model::user::User;

/// All of them, each with a way to end it.
#[component]
pub(super) fn Blocked(blocked: Vec<User>) -> impl IntoView {
    let one = |user: User| {
        let username = user.display_name.is_some().then(|| view! { <p>{user.username.to_string()}</p> });
        view! {
            <li>
                <div><b>{user.name().to_owned()}</b>{username}</div>
                <form method="post" action="/api/people/unblock">
                    <input type="hidden" name="user_id" value=user.id.to_string()/>
                    <button class="btn small" aria-label=words::unblock(user.name())>{words::UNBLOCK}</button>
                </form>
            </li>
        }
    };
    let list = match blocked.is_empty() {
        true => view! { <p class="help">{words::NOBODY_BLOCKED}</p> }.into_any(),
        false => {
            let all: Vec<_> = blocked.into_iter().map(one).collect();
            view! { <ul class="plain devices" aria-label=words::BLOCKED>{all}</ul> }.into_any()
        }
    };
    view! {
        <Panel id="blocked" title=words::BLOCKED>
            <p class="help">{words::BLOCKED_HELP}</p>
            {list}
        </Panel>
    }
}

//! `/join/{token}`. Rendered by the server alone; its form needs no scripting.

use crate::{
    chat::words,
    ui::{avatar::Avatar, field::Refusal},
};
use leptos::prelude::*;
use model::{id::ConversationId, invitation::InvitationToken, user::initials};

/// So many members are named.
pub const MOST_NAMED: usize = 20;

/// What a link leads into.
pub struct Welcome {
    /// The link.
    pub token: InvitationToken,
    /// The group.
    pub group: ConversationId,
    /// What it is called.
    pub name: String,
    /// How many belong to it.
    pub members: usize,
    /// What those are called who have been there longest, at most [`MOST_NAMED`].
    pub named: Vec<String>,
    /// Whether the viewer is in it.
    pub is_member: bool,
}

/// The page that says what one is about to join.
#[component]
pub fn JoinPage(
    /// What one is about to join.
    welcome: Welcome,
    /// Why the form was refused.
    refusal: Refusal,
) -> impl IntoView {
    let Welcome { token, group, name, members, named, is_member } = welcome;
    let others = members.saturating_sub(named.len());
    let act = match is_member {
        true => view! { <a class="btn main" href=format!("/c/{group}")>{words::OPEN_GROUP}</a> }.into_any(),
        false => view! {
            <form method="post" action="/api/groups/join">
                <input type="hidden" name="token" value=token.to_string()/>
                <button class="btn main">{words::JOIN}</button>
            </form>
        }
        .into_any(),
    };
    view! {
        <main class="empty page join">
            <Avatar initials=initials(&name) seed=group.0.as_u128()/>
            <h1>{name}</h1>
            <p>{words::members(members)}</p>
            <ul class="plain" aria-label=words::MEMBERS>
                {named.into_iter().map(|name| view! { <li>{name}</li> }).collect_view()}
                {(others > 0).then(|| view! { <li>{words::and_others(others)}</li> })}
            </ul>
            <p role="alert">{refusal.general()}</p>
            <div class="acts">
                {act}
                <a class="btn" href="/">{words::NOT_NOW}</a>
            </div>
        </main>
    }
}

/// The page for every link that leads nowhere.
#[component]
pub fn LinkGone(
    /// What is wrong, where it is not the link.
    why: Option<String>,
) -> impl IntoView {
    view! {
        <main class="empty page">
            <h1>{words::LINK_GONE_TITLE}</h1>
            <p>{why.unwrap_or_else(|| words::LINK_GONE.to_owned())}</p>
            <a class="btn main" href="/">{words::TO_THE_CHAT}</a>
        </main>
    }
}

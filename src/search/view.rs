//! The search for people: a field, and under it who was found.

use super::finder::Finder;
use crate::{
    device::first::Searched,
    ui::{
        avatar::Avatar,
        dynamic::{part, text},
        icon::{Glyph, Icon},
    },
};
use leptos::{ev::SubmitEvent, prelude::*};
use model::{
    search::{Found, Relation},
    user::{called, initials},
};

/// For pages without scripting. A constant: view! writes a literal as an attribute.
const BUTTON: &str = r#"<button class="btn">Search</button>"#;

/// The search.
#[component]
pub fn Search(
    /// What the address asks for, and the server's answer.
    search: Option<Searched>,
) -> impl IntoView {
    let finder = Finder::new(search);
    let hint = text(move || finder.hint());
    let people = part(move || {
        let person = |(index, found): (usize, Found)| {
            // Here, where it is followed: a component reads only once.
            let relation = finder.relation(&found);
            view! { <Person finder found index relation/> }
        };
        finder.found().into_iter().enumerate().map(person).collect_view().into_any()
    });
    let nobody = Signal::derive(move || finder.found().is_empty());
    let active_id = text(move || (!nobody.get()).then(|| option_id(finder.active.get())));
    view! {
        <search class="find">
            <form role="search" method="get" on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                finder.find(0);
            }>
                <Glyph icon=Icon::Search/>
                <input type="search" name="find" value=finder.asked() placeholder="Find people" aria-label="Find people"
                    autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="20"
                    aria-controls="found"
                    aria-activedescendant=active_id
                    node_ref=finder.field
                    on:input:target=move |event| finder.typed(event.target().value())
                    on:keydown=move |event| finder.key(event)/>
                // Its content is text to a browser with scripting, so it may hold no nodes.
                <noscript inner_html=BUTTON></noscript>
            </form>
            <ul class="results" id="found" role="listbox" aria-label="People found" hidden=nobody>
                {people}
            </ul>
            <p class="hint" role="status">{hint}</p>
        </search>
    }
}

#[component]
fn Person(finder: Finder, found: Found, index: usize, relation: Relation) -> impl IntoView {
    let name = found.username.to_string();
    let called = called(&found.username, found.display_name.as_ref());
    let username = found.display_name.as_ref().map(|_| name.clone());
    let avatar = view! { <Avatar initials=initials(called) seed=found.id.0.as_u128() small=true/> };
    let act = match (relation, found.request_id) {
        (Relation::None, _) => act(
            finder,
            &found,
            "/api/friend-requests/send",
            ("username", name.clone()),
            "Add",
            format!("Add {name}"),
        ),
        (Relation::Incoming, Some(request)) => {
            let label = format!("Accept the request of {name}");
            let accept = act(
                finder,
                &found,
                "/api/friend-requests/accept",
                ("request_id", request.to_string()),
                "Accept",
                label,
            );
            view! { <span class="tag">"Asks you"</span>{accept} }.into_any()
        }
        (Relation::Incoming, None) => view! { <span class="tag">"Asks you"</span> }.into_any(),
        (Relation::Requested, _) => view! { <span class="tag">"Requested"</span> }.into_any(),
        (Relation::Contact, _) => view! { <span class="tag">"Contact"</span> }.into_any(),
    };
    let class = if relation == Relation::Contact { "result opens" } else { "result" };
    view! {
        <li class=class role="option" id=option_id(index)
            aria-selected=text(move || Some(if finder.active.get() == index { "true" } else { "false" }))
            on:click=move |_| if relation == Relation::Contact { finder.choose(&found) }>
            {avatar}
            <div><b>{called.to_owned()}</b><p>{username}</p></div>
            {act}
        </li>
    }
}

/// A button, and the form that it stands in for pages without scripting.
fn act(
    finder: Finder,
    found: &Found,
    action: &'static str,
    (field, value): (&'static str, String),
    word: &'static str,
    label: String,
) -> AnyView {
    let found = found.clone();
    view! {
        <form method="post" action=action on:submit=move |event: SubmitEvent| {
            event.prevent_default();
            finder.choose(&found);
        }>
            <input type="hidden" name=field value=value/>
            <button class="btn main small" aria-label=label>{word}</button>
        </form>
    }
    .into_any()
}

fn option_id(index: usize) -> String {
    format!("found-{index}")
}

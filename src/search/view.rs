//! The search for people: a field, and under it who was found.

use crate::{
    browser::page,
    device::{Live, first::Searched},
    kit::error::Refused,
    people::view::requests::ask,
    search::api,
    ui::{
        address::Address,
        avatar::Avatar,
        dynamic::{part, text},
        icon::{Glyph, Icon},
        toast::Toasts,
    },
};
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    html,
    prelude::*,
    task::spawn_local,
};
use model::{
    error::AppError,
    search::{Found, Relation},
    user::called,
};

/// How long after the last key the search begins, in milliseconds.
const PAUSE_MS: u32 = 300;

/// For pages without scripting. A constant: view! writes a literal as an attribute.
const BUTTON: &str = r#"<button class="btn">Search</button>"#;

#[derive(Clone, PartialEq)]
enum Answer {
    /// Nothing was asked.
    Silent,
    Searching,
    Found(Vec<Found>),
    Failed(AppError),
}

/// The search.
#[component]
pub fn Search(
    /// What the address asks for, and the server's answer.
    search: Option<Searched>,
) -> impl IntoView {
    let live = expect_context::<Live>();
    let toasts = expect_context::<Toasts>();
    let address = expect_context::<Address>();
    let (asked, answer) = match search {
        None => (String::new(), Answer::Silent),
        Some(Searched { text, found }) => (text, found.map_or_else(Answer::Failed, Answer::Found)),
    };
    let answer = RwSignal::new(answer);
    let active = RwSignal::new(0_usize);
    let term = RwSignal::new(asked.clone());
    // Counts what was typed: only the answer to the last of it is shown, and chosen from.
    let typed = StoredValue::new(0_u32);
    let answered = StoredValue::new(0_u32);

    let field = NodeRef::<html::Input>::new();
    let find = move |pause: u32| {
        let now = typed.get_value() + 1;
        typed.set_value(now);
        let q = term.get_untracked().trim().to_owned();
        if q.is_empty() {
            return answer.set(Answer::Silent);
        }
        spawn_local(async move {
            if pause > 0 {
                page::sleep(pause).await;
            }
            let is_last = move || typed.try_get_value() == Some(now);
            if !is_last() {
                return;
            }
            if matches!(answer.get_untracked(), Answer::Silent | Answer::Failed(_)) {
                answer.set(Answer::Searching);
            }
            let result = api::search_users(q).await;
            if is_last() {
                active.set(0);
                answered.set_value(now);
                answer.set(result.map_or_else(|Refused(error)| Answer::Failed(error), Answer::Found));
            }
        });
    };
    // Typed before the page was taken over.
    Effect::new(move || {
        let Some(early) = field.get().map(|field| field.value()) else { return };
        if early != term.get_untracked() {
            term.set(early);
            find(0);
        }
    });
    let clear = move || {
        if let Some(field) = field.get_untracked() {
            field.set_value("");
        }
        term.set(String::new());
        find(0);
    };
    let relation = move |found: &Found| live.state.with(|state| relation_in(state, found));
    let choose = move |found: Found| match relation(&found) {
        Relation::None | Relation::Incoming => ask(toasts, found.username.to_string()),
        Relation::Contact => {
            let contact = live.state.with_untracked(|state| state.contacts.get(&found.id).cloned());
            if let Some(contact) = contact {
                clear();
                address.go(&format!("/c/{}", contact.conversation_id));
            }
        }
        Relation::Requested => {}
    };
    let found = move || match answer.get() {
        Answer::Found(found) => found,
        Answer::Silent | Answer::Searching | Answer::Failed(_) => Vec::new(),
    };
    let keydown = move |event: KeyboardEvent| {
        let count = untrack(found).len();
        match event.key().as_str() {
            "ArrowDown" if count > 0 => active.update(|active| *active = (*active + 1) % count),
            "ArrowUp" if count > 0 => active.update(|active| *active = (*active + count - 1) % count),
            "Enter" if event.is_composing() => return,
            // Who stands there was found for something else.
            "Enter" if answered.get_value() != typed.get_value() => find(0),
            "Enter" if count > 0 => {
                if let Some(found) = untrack(found).into_iter().nth(active.get_untracked()) {
                    choose(found);
                }
            }
            "Escape" => clear(),
            _ => return,
        }
        event.prevent_default();
    };
    let hint = text(move || match answer.get() {
        Answer::Searching => Some("Searching…".to_owned()),
        Answer::Found(found) if found.is_empty() => {
            Some("Nobody found. Check the spelling, or ask them for their name.".into())
        }
        Answer::Silent | Answer::Found(_) => None,
        Answer::Failed(error) => Some(error.message),
    });
    let people = part(move || {
        let person = |(index, found): (usize, Found)| {
            let relation = relation(&found);
            view! { <Person found index active relation choose/> }
        };
        found().into_iter().enumerate().map(person).collect_view().into_any()
    });
    let active_id = text(move || (!found().is_empty()).then(|| option_id(active.get())));
    view! {
        <search class="find">
            <form role="search" method="get" on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                find(0);
            }>
                <Glyph icon=Icon::Search/>
                <input type="search" name="find" value=asked placeholder="Find people" aria-label="Find people"
                    autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="20"
                    aria-controls="found"
                    aria-activedescendant=active_id
                    node_ref=field
                    on:input:target=move |event| {
                        term.set(event.target().value());
                        find(PAUSE_MS);
                    }
                    on:keydown=keydown/>
                // Its content is text to a browser with scripting, so it may hold no nodes.
                <noscript inner_html=BUTTON></noscript>
            </form>
            <ul class="results" id="found" role="listbox" aria-label="People found"
                hidden=Signal::derive(move || found().is_empty())>
                {people}
            </ul>
            <p class="hint" role="status">{hint}</p>
        </search>
    }
}

#[component]
fn Person(
    found: Found,
    index: usize,
    active: RwSignal<usize>,
    relation: Relation,
    choose: impl Fn(Found) + 'static,
) -> impl IntoView {
    let name = found.username.to_string();
    let value = name.clone();
    let called = called(&found.username, found.display_name.as_ref()).to_owned();
    let username = found.display_name.as_ref().map(|_| name.clone());
    let avatar = view! { <Avatar initials=found.username.initials() seed=found.id.0.as_u128() small=true/> };
    let act = match relation {
        Relation::None => view! {
            <form method="post" action="/api/friend-requests/send" on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                choose(found.clone());
            }>
                <input type="hidden" name="username" value=value/>
                <button class="btn main small" aria-label=format!("Add {name}")>"Add"</button>
            </form>
        }
        .into_any(),
        Relation::Requested => view! { <span class="tag">"Requested"</span> }.into_any(),
        Relation::Incoming => view! { <span class="tag">"Asks you"</span> }.into_any(),
        Relation::Contact => view! { <span class="tag">"Contact"</span> }.into_any(),
    };
    view! {
        <li class="result" role="option" id=option_id(index)
            aria-selected=text(move || Some(if active.get() == index { "true" } else { "false" }))>
            {avatar}
            <div><b>{called}</b><p>{username}</p></div>
            {act}
        </li>
    }
}

fn option_id(index: usize) -> String {
    format!("found-{index}")
}

/// What somebody found is to the viewer by now: the search may be older than the state.
fn relation_in(state: &model::state::ChatState, found: &Found) -> Relation {
    let asks = |requests: &[model::request::FriendRequest]| {
        requests.iter().any(|request| request.user.id == found.id)
    };
    if state.contacts.contains_key(&found.id) {
        Relation::Contact
    } else if asks(&state.requests.outgoing) {
        Relation::Requested
    } else if asks(&state.requests.incoming) {
        Relation::Incoming
    } else {
        Relation::None
    }
}

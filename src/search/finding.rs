//! What is done with a search: a part of the page that is loaded when somebody begins one.

use crate::{
    browser::page,
    kit::error::Refused,
    people::view::pending::{accept, ask},
    search::{
        api,
        finder::{Answer, Finder},
        words,
    },
    ui::{avatar::Avatar, dynamic::text, lazy::lazy},
};
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    prelude::*,
    task::spawn_local,
};
use model::{
    error::AppError,
    request::FriendRequest,
    search::{Found, Relation},
    state::ChatState,
    user::{called, initials},
};

/// What can be done with a search.
#[derive(Clone, Copy)]
pub struct Finding {
    /// Reads what the server has found before the page began.
    pub read: fn(&str) -> Answer,
    /// Searches for what was typed, after a pause in milliseconds.
    pub find: fn(Finder, u32),
    /// Arrows, Enter and Escape in the field.
    pub key: fn(Finder, KeyboardEvent),
    /// What is said below the field.
    pub hint: fn(Finder) -> Option<String>,
    /// Draws those found.
    pub rows: fn(Finder, Vec<Found>) -> AnyView,
}

lazy! {
    /// All of it.
    pub static FINDING: Finding = finding(Finding { read, find, key, hint, rows })
}

fn read(answer: &str) -> Answer {
    let found = model::json::from_str::<Result<Vec<Found>, AppError>>(answer);
    found.unwrap_or_else(|error| Err(AppError::malformed(error))).map_or_else(Answer::Failed, Answer::Found)
}

/// Searches, after a pause.
fn find(finder: Finder, pause: u32) {
    let now = finder.typed.get_value() + 1;
    finder.typed.set_value(now);
    let q = finder.term.get_untracked().trim().to_owned();
    if q.is_empty() {
        return finder.answer.set(Answer::Silent);
    }
    spawn_local(async move {
        if pause > 0 {
            page::sleep(pause).await;
        }
        let is_last = move || finder.typed.try_get_value() == Some(now);
        if !is_last() {
            return;
        }
        if matches!(finder.answer.get_untracked(), Answer::Silent | Answer::Failed(_)) {
            finder.answer.set(Answer::Searching);
        }
        let result = api::search_users(q).await;
        if is_last() {
            finder.active.set(0);
            finder.picked.set_value(false);
            finder.answered.set_value(now);
            let failed = |Refused(error)| Answer::Failed(error);
            finder.answer.set(result.map_or_else(failed, Answer::Found));
        }
    });
}

/// Nothing is searched any more.
fn clear(finder: Finder) {
    if let Some(field) = finder.field.get_untracked() {
        field.set_value("");
    }
    finder.term.set(String::new());
    find(finder, 0);
}

/// What is said below the field.
fn hint(finder: Finder) -> Option<String> {
    match finder.answer.get() {
        Answer::Searching => Some(words::SEARCHING.into()),
        Answer::Found(found) if found.is_empty() => {
            let term = finder.term.get();
            let is_me = |state: &ChatState| is_called(&term, state.me.username.as_str());
            Some(if finder.device.state.with_people(is_me) { words::YOURSELF } else { words::NOBODY }.into())
        }
        Answer::Silent | Answer::Found(_) | Answer::Failed(_) => None,
    }
}

/// What somebody found is to the viewer by now: the search may be older than the state.
fn relation(finder: Finder, found: &Found) -> Relation {
    finder.device.state.with_people(|state| relation_in(state, found))
}

/// Does with somebody what can be done: asks them, accepts their request, opens the conversation.
fn choose(finder: Finder, found: &Found) {
    let device = finder.device;
    match untrack(|| relation(finder, found)) {
        Relation::None => ask(finder.toasts, found.username.to_string()),
        Relation::Incoming => {
            let request = device.state.with_untracked(|state| {
                let asks = state.requests.incoming.iter().find(|request| request.user.id == found.id);
                asks.map(|request| request.id)
            });
            if let Some(request) = request {
                accept(finder.toasts, request);
                clear(finder);
            }
        }
        Relation::Contact => {
            let contact = device.state.with_untracked(|state| state.contacts.get(&found.id).cloned());
            if let Some(contact) = contact {
                clear(finder);
                finder.route.go(&format!("/c/{}", contact.conversation_id));
            }
        }
        Relation::Requested => {}
    }
}

/// Arrows, Enter and Escape in the field.
fn key(finder: Finder, event: KeyboardEvent) {
    let found = untrack(|| finder.found());
    let count = found.len();
    let point = |step: usize| {
        finder.picked.set_value(true);
        finder.active.update(|active| *active = (*active + step) % count);
    };
    match event.key().as_str() {
        "ArrowDown" if count > 0 => point(1),
        "ArrowUp" if count > 0 => point(count - 1),
        "Enter" if event.is_composing() => return,
        // Who stands there was found for something else.
        "Enter" if finder.answered.get_value() != finder.typed.get_value() => find(finder, 0),
        "Enter" => {
            // Nobody is asked whom nobody meant: it takes an arrow, or the whole name.
            let meant = found.get(finder.active.get_untracked()).filter(|_| finder.picked.get_value());
            let named =
                |found: &&Found| finder.term.with_untracked(|term| is_called(term, found.username.as_str()));
            if let Some(found) = meant.or_else(|| found.iter().find(named)) {
                choose(finder, found);
            }
        }
        "Escape" => clear(finder),
        _ => return,
    }
    event.prevent_default();
}

/// Those found.
fn rows(finder: Finder, found: Vec<Found>) -> AnyView {
    let person = |(index, found): (usize, Found)| {
        // Here, where it is followed: a component reads only once.
        let relation = relation(finder, &found);
        view! { <Person finder found index relation/> }
    };
    found.into_iter().enumerate().map(person).collect_view().into_any()
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
            words::ADD,
            words::add(&name),
        ),
        (Relation::Incoming, Some(request)) => {
            let label = words::accept(&name);
            let accept = act(
                finder,
                &found,
                "/api/friend-requests/accept",
                ("request_id", request.to_string()),
                words::ACCEPT,
                label,
            );
            view! { <span class="tag">{words::ASKS}</span>{accept} }.into_any()
        }
        (Relation::Incoming, None) => view! { <span class="tag">{words::ASKS}</span> }.into_any(),
        (Relation::Requested, _) => view! { <span class="tag">{words::REQUESTED}</span> }.into_any(),
        (Relation::Contact, _) => view! { <span class="tag">{words::CONTACT}</span> }.into_any(),
    };
    let class = if relation == Relation::Contact { "result opens" } else { "result" };
    view! {
        <li class=class role="option" id=option_id(index)
            aria-selected=text(move || Some(if finder.active.get() == index { "true" } else { "false" }))
            on:click=move |_| if relation == Relation::Contact { choose(finder, &found) }>
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
            choose(finder, &found);
        }>
            <input type="hidden" name=field value=value/>
            <button class="btn main small" aria-label=label>{word}</button>
        </form>
    }
    .into_any()
}

/// The id of one of those found, which the field refers to.
pub fn option_id(index: usize) -> String {
    format!("found-{index}")
}

/// Whether a text is somebody's whole username.
fn is_called(text: &str, username: &str) -> bool {
    text.trim().eq_ignore_ascii_case(username)
}

fn relation_in(state: &ChatState, found: &Found) -> Relation {
    let asks = |requests: &[FriendRequest]| requests.iter().any(|request| request.user.id == found.id);
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

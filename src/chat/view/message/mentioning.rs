//! Whom one is about to mention: the list above the composer, and the keys that choose in it.

use super::Doing;
use crate::{
    browser::{element, field},
    chat::words,
    device::Device,
    ui::{
        avatar::Avatar,
        dynamic::{Row, Rows, text},
    },
};
use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    prelude::*,
    web_sys::HtmlTextAreaElement,
};
use model::{
    mention::{ALL, begins},
    state::ChatState,
    user::{Username, initials},
};

/// So many people are shown at once.
const SHOWN: usize = 8;

/// Somebody who may be meant.
#[derive(Clone, PartialEq)]
struct Candidate {
    /// What stands behind the `@`.
    word: String,
    name: String,
    seed: u128,
}

/// Where the last `@` stands, and what is behind it, if that may become a mention.
fn asked(before: &str) -> Option<(usize, &str)> {
    let (ahead, typed) = before.rsplit_once('@')?;
    let may = ahead.chars().next_back().is_none_or(begins)
        && typed.len() <= Username::MAX
        && !typed.contains(char::is_whitespace);
    may.then_some((ahead.len(), typed))
}

/// Those members whose username, or a word of whose name, begins so.
fn candidates(state: &ChatState, doing: Doing, before: &str) -> Vec<Candidate> {
    let Some((thread, (_, typed))) = state.threads.get(&doing.id).zip(asked(before)) else {
        return Vec::new();
    };
    let (typed, me) = (typed.to_lowercase(), state.me.id);
    let mut found = Vec::new();
    for member in thread.conversation.members.iter().filter(|member| **member != me) {
        let Some((word, name)) = state.username_of(*member).zip(state.name_of(*member)) else { continue };
        let (word, name) = (word.to_string(), name.to_owned());
        let called = name.to_lowercase();
        let fits = word.to_lowercase().starts_with(&typed)
            || called.split_whitespace().any(|part| part.starts_with(&typed));
        if fits {
            found.push(Candidate { word, name, seed: member.0.as_u128() });
        }
    }
    found.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    if thread.conversation.lets_mention_all(me) && ALL.starts_with(&typed) {
        found.insert(0, Candidate { word: ALL.to_owned(), name: words::EVERYBODY.to_owned(), seed: 0 });
    }
    found.truncate(SHOWN);
    found
}

fn found(device: Device, doing: Doing) -> Vec<Candidate> {
    let before = doing.completing.get();
    device.state.with_people(|_| ());
    device.state.with_untracked(|state| candidates(state, doing, &before))
}

/// Takes a key of the composer's, if the list is open and the key means it.
pub fn take_key(doing: Doing, device: Device, event: &KeyboardEvent, field: &HtmlTextAreaElement) -> bool {
    let found = untrack(|| found(device, doing));
    if found.is_empty() {
        return false;
    }
    let chosen = doing.chosen.get_untracked().min(found.len() - 1);
    match event.key().as_str() {
        "ArrowDown" => doing.chosen.set((chosen + 1) % found.len()),
        "ArrowUp" => doing.chosen.set((chosen + found.len() - 1) % found.len()),
        "Enter" | "Tab" if !event.shift_key() => put(doing, field, &found[chosen]),
        "Escape" => doing.completing.set(String::new()),
        _ => return false,
    }
    event.prevent_default();
    true
}

/// Puts a mention in the place of what was typed of it.
fn put(doing: Doing, field: &HtmlTextAreaElement, chosen: &Candidate) {
    let before = doing.completing.get_untracked();
    let (value, Some((at, _))) = (field.value(), asked(&before)) else { return };
    let Some(rest) = value.strip_prefix(before.as_str()) else { return };
    // One space follows.
    let spaces = rest.len() - rest.trim_start_matches(' ').len();
    let units = |text: &str| text.encode_utf16().count() as u32;
    let mention = ["@", chosen.word.as_str(), " "].concat();
    field::replace(field, (units(&before[..at]), units(&before) + spaces as u32), &mention);
}

/// The list, while there is anybody to mention.
#[component]
pub fn PeopleToMention(doing: Doing) -> impl IntoView {
    let device = expect_context::<Device>();
    let all = Memo::new(move |_| found(device, doing));
    Effect::new(move |_| {
        let open = !all.read().is_empty();
        let chosen = doing.chosen.get().min(all.read().len().saturating_sub(1));
        element::describe("#message", "aria-controls", open.then_some("people-to-mention"));
        element::describe(
            "#message",
            "aria-activedescendant",
            open.then(|| format!("mention-{chosen}")).as_deref(),
        );
    });
    on_cleanup(|| {
        element::describe("#message", "aria-controls", None);
        element::describe("#message", "aria-activedescendant", None);
    });
    let rows = Signal::derive(move || {
        let row = |(place, one): (usize, Candidate)| {
            Row::new(one.seed, place as u64, move || {
                view! { <Choice doing place one=one.clone()/> }.into_any()
            })
        };
        all.get().into_iter().enumerate().map(row).collect()
    });
    view! {
        <ul id="people-to-mention" class="plain offers" role="listbox" aria-label=words::PEOPLE_TO_MENTION
            hidden=Signal::derive(move || all.read().is_empty())>
            <Rows rows/>
        </ul>
    }
}

#[component]
fn Choice(doing: Doing, place: usize, one: Candidate) -> impl IntoView {
    let selected = text(move || Some((doing.chosen.get() == place).to_string()));
    let (initials, seed) = (initials(&one.name), one.seed);
    let (name, word) = (one.name.clone(), format!("@{}", one.word));
    // Before the field would lose the focus.
    let choose = move |event: MouseEvent| {
        event.prevent_default();
        if let Some(field) = field::text_field("#message") {
            put(doing, &field, &one);
        }
    };
    view! {
        <li id=format!("mention-{place}") role="option" aria-selected=selected on:mousedown=choose>
            <Avatar initials seed small=true/>
            <b>{name}</b>
            <span>{word}</span>
        </li>
    }
}

//! The messages of a conversation.

use crate::{
    chat::{
        view::{
            chunks::{Chunk, ChunkKey, Part, chunk},
            items::{Bubble, Progress},
            text::Linked,
        },
        words,
    },
    device::Device,
    ui::{
        avatar::Avatar,
        dynamic::{Row, Rows, part, text},
    },
};
use leptos::prelude::*;
use model::{content::System, id::UserId, user::initials};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

/// The parts in order; each is drawn anew only when what it shows has changed.
#[component]
pub fn Messages(parts: Memo<Vec<Part>>) -> impl IntoView {
    let rows = Signal::derive(move || parts.with(|all| all.iter().map(|part| row(part, parts)).collect()));
    view! { <Rows rows/> }
}

fn row(part: &Part, parts: Memo<Vec<Part>>) -> Row {
    match part {
        Part::Day(label, first) => {
            let text = label.clone();
            // The clock of another device may make two days of one name.
            Row::new(!first.0.as_u128(), look(label), move || {
                view! { <span class="day">{text.clone()}</span> }.into_any()
            })
        }
        Part::Unread => Row::new(0, 0, || view! { <div class="new">{words::NEW_MESSAGES}</div> }.into_any()),
        Part::Chunk(chunk) => {
            let key = chunk.key;
            Row::new(u128::from(look(key)), 0, move || view! { <ChunkView key parts/> }.into_any())
        }
    }
}

type Here = Memo<Option<Arc<Chunk>>>;

/// What is out of sight is not laid out (`style/conversation.css`).
#[component]
fn ChunkView(key: ChunkKey, parts: Memo<Vec<Part>>) -> impl IntoView {
    let here: Here = Memo::new(move |_| parts.with(|parts| chunk(parts, key).cloned()));
    let rows = Signal::derive(move || {
        here.with(|chunk| {
            chunk.iter().flat_map(|chunk| &chunk.bubbles).map(|bubble| bubble_row(bubble, here)).collect()
        })
    });
    view! { <div class="chunk"><Rows rows/></div> }
}

/// Only another text makes another element: what is selected in it or has the focus stays so while its
/// neighbours and its state change.
fn bubble_row(bubble: &Bubble, here: Here) -> Row {
    let begun = bubble.clone();
    Row::new(bubble.id.0.as_u128(), look(bubble.revision()), move || {
        view! { <BubbleView begun=begun.clone() here/> }.into_any()
    })
}

/// Two things with the same look look the same.
fn look(shape: impl Hash) -> u64 {
    let mut look = DefaultHasher::new();
    shape.hash(&mut look);
    look.finish()
}

#[component]
fn BubbleView(begun: Bubble, here: Here) -> impl IntoView {
    let id = begun.id;
    if let Some((actor, system)) = begun.words.noted() {
        return view! { <Noted actor system=system.clone()/> }.into_any();
    }
    let body = match begun.body() {
        Ok(text) => view! { <Linked text=text.to_owned()/> }.into_any(),
        Err(instead) => view! { <p class="body gone">{instead}</p> }.into_any(),
    };
    let bubble = Memo::new(move |before: Option<&Bubble>| {
        let now = here.with(|chunk| chunk.as_ref()?.bubbles.iter().find(|bubble| bubble.id == id).cloned());
        // One that has left its chunk is about to go.
        now.unwrap_or_else(|| before.unwrap_or(&begun).clone())
    });
    let class = text(move || Some(bubble.with(class_of)));
    let exact = text(move || Some(bubble.with(Bubble::exact)));
    let state = text(move || bubble.with(|bubble| bubble.progress.as_ref().map(Progress::word)));
    let foot = part(move || {
        bubble
            .with(|bubble| bubble.last.then(|| view! { <Foot bubble=bubble.clone()/> }.into_any()))
            .into_any()
    });
    let author =
        part(move || bubble.with(|bubble| bubble.author).map(|author| view! { <Author author/> }).into_any());
    view! {
        {author}
        <article class=class title=exact aria-description=state>{body}</article>
        {foot}
    }
    .into_any()
}

/// Who has written what follows.
#[component]
fn Author(author: UserId) -> impl IntoView {
    let device = expect_context::<Device>();
    let name = Memo::new(move |_| device.state.with_people(|state| words::somebody(state, author)));
    let initials = name.with_untracked(|name| initials(name));
    view! {
        <p class="author">
            <Avatar initials seed=author.0.as_u128() small=true/>
            <b>{text(move || Some(name.get()))}</b>
        </p>
    }
}

/// What the server noted in a group's history, with names.
#[component]
fn Noted(actor: UserId, system: System) -> impl IntoView {
    let device = expect_context::<Device>();
    let said = text(move || Some(device.state.with_people(|state| words::noted(state, actor, &system))));
    view! { <article class="noted">{said}</article> }
}

fn class_of(bubble: &Bubble) -> String {
    let mut class = String::from("msg");
    for (is, name) in [
        (bubble.mine, " me"),
        (bubble.first, " first"),
        (bubble.last, " last"),
        (matches!(bubble.progress, Some(Progress::Sending)), " pending"),
        (matches!(bubble.progress, Some(Progress::Failed(_))), " failed"),
    ] {
        if is {
            class.push_str(name);
        }
    }
    class
}

/// What stands under a group: when, and how far it has come.
#[component]
fn Foot(bubble: Bubble) -> impl IntoView {
    let device = expect_context::<Device>();
    let id = bubble.id;
    let time = view! {
        <time datetime=bubble.at.to_string() title=bubble.exact()>{bubble.there().clock()}</time>
    };
    match bubble.progress {
        None => view! { <span class="stamp">{time}</span> }.into_any(),
        Some(Progress::Sending) => view! { <span class="state">{words::SENDING}</span> }.into_any(),
        Some(Progress::Sent) => view! { <span class="state">{time}{words::SENT}</span> }.into_any(),
        Some(Progress::Read) => view! { <span class="state">{time}{words::READ}</span> }.into_any(),
        Some(Progress::Failed(error)) => view! {
            <span class="state fail" role="alert">
                <span>{words::not_sent(&error.message)}</span>
                <button on:click=move |_| device.retry(id)>{words::RETRY}</button>
                <button on:click=move |_| device.discard(id)>{words::DELETE}</button>
            </span>
        }
        .into_any(),
    }
}

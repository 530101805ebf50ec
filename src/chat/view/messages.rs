//! The messages of a conversation.

use crate::{
    chat::view::{
        chunks::{ChunkKey, Part, chunk},
        items::{Bubble, Progress},
        text::Linked,
    },
    device::Live,
    ui::dynamic::{Row, Rows},
};
use leptos::prelude::*;
use std::hash::{DefaultHasher, Hash, Hasher};

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
        Part::Unread => Row::new(0, 0, || view! { <div class="new">"New messages"</div> }.into_any()),
        Part::Chunk(chunk) => {
            let key = chunk.key;
            Row::new(u128::from(look(key)), 0, move || view! { <ChunkView key parts/> }.into_any())
        }
    }
}

/// What is out of sight is not laid out (`style/conversation.css`).
#[component]
fn ChunkView(key: ChunkKey, parts: Memo<Vec<Part>>) -> impl IntoView {
    let here = Memo::new(move |_| parts.with(|parts| chunk(parts, key).cloned()));
    let rows = Signal::derive(move || {
        here.with(|here| here.iter().flat_map(|chunk| &chunk.bubbles).map(bubble_row).collect())
    });
    view! { <div class="chunk"><Rows rows/></div> }
}

fn bubble_row(bubble: &Bubble) -> Row {
    let word = bubble.progress.as_ref().map(Progress::word);
    let look = look((bubble.version(), bubble.first, bubble.last, bubble.at, bubble.offset, word));
    let bubble = bubble.clone();
    Row::new(bubble.id.0.as_u128(), look, move || view! { <BubbleView bubble=bubble.clone()/> }.into_any())
}

/// Two things with the same look look the same.
fn look(shape: impl Hash) -> u64 {
    let mut look = DefaultHasher::new();
    shape.hash(&mut look);
    look.finish()
}

#[component]
fn BubbleView(bubble: Bubble) -> impl IntoView {
    let mut class = String::from("msg");
    let pending = matches!(bubble.progress, Some(Progress::Sending));
    let failed = matches!(bubble.progress, Some(Progress::Failed(_)));
    for (is, name) in [
        (bubble.mine, " me"),
        (bubble.first, " first"),
        (bubble.last, " last"),
        (pending, " pending"),
        (failed, " failed"),
    ] {
        if is {
            class.push_str(name);
        }
    }
    let foot = bubble.last.then(|| view! { <Foot bubble=bubble.clone()/> });
    let body = match bubble.body() {
        Some(text) => view! { <Linked text=text.to_owned()/> }.into_any(),
        None => view! { <p class="body gone">"Message deleted"</p> }.into_any(),
    };
    view! {
        <article class=class title=bubble.exact() aria-description=bubble.progress.as_ref().map(Progress::word)>
            {body}
        </article>
        {foot}
    }
}

/// What stands under a group: when, and how far it has come.
#[component]
fn Foot(bubble: Bubble) -> impl IntoView {
    let live = expect_context::<Live>();
    let id = bubble.id;
    let time = view! {
        <time datetime=bubble.at.to_string() title=bubble.exact()>{bubble.there().clock()}</time>
    };
    match bubble.progress {
        None => view! { <span class="stamp">{time}</span> }.into_any(),
        Some(Progress::Sending) => view! { <span class="state">"Sending…"</span> }.into_any(),
        Some(Progress::Sent) => view! { <span class="state">{time}" · Sent"</span> }.into_any(),
        Some(Progress::Read) => view! { <span class="state">{time}" · Read"</span> }.into_any(),
        Some(Progress::Failed(error)) => view! {
            <span class="state fail" role="alert">
                <span>"Not sent. "{error.message}</span>
                <button on:click=move |_| live.retry(id)>"Retry"</button>
                <button on:click=move |_| live.discard(id)>"Delete"</button>
            </span>
        }
        .into_any(),
    }
}

//! The messages of a conversation.

use crate::{
    chat::{
        view::{
            bubble::BubbleView,
            chunks::{Chunk, ChunkKey, Part, chunk},
            items::Bubble,
            palette::JUMP,
        },
        words,
    },
    ui::dynamic::{Row, Rows},
};
use leptos::prelude::*;
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
                view! {
                    <a class="day" href=format!("?{JUMP}=1") title=words::JUMP_TO_DATE>{text.clone()}</a>
                }
                .into_any()
            })
        }
        Part::Unread => Row::new(0, 0, || view! { <div class="new">{words::NEW_MESSAGES}</div> }.into_any()),
        Part::Chunk(chunk) => {
            let key = chunk.key;
            Row::new(u128::from(look(key)), 0, move || view! { <ChunkView key parts/> }.into_any())
        }
    }
}

/// The chunk that a message stands in, while it is there.
pub type Here = Memo<Option<Arc<Chunk>>>;

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

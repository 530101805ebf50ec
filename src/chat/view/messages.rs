//! The messages of a conversation.

use crate::{
    chat::{
        view::{
            bubble::BubbleView,
            chunks::{Chunk, ChunkKey, Part},
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
    let shown = Shown::default();
    let rows = Signal::derive(move || {
        let (rows, changed) = parts.with(|all| {
            let changed = shown.take(all);
            (all.iter().map(|part| row(part, shown)).collect::<Vec<_>>(), changed)
        });
        for (here, chunk) in changed {
            here.set(chunk);
        }
        rows
    });
    view! { <Rows rows/> }
}

/// The chunks that are drawn, each with a signal of its own: whoever draws a message hears of what happens in its
/// chunk, and not of what happens in any other. As one signal for all of them each new message would have everything
/// that is drawn of 10,000 look whether it has changed.
#[derive(Clone, Copy, Default)]
struct Shown(StoredValue<Vec<(ChunkKey, Here)>>);

impl Shown {
    /// Takes over the chunks of `parts`. Returns those that were there and are others now.
    fn take(self, parts: &[Part]) -> Vec<(Here, Arc<Chunk>)> {
        let mut changed = Vec::new();
        self.0.update_value(|held| {
            let chunks = parts.iter().filter_map(Part::chunk);
            let next = chunks.map(|chunk| match held.binary_search_by_key(&chunk.key, |(key, _)| *key) {
                Ok(place) => {
                    let here = held[place].1.clone();
                    if !here.with_untracked(|held| Arc::ptr_eq(held, chunk)) {
                        changed.push((here.clone(), chunk.clone()));
                    }
                    (chunk.key, here)
                }
                Err(_) => (chunk.key, Here::new(chunk.clone())),
            });
            *held = next.collect();
        });
        changed
    }

    fn of(self, key: ChunkKey) -> Option<Here> {
        self.0.with_value(|held| {
            let place = held.binary_search_by_key(&key, |(key, _)| *key).ok()?;
            Some(held[place].1.clone())
        })
    }
}

fn row(part: &Part, shown: Shown) -> Row {
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
            Row::new(u128::from(look(key)), 0, move || shown.of(key).map(chunk_view).into_any())
        }
    }
}

/// The chunk that a message stands in, as it is or, once it is gone, was.
pub type Here = ArcRwSignal<Arc<Chunk>>;

/// What is out of sight is not laid out (`style/conversation.css`).
fn chunk_view(here: Here) -> impl IntoView {
    let rows = Signal::derive(move || {
        here.with(|chunk| chunk.bubbles.iter().map(|bubble| bubble_row(bubble, &here)).collect())
    });
    view! { <div class="chunk"><Rows rows/></div> }
}

/// Only another text makes another element: what is selected in it or has the focus stays so while its
/// neighbours and its state change.
fn bubble_row(bubble: &Bubble, here: &Here) -> Row {
    let (begun, here) = (bubble.clone(), here.clone());
    Row::new(bubble.id.0.as_u128(), look(bubble.revision()), move || {
        view! { <BubbleView begun=begun.clone() here=here.clone()/> }.into_any()
    })
}

/// Two things with the same look look the same.
fn look(shape: impl Hash) -> u64 {
    let mut look = DefaultHasher::new();
    shape.hash(&mut look);
    look.finish()
}

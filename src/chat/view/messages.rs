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
    sync::{Arc, Mutex, PoisonError},
};

/// The parts in order; each is drawn anew only when what it shows has changed.
#[component]
pub fn Messages(parts: Memo<Vec<Part>>) -> impl IntoView {
    let shown = Shown::default();
    let rows = Signal::derive(move || {
        let (rows, changed) = parts.with(|all| {
            let changed = shown.take(all);
            (all.iter().map(|part| row(part, &shown)).collect::<Vec<_>>(), changed)
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
#[derive(Clone, Default)]
struct Shown(Arc<Mutex<Vec<(ChunkKey, Here)>>>);

impl Shown {
    /// Takes over the chunks of `parts`. Returns those that were there and are others now.
    fn take(&self, parts: &[Part]) -> Vec<(Here, Arc<Chunk>)> {
        let mut changed = Vec::new();
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = parts.iter().filter_map(Part::chunk).map(|chunk| {
            let here = find(&held, chunk.key).unwrap_or_else(|| Here::new(chunk.clone()));
            if !Arc::ptr_eq(&here.now(), chunk) {
                changed.push((here.clone(), chunk.clone()));
            }
            (chunk.key, here)
        });
        *held = next.collect();
        changed
    }

    fn of(&self, key: ChunkKey) -> Option<Here> {
        find(&self.0.lock().unwrap_or_else(PoisonError::into_inner), key)
    }
}

/// They stand in the order of their keys.
fn find(held: &[(ChunkKey, Here)], key: ChunkKey) -> Option<Here> {
    let place = held.binary_search_by_key(&key, |(key, _)| *key).ok()?;
    Some(held[place].1.clone())
}

fn row(part: &Part, shown: &Shown) -> Row {
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
            let (key, shown) = (chunk.key, shown.clone());
            Row::new(u128::from(look(key)), 0, move || shown.of(key).map(chunk_view).into_any())
        }
    }
}

/// The chunk that a message stands in, as it is or, once it is gone, was; and who hears when it is another. The signal
/// is of nothing, because there is one of that type already, and each type of signal is code of its own.
#[derive(Clone)]
pub struct Here(Arc<(Mutex<Arc<Chunk>>, ArcRwSignal<()>)>);

impl Here {
    fn new(chunk: Arc<Chunk>) -> Self {
        Self(Arc::new((Mutex::new(chunk), ArcRwSignal::new(()))))
    }

    /// The chunk; whoever reads it hears of the next one.
    pub fn get(&self) -> Arc<Chunk> {
        self.0.1.track();
        self.now()
    }

    fn now(&self) -> Arc<Chunk> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, chunk: Arc<Chunk>) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = chunk;
        self.0.1.notify();
    }
}

/// What is out of sight is not laid out (`style/conversation.css`).
fn chunk_view(here: Here) -> impl IntoView {
    let rows =
        Signal::derive(move || here.get().bubbles.iter().map(|bubble| bubble_row(bubble, &here)).collect());
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

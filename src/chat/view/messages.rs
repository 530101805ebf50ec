//! The messages of a conversation.

use super::{
    items::{Bubble, Item, Progress},
    text::Linked,
};
use crate::{
    chat::live::Live,
    ui::dynamic::{Row, Rows},
};
use leptos::prelude::*;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The items in order; each is drawn anew only when what it shows has changed.
#[component]
pub fn Messages(items: Memo<Vec<Item>>) -> impl IntoView {
    let rows = Signal::derive(move || {
        let row = |item: Item| {
            let (id, look) = key(&item);
            Row::new(id, look, move || match item.clone() {
                Item::Day(label, _) => view! { <span class="day">{label}</span> }.into_any(),
                Item::Unread => view! { <div class="new">"New messages"</div> }.into_any(),
                Item::Bubble(bubble) => view! { <BubbleView bubble/> }.into_any(),
            })
        };
        items.get().into_iter().map(row).collect()
    });
    view! { <Rows rows/> }
}

/// Two items with the same key look the same.
fn key(item: &Item) -> (u128, u64) {
    let mut shape = DefaultHasher::new();
    match item {
        // The clock of another device may make two days of one name.
        Item::Day(label, first) => {
            label.hash(&mut shape);
            (!first.0.as_u128(), shape.finish())
        }
        Item::Unread => (0, 0),
        Item::Bubble(bubble) => {
            let word = bubble.progress.as_ref().map(Progress::word);
            let there = (bubble.there.days, bubble.there.hour, bubble.there.minute);
            (bubble.version(), bubble.first, bubble.last, there, word).hash(&mut shape);
            (bubble.id.0.as_u128(), shape.finish())
        }
    }
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
        <time datetime=bubble.at.to_string() title=bubble.exact()>{bubble.there.clock()}</time>
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

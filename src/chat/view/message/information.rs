//! What is known about a message besides what it says.

use super::{Doing, OPTIONS_FORM, close};
use crate::{
    chat::words,
    device::Device,
    kit::codec,
    ui::{
        dialog::Dialog,
        dynamic::{part, text},
    },
};
use leptos::{prelude::*, task::spawn_local};
use model::{
    content::Content,
    message::{MOST_READERS, Message, Readers},
    time::Timestamp,
};
use std::sync::Arc;

/// When it was written and changed, and who has read it.
#[component]
pub fn Information(doing: Doing, message: Arc<Message>) -> impl IntoView {
    let device = expect_context::<Device>();
    let (seq, sender) = (message.seq, message.sender);
    let close = Callback::new(move |()| close(doing, Some(seq)));
    let when = move |at: Timestamp| {
        let there = device.zone.get_untracked().civil(at);
        format!("{}, {}", there.date(), there.clock())
    };
    let row = |name: &'static str, value: String| view! { <dt>{name}</dt><dd>{value}</dd> };
    let edited = match message.content {
        Content::Text { edited_at, .. } => edited_at,
        _ => None,
    };
    let author = device.state.with_untracked(|state| words::author(state, message.sender));
    let large = device.state.with_untracked(|state| {
        let thread = state.threads.get(&doing.id)?;
        let is_large = thread.conversation.members.len() > MOST_READERS;
        is_large.then(|| Readers::count(&thread.conversation, &message, &thread.read))
    });
    let count = large.map(|held| {
        let count = RwSignal::new(held);
        // What is held is of when this device came; nobody tells it more.
        if device.is_started.get_untracked() {
            let path = format!("/api/conversations/{}/messages/{}/readers", doing.id, message.id);
            spawn_local(async move {
                if let Ok(Ok(now)) = codec::get(&path).await.map(|answer| model::json::from_str(&answer)) {
                    count.try_set(now);
                }
            });
        }
        count
    });
    // Whoever has written it has read it, too.
    let readers = Memo::new(move |_| {
        device.state.with_people(|_| ());
        let read = device.state.with_thread(doing.id, |state, thread| {
            let (mut read, mut unread) = (Vec::new(), Vec::new());
            for member in thread.conversation.members.iter().filter(|member| **member != sender) {
                let has_read = thread.read_by(*member) >= seq;
                if has_read { &mut read } else { &mut unread }.push(words::author(state, *member));
            }
            (read, unread)
        });
        read.unwrap_or_default()
    });
    let list = move |title: &'static str, names: Vec<String>| {
        (!names.is_empty()).then(|| {
            let names = names.into_iter().map(|name| view! { <li>{name}</li> }).collect_view();
            view! { <h3>{title}</h3><ul class="plain">{names}</ul> }
        })
    };
    view! {
        <Dialog role="dialog" labelled="information-title" close>
            <h2 id="information-title">{words::INFORMATION}</h2>
            <dl class="facts">
                {row(words::WRITTEN_BY, author)}
                {row(words::SENT_AT, when(message.created_at))}
                {edited.map(|at| row(words::EDITED_AT, when(at)))}
            </dl>
            <div class="readers">
                {match count {
                    Some(count) => {
                        let so_many = text(move || Some(words::so_many(count.get())));
                        view! { <h3>{words::READ_BY}</h3><p>{so_many}</p> }.into_any()
                    }
                    None => part(move || {
                        let (read, unread) = readers.get();
                        view! { {list(words::READ_BY, read)}{list(words::NOT_READ_BY, unread)} }.into_any()
                    })
                    .into_any(),
                }}
            </div>
            <div class="acts">
                <button class="btn main" form=OPTIONS_FORM autofocus=true on:click=move |event| {
                    event.prevent_default();
                    close.run(());
                }>{words::CLOSE}</button>
            </div>
        </Dialog>
    }
}

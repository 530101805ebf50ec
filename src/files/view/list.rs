//! What is chosen for the next message of a conversation, above the field in which it is written.

use super::{
    Sending,
    chosen::{self, File, State},
    tus, uploads, words,
};
use crate::{
    browser::focus,
    device::Device,
    ui::{
        dynamic::{Row, Rows, part, text},
        icon::{Glyph, Icon},
    },
};
use leptos::{ev::Event, prelude::*, task::spawn_local};
use model::{
    file::AltText,
    id::{ConversationId, FileId},
    words::size,
};
use std::hash::{DefaultHasher, Hash, Hasher};

/// All of them.
#[component]
pub fn List(device: Device, id: ConversationId) -> impl IntoView {
    let files = Memo::new(move |_| chosen::all().with(|files| chosen::of(id, files)));
    let rows = Signal::derive(move || {
        let row = |file: &File| {
            let file_id = file.id();
            let mut look = DefaultHasher::new();
            let attachment = &file.about.attachment;
            // It has a width once it is seen to be a picture.
            (attachment.name.as_str(), attachment.size, attachment.width).hash(&mut look);
            let file = file.clone();
            Row::new(file_id.0.as_u128(), look.finish(), move || {
                view! { <One device file=file.clone() files/> }.into_any()
            })
        };
        files.read().iter().map(row).collect()
    });
    let is_empty = Memo::new(move |_| files.read().is_empty());
    part(move || {
        let list = || view! { <ul class="chosen plain" aria-label=words::ATTACHMENTS><Rows rows/></ul> };
        (!is_empty.get()).then(list).into_any()
    })
}

/// One of them, with how far it is, and for a picture what is to be seen in it.
#[component]
fn One(device: Device, file: File, files: Memo<Vec<File>>) -> impl IntoView {
    let id = file.id();
    let attachment = file.about.attachment;
    let name = attachment.name.as_str().to_owned();
    let state = Memo::new(move |_| {
        let found =
            files.with(|files| files.iter().find(|file| file.id() == id).map(|file| file.state.clone()));
        found.unwrap_or(State::There)
    });
    let picture = chosen::preview(id).map(|shown| view! { <img src=shown alt=""/> });
    let says = text(move || {
        Some(match state.get() {
            State::Making => words::MAKING.to_owned(),
            State::Going => size(attachment.size),
            State::Waiting(None) => words::WAITING.to_owned(),
            State::There => format!("{}, {}", size(attachment.size), words::READY),
            State::Waiting(Some(why)) | State::Refused(why) => why,
        })
    });
    let is_bad = text(move || matches!(state.get(), State::Refused(_)).then_some("bad"));
    let bar = part({
        let name = name.clone();
        move || {
            let goes = matches!(state.get(), State::Going | State::Waiting(_) | State::Making);
            let bar =
                || view! { <progress max="100" data-file=id.to_string() aria-label=name.clone()></progress> };
            goes.then(bar).into_any()
        }
    });
    let again = part({
        let name = name.clone();
        move || {
            let again = || {
                view! {
                    <button type="button" class="btn small" aria-label=words::again(&name)
                        on:click=move |_| uploads::again(device, id)>{words::AGAIN}</button>
                }
            };
            matches!(state.get(), State::Refused(_)).then(again).into_any()
        }
    });
    let toasts = expect_context::<Sending>().toasts;
    let original = chosen::goes_as_it_is(id).map(|as_it_is| {
        let swap = move |_| {
            chosen::swap(device, id, toasts);
            focus::rescue("#message");
        };
        view! {
            <button type="button" class="btn small" aria-pressed=as_it_is.to_string()
                aria-label=words::original_of(&name) on:click=swap>{words::ORIGINAL}</button>
        }
    });
    let is_picture = attachment.width.is_some();
    let alt = attachment.alt.map(String::from).unwrap_or_default();
    let described = move |event: Event| {
        // It cannot be longer than the field takes.
        let _ = chosen::describe(id, &event_target_value(&event));
    };
    let description = is_picture.then(|| {
        view! {
            <input type="text" value=alt placeholder=words::DESCRIBE aria-label=words::description_of(&name)
                maxlength=AltText::MAX.to_string() autocomplete="off" on:input=described/>
        }
    });
    view! {
        <li>
            {picture}
            <b>{name.clone()}</b>
            <small class=is_bad role="status">{says}</small>
            {bar}
            {description}
            {original}
            {again}
            <button type="button" class="icon" aria-label=words::remove(&name) title=words::remove(&name)
                on:click=move |_| remove(id)><Glyph icon=Icon::Cross size=16/></button>
        </li>
    }
}

/// Takes one out again.
fn remove(id: FileId) {
    let upload = chosen::find(id).and_then(|file| file.about.stored);
    chosen::forget(id);
    focus::rescue("#message");
    if let Some(upload) = upload {
        spawn_local(tus::end(upload));
    }
}

//! What can be done with a message, in a menu beside it.

use super::{Doing, Panel, Writing, close, pins::PinItem};
use crate::{
    browser::{COLUMN, element, focus, page},
    chat::{view::copying::copy, words},
    device::Device,
    ui::{dialog::Dialog, toast::Toasts},
};
use leptos::{
    ev::{KeyboardEvent, MouseEvent, SubmitEvent},
    html,
    prelude::*,
};
use model::{change::Change, message::Message, thread::Operation};
use std::sync::Arc;

/// What the arrow keys move between.
const ITEMS: &str = ".menu-item:not([hidden])";
/// What is at hand to react with.
const AT_HAND: [&str; 6] = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/// The menu.
#[component]
pub fn Options(doing: Doing, message: Arc<Message>) -> impl IntoView {
    let device = expect_context::<Device>();
    let (id, seq) = (message.id, message.seq);
    let is_mine = device.state.with_untracked(|state| state.me.id == message.sender);
    let menu = NodeRef::<html::Div>::new();
    let dismiss = move || close(doing, Some(seq));
    Effect::new(move || {
        if let Some(menu) = menu.get() {
            element::put_beside(&menu, ".dialog", &format!("#m{seq}"));
            focus::step_among(&menu, ITEMS, 1);
        }
    });
    let key = move |event: KeyboardEvent| {
        if let Some(menu) = menu.get_untracked() {
            focus::walk(&event, &menu, ITEMS, COLUMN);
        }
    };
    let writes = move |writing: Writing| {
        move |event: MouseEvent| {
            event.prevent_default();
            close(doing, None);
            doing.write(writing);
        }
    };
    let shows = move |panel: Panel| move |event: MouseEvent| doing.show(&event, panel, id);
    let leads = move |name: &'static str| format!("/c/{}?{name}={id}", doing.id);
    let body = message.content.words().unwrap_or_default().to_owned();
    view! {
        <Dialog role="dialog" labelled="options-title" class="dialog options-dialog" close=Callback::new(move |()| dismiss())>
            <h2 id="options-title" class="unseen">{words::MESSAGE_OPTIONS}</h2>
            <div role="menu" aria-labelledby="options-title" node_ref=menu on:keydown=key>
                <AtHand doing message=message.clone()/>
                <a class="menu-item" role="menuitem" rel="external" href=leads("reply") on:click=writes(Writing::Reply(id))>{words::REPLY}</a>
                <a class="menu-item" role="menuitem" rel="external" href=leads(Panel::Emoji.name()) on:click=shows(Panel::Emoji)>{words::REACT}</a>
                {is_mine.then(|| view! {
                    <a class="menu-item" role="menuitem" rel="external" href=leads("edit") on:click=writes(Writing::Edit(id))>{words::EDIT}</a>
                })}
                <Copies doing body seq/>
                <a class="menu-item" role="menuitem" rel="external" href=leads(Panel::Forward.name()) on:click=shows(Panel::Forward)>{words::FORWARD}</a>
                <PinItem doing message=message.clone()/>
                <a class="menu-item" role="menuitem" rel="external" href=leads(Panel::Information.name())
                    on:click=shows(Panel::Information)>{words::INFORMATION}</a>
                {is_mine.then(|| view! { <Deletes doing message=message.clone()/> })}
            </div>
            <form class="options-close" method="get" action=format!("/c/{}", doing.id) on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                dismiss();
            }>
                <button class="btn">{words::CLOSE}</button>
            </form>
        </Dialog>
    }
}

/// The emojis at hand. One that is there from oneself is taken back.
#[component]
fn AtHand(doing: Doing, message: Arc<Message>) -> impl IntoView {
    let device = expect_context::<Device>();
    let me = device.state.with_untracked(|state| state.me.id);
    let (id, seq) = (message.id, message.seq);
    let shown = device.state.with_untracked(|state| Some(state.threads.get(&doing.id)?.shown(&message, me)));
    let of_mine = shown.unwrap_or(message).reactions.clone();
    let button = move |emoji: &'static str| {
        let on = !of_mine.iter().any(|reaction| reaction.emoji == emoji && reaction.users.contains(&me));
        let react = move |event: MouseEvent| {
            event.prevent_default();
            doing.react(device, id, emoji, on);
            close(doing, Some(seq));
        };
        view! {
            <button class="menu-item" role="menuitem" form=doing.reaction_form(on) formaction=doing.action(id, "react")
                name="emoji" value=emoji aria-label=words::react_with(emoji, on) on:click=react>{emoji}</button>
        }
    };
    view! { <div class="at-hand" role="group" aria-label=words::REACT>{AT_HAND.map(button).collect_view()}</div> }
}

/// What copies the message, and its address.
#[component]
fn Copies(doing: Doing, body: String, seq: u64) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let copies = move |text: String, done: &'static str| {
        move |event: MouseEvent| {
            event.prevent_default();
            close(doing, Some(seq));
            copy(toasts, text.clone(), done);
        }
    };
    let address = doing.address_of(seq);
    view! {
        <button type="button" class="menu-item scripted" role="menuitem" on:click=copies(body, words::COPIED)>{words::COPY_TEXT}</button>
        <a class="menu-item" role="menuitem" href=address.clone() rel="external"
            on:click=copies(page::absolute(&address), words::LINK_COPIED)>{words::COPY_LINK}</a>
    }
}

/// What deletes the message; for a while that can be taken back.
#[component]
fn Deletes(doing: Doing, message: Arc<Message>) -> impl IntoView {
    let (device, toasts) = (expect_context::<Device>(), expect_context::<Toasts>());
    let id = message.id;
    let delete = move |event: SubmitEvent| {
        event.prevent_default();
        close(doing, None);
        let name = device.perform(doing.id, Operation::Change { message: id, change: Change::Delete });
        toasts.undoable(words::DELETED_MESSAGE, words::UNDO, move || device.discard(name));
    };
    view! {
        <form method="post" action=doing.action(id, "delete") on:submit=delete>
            <button class="menu-item danger" role="menuitem">{words::DELETE}</button>
        </form>
    }
}

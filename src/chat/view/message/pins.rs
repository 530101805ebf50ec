//! What is pinned: the line that leads there, the panel that lists it, and the menu's word for it.

use super::{Doing, close};
use crate::{
    browser::focus,
    chat::{
        view::{bubble::quoted, pins::PINS},
        words,
    },
    device::Device,
    ui::{
        dynamic::{Row, Rows, part, text},
        empty::Empty,
        focus::inherited,
        icon::{Glyph, Icon},
        route::Route,
    },
};
use leptos::{
    ev::{KeyboardEvent, MouseEvent, SubmitEvent},
    html,
    prelude::*,
};
use model::{change::Change, id::MessageId, message::Message, thread::Operation};
use std::sync::Arc;

/// What opens the panel.
const OPENER: &str = ".pins-opener button";
/// What closes it.
const CLOSER: &str = ".pins header button";

/// What is pinned, as the person left it, the newest pin first.
fn pinned(device: Device, doing: Doing) -> Memo<Vec<MessageId>> {
    Memo::new(move |_| {
        let pins = device.state.with_thread(doing.id, |_, thread| thread.shown_pins()).unwrap_or_default();
        pins.into_iter().rev().collect()
    })
}

/// The message, once it is known.
fn known(device: Device, doing: Doing, id: MessageId) -> Option<Arc<Message>> {
    let known = |_: &_, thread: &model::thread::Thread| thread.message(id).cloned();
    device.state.with_thread(doing.id, known).flatten()
}

/// Asks for what is not known of these.
fn ask(device: Device, doing: Doing, ids: &[MessageId]) {
    let missing = device.state.with_untracked(|state| {
        let thread = state.threads.get(&doing.id)?;
        Some(ids.iter().copied().filter(|id| thread.message(*id).is_none()).collect::<Vec<_>>())
    });
    if let Some(missing) = missing.filter(|missing| !missing.is_empty()) {
        device.find(doing.id, missing);
    }
}

/// The line: what was pinned last, and with each press what was pinned before it.
#[component]
pub fn PinLine(doing: Doing) -> impl IntoView {
    let (device, route) = (expect_context::<Device>(), expect_context::<Route>());
    let pins = pinned(device, doing);
    let presses = RwSignal::new(0_usize);
    let current = Memo::new(move |_| {
        let (pins, presses) = (pins.read(), presses.get());
        pins.get(presses.checked_rem(pins.len())?).copied()
    });
    Effect::new(move || ask(device, doing, current.get().as_slice()));
    let shown = Memo::new(move |_| {
        let message = known(device, doing, current.get()?)?;
        Some((message.seq, quoted(device, &message)?.1))
    });
    let said = move || match shown.get() {
        Some((_, said)) => said,
        None => words::QUOTE_COMING.to_owned(),
    };
    let address = move || shown.with(|shown| shown.as_ref().map(|(seq, _)| doing.address_of(*seq)));
    let go = move |event: MouseEvent| {
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        // The address is another one before the router would see it.
        event.prevent_default();
        if let Some(address) = address() {
            route.go(&address);
            presses.update(|presses| *presses += 1);
        }
    };
    let label = text(move || Some(words::pinned_messages(pins.read().len())));
    let opens = move |event: SubmitEvent| {
        event.prevent_default();
        doing.details.set(false);
        doing.pins.update(|open| *open = !*open);
    };
    view! {
        <div class="pins-line">
            <a href=text(address) aria-label=text(move || Some(words::pinned(&said()))) on:click=go>
                <Glyph icon=Icon::Pin/>
                <span>
                    <b>{words::PINNED}</b>
                    <bdi>{text(move || Some(said()))}</bdi>
                </span>
            </a>
            <form class="pins-opener" method="get" action=format!("/c/{}", doing.id) on:submit=opens>
                <button class="btn small" name=PINS value="1" aria-label=label title=label
                    aria-expanded=text(move || Some(doing.pins.get().to_string()))>
                    {text(move || Some(pins.read().len().to_string()))}
                </button>
            </form>
        </div>
    }
}

/// The panel.
#[component]
pub fn Pins(doing: Doing) -> impl IntoView {
    let device = expect_context::<Device>();
    let pins = pinned(device, doing);
    let may_pin = Memo::new(move |_| {
        device
            .state
            .with_thread(doing.id, |state, thread| thread.conversation.lets_pin(state.me.id))
            .unwrap_or_default()
    });
    Effect::new(move || ask(device, doing, &pins.read()));
    let rows = Signal::derive(move || {
        let may_pin = may_pin.get();
        let row = |id: &MessageId| {
            let (id, message) = (*id, known(device, doing, *id));
            let version = message.as_ref().map_or(0, |message| message.version);
            Row::new(id.0.as_u128(), version * 2 + u64::from(may_pin), move || {
                view! { <Pin doing id message=message.clone() may_pin/> }.into_any()
            })
        };
        pins.read().iter().map(row).collect()
    });
    let is_empty = Memo::new(move |_| pins.read().is_empty());
    let empty = part(move || {
        let empty = || view! { <Empty title=words::NOTHING_PINNED.0 hint=words::NOTHING_PINNED.1/> };
        is_empty.get().then(empty).into_any()
    });
    let closer = NodeRef::<html::Button>::new();
    let close = move || {
        doing.pins.set(false);
        focus::rescue(OPENER);
    };
    Effect::new(move || {
        if let Some(closer) = closer.get() {
            let _ = closer.focus();
        }
    });
    inherited(move || pins.track(), CLOSER);
    view! {
        <section class="details pins" aria-labelledby="pins-title" on:focusin=move |event| focus::note(&event)
            on:keydown=move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                close();
            }
        }>
            <header>
                <h2 id="pins-title">{words::PINNED_MESSAGES}</h2>
                <form method="get" action=format!("/c/{}", doing.id) on:submit=move |event: SubmitEvent| {
                    event.prevent_default();
                    close();
                }>
                    <button class="icon" node_ref=closer aria-label=words::CLOSE title=words::CLOSE><Glyph icon=Icon::Cross size=16/></button>
                </form>
            </header>
            <ul class="plain"><Rows rows/></ul>
            {empty}
        </section>
    }
}

/// One of them: who has written it, when, and how it begins; leads there.
#[component]
fn Pin(doing: Doing, id: MessageId, message: Option<Arc<Message>>, may_pin: bool) -> impl IntoView {
    let device = expect_context::<Device>();
    let quote = message.as_ref().and_then(|message| quoted(device, message));
    let known = message.zip(quote).map(|(message, (name, said))| {
        let there = device.zone.get_untracked().civil(message.created_at);
        let when = format!("{}, {}", there.date(), there.clock());
        (message.seq, name, said, when)
    });
    let Some((seq, name, said, when)) = known else {
        return view! { <li><p class="hint">{words::QUOTE_COMING}</p></li> }.into_any();
    };
    let label = words::unpin(&said);
    // The panel lies over what it leads to.
    let leave = move |_| doing.pins.set(false);
    view! {
        <li>
            <a class="pin" href=doing.address_of(seq) on:click=leave>
                <b>{name}</b>
                <time>{when}</time>
                <p>{said}</p>
            </a>
            {may_pin.then(|| view! {
                <form method="post" action=doing.action(id, "unpin") on:submit=move |event: SubmitEvent| {
                    event.prevent_default();
                    pin(device, doing, id, false);
                    // The button is about to go.
                    focus::rescue(CLOSER);
                }>
                    <button class="icon" aria-label=label.clone() title=words::UNPIN><Glyph icon=Icon::Cross size=16/></button>
                </form>
            })}
        </li>
    }
    .into_any()
}

fn pin(device: Device, doing: Doing, message: MessageId, on: bool) {
    device.perform(doing.id, Operation::Change { message, change: Change::Pin { on } });
}

/// The menu's word for it, for whoever may.
#[component]
pub fn PinItem(doing: Doing, message: Arc<Message>) -> impl IntoView {
    let device = expect_context::<Device>();
    let (id, seq) = (message.id, message.seq);
    let is_pinned = device.state.with_untracked(|state| {
        let thread = state.threads.get(&doing.id)?;
        let may = thread.conversation.lets_pin(state.me.id);
        may.then(|| thread.shown(&message, state.me.id).pinned.is_some())
    });
    is_pinned.map(|is_pinned| {
        let (what, word) = if is_pinned { ("unpin", words::UNPIN) } else { ("pin", words::PIN) };
        let submit = move |event: SubmitEvent| {
            event.prevent_default();
            close(doing, Some(seq));
            pin(device, doing, id, !is_pinned);
        };
        view! {
            <form method="post" action=doing.action(id, what) on:submit=submit>
                <button class="menu-item" role="menuitem">{word}</button>
            </form>
        }
    })
}

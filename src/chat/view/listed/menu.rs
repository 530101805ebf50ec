//! The menu of a conversation in the list.

use super::Listed;
use crate::{
    browser::{COLUMN, clock, element, focus},
    chat::{view::media, words},
    device::Device,
    kit::{codec, error::Refused},
    people::view::contacts::{REMOVE, block_link},
    ui::{dialog::Dialog, dynamic::text, toast::Toasts},
};
use leptos::{
    ev::{KeyboardEvent, MouseEvent, SubmitEvent},
    html,
    prelude::*,
    task::spawn_local,
};
use model::{
    error::{AppError, ErrorCode},
    id::{ConversationId, UserId},
    media::MediaKind,
    prefs::{ALWAYS, Prefs, PrefsChange},
    state::{ChatState, Touched},
    time::Timestamp,
};

/// What the arrow keys move between.
const ITEMS: &str = ".menu-item:not([hidden] *)";
/// Of those how long it is to be silent.
const SPANS: &str = ".spans .menu-item";
/// Seconds in an hour.
const HOUR: u32 = 3600;

/// Something that can be kept otherwise: as a form posts it, as a device does it, and what it is called.
#[derive(Clone)]
struct Item {
    name: &'static str,
    value: String,
    change: PrefsChange,
    label: String,
}

impl Item {
    fn flag(name: &'static str, on: bool, label: &str) -> Self {
        let (mut change, flag) = (PrefsChange::default(), Some(on));
        match name {
            "pinned" => change.pinned = flag,
            "archived" => change.archived = flag,
            "mentions" => change.mentions = flag,
            _ => change.unread = flag,
        }
        Self { name, value: on.to_string(), change, label: label.to_owned() }
    }

    /// Out of the archive, to where it was in the list.
    fn restored(pinned: bool) -> Self {
        let mut item = Self::flag("archived", false, "");
        item.change.pinned = pinned.then_some(true);
        item
    }

    fn span(seconds: u32, label: &str) -> Self {
        let change = PrefsChange { mute_for: Some(seconds), ..PrefsChange::default() };
        Self { name: "mute_for", value: seconds.to_string(), change, label: label.to_owned() }
    }

    fn until(until: Option<Timestamp>, label: String) -> Self {
        let change = PrefsChange { muted_until: Some(until), ..PrefsChange::default() };
        let value = until.map(|until| until.to_string()).unwrap_or_default();
        Self { name: "muted_until", value, change, label }
    }

    /// As it is posted by a device whose newest message is this one: what it has not got is not read.
    fn json(&self, newest: u64) -> String {
        let Self { name, value, .. } = self;
        match *name {
            "unread" => format!("{{\"{name}\":{value},\"up_to\":{newest}}}"),
            "muted_until" if value.is_empty() => format!("{{\"{name}\":null}}"),
            "muted_until" => format!("{{\"{name}\":\"{value}\"}}"),
            "archived" if self.change.pinned == Some(true) => {
                format!("{{\"archived\":{value},\"pinned\":true}}")
            }
            _ => format!("{{\"{name}\":{value}}}"),
        }
    }
}

/// What the menu says of its conversation, as it was when it was opened.
struct Shown {
    name: String,
    prefs: Prefs,
    is_archived: bool,
    is_unread: bool,
    /// The seq of its newest message.
    newest: u64,
    /// The contact whom it is with, who can be blocked and removed.
    contact: Option<UserId>,
}

/// The menu.
#[component]
pub fn ListedMenu(
    /// What holds it open.
    listed: Listed,
    /// Of which conversation.
    id: ConversationId,
    /// Whether it was opened from the head of the conversation.
    from_head: bool,
) -> impl IntoView {
    let device = expect_context::<Device>();
    let shown = device.state.with_untracked(|state| {
        let thread = state.threads.get(&id)?;
        Some(Shown {
            name: state.title(&thread.conversation)?,
            prefs: thread.prefs,
            is_archived: thread.is_archived(),
            is_unread: thread.prefs.unread || thread.unread(state.me.id) > 0,
            newest: newest(state, id),
            contact: state.contact_in(id).map(|contact| contact.id),
        })
    });
    let Some(shown) = shown else { return ().into_any() };
    let now = clock::now();
    let is_muted = shown.prefs.is_muted(now);
    let opener = match from_head {
        true => ".listed-opener button".to_owned(),
        false => format!(".row-options[value=\"{id}\"]"),
    };
    let beside = opener.clone();
    let menu = NodeRef::<html::Div>::new();
    let dismiss = move || {
        listed.open.set(None);
        focus::rescue(&opener);
        // The row may be gone with what was chosen.
        focus::rescue(".conversations a.row");
    };
    let done = dismiss.clone();
    let close = Callback::new(move |()| dismiss());
    Effect::new(move || {
        if let Some(menu) = menu.get() {
            element::put_beside(&menu, ".dialog", &beside);
            focus::step_among(&menu, ITEMS, 1);
        }
    });
    let key = move |event: KeyboardEvent| {
        if let Some(menu) = menu.get_untracked() {
            focus::walk(&event, &menu, ITEMS, COLUMN);
        }
    };
    let (toasts, keep) = (expect_context::<Toasts>(), Keeper::new(id));
    let was_pinned = shown.prefs.pinned;
    let item = move |item: Item| {
        let (name, value, label) = (item.name, item.value.clone(), item.label.clone());
        let done = done.clone();
        let clicked = move |event: MouseEvent| {
            event.prevent_default();
            done();
            keep.keep(&item);
            if item.change.archived == Some(true) {
                // What is archived is pinned no more.
                let undo = Item::restored(was_pinned);
                toasts.undoable(words::preferred(&item.change), words::UNDO, move || keep.keep(&undo));
            }
        };
        view! { <button class="menu-item" role="menuitem" name=name value=value on:click=clicked>{label}</button> }
    };
    let pin = Item::flag(
        "pinned",
        !shown.prefs.pinned,
        if shown.prefs.pinned { words::UNPIN } else { words::PIN_TO_TOP },
    );
    let archive = if shown.is_archived { words::UNARCHIVE } else { words::ARCHIVE };
    let archive = Item::flag("archived", !shown.is_archived, archive);
    let mark = if shown.is_unread { words::MARK_READ } else { words::MARK_UNREAD };
    let mark = Item::flag("unread", !shown.is_unread, mark);
    let mute = match is_muted {
        true => {
            let label = words::unmute(&until(device, shown.prefs.muted_until.unwrap_or(ALWAYS), now));
            let mentions = shown.prefs.mentions;
            let said = if mentions { words::NO_MENTIONS } else { words::TELL_MENTIONS };
            [item(Item::until(None, label)), item(Item::flag("mentions", !mentions, said))]
                .collect_view()
                .into_any()
        }
        false => {
            let spans = [
                Item::span(HOUR, words::FOR_AN_HOUR),
                Item::span(8 * HOUR, words::FOR_EIGHT_HOURS),
                Item::span(7 * 24 * HOUR, words::FOR_A_WEEK),
                Item::until(Some(ALWAYS), words::ALWAYS.to_owned()),
            ];
            let spans = spans.map(&item).collect_view();
            view! { <Spans menu>{spans}</Spans> }.into_any()
        }
    };
    let media = from_head.then(|| {
        let chosen = move |_| {
            listed.open.set(None);
            // Where the panel is open already.
            focus::rescue(media::CLOSER);
        };
        view! {
            <a class="menu-item" role="menuitem" href=media::address(id, MediaKind::Media) on:click=chosen>
                {words::MEDIA_TITLE}
            </a>
        }
    });
    let remove = shown.contact.filter(|_| from_head).map(|contact| {
        let ask = move |event: SubmitEvent| {
            event.prevent_default();
            listed.open.set(None);
            listed.removal.open();
        };
        view! {
            <span role="none" on:click=move |_| listed.open.set(None)>{block_link(id, contact, "menu-item danger")}</span>
            <form method="get" action=format!("/c/{id}") on:submit=ask>
                <button class="menu-item danger" name=REMOVE value="1">{words::REMOVE_CONTACT}</button>
            </form>
        }
    });
    let title = if from_head { words::OPTIONS.to_owned() } else { words::options_for(&shown.name) };
    view! {
        <Dialog role="dialog" labelled="listed-title" class="dialog options-dialog" close>
            <h2 id="listed-title" class="unseen">{title}</h2>
            <div role="menu" aria-labelledby="listed-title" node_ref=menu on:keydown=key>
                <form method="post" action=path(id)>
                    <input type="hidden" name="up_to" value=shown.newest/>
                    {item(pin)}
                    {mute}
                    {item(archive)}
                    {item(mark)}
                </form>
                {media}
                {remove}
            </div>
            <form class="options-close" method="get" on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                close.run(());
            }>
                <button class="btn">{words::CLOSE}</button>
            </form>
        </Dialog>
    }
    .into_any()
}

/// How long it is to be silent, behind an item of its own where there is scripting.
#[component]
fn Spans(menu: NodeRef<html::Div>, children: Children) -> impl IntoView {
    let device = expect_context::<Device>();
    let is_open = RwSignal::new(!device.is_started.get_untracked());
    let open = move |event: MouseEvent| {
        event.prevent_default();
        is_open.update(|is_open| *is_open = !*is_open);
        // Once they are in sight.
        request_animation_frame(move || {
            if let Some(menu) = menu.try_get_untracked().flatten() {
                focus::step_among(&menu, SPANS, 1);
            }
        });
    };
    let is_closed = Signal::derive(move || !is_open.get());
    let expanded = text(move || Some(is_open.get().to_string()));
    view! {
        <button type="button" class="menu-item scripted" role="menuitem" aria-haspopup="menu"
            aria-expanded=expanded on:click=open>{words::MUTE}</button>
        <div class="spans" role="group" aria-label=words::MUTE hidden=is_closed>
            <p class="unscripted" aria-hidden="true">{words::MUTE}</p>
            {children()}
        </div>
    }
}

/// The seq of the newest message that is held of a conversation.
fn newest(state: &ChatState, id: ConversationId) -> u64 {
    state.threads.get(&id).and_then(|thread| thread.last_message()).map_or(0, |message| message.seq)
}

/// Where it is posted.
fn path(id: ConversationId) -> String {
    format!("/api/conversations/{id}/prefs")
}

/// Until when it is silent, for people.
fn until(device: Device, until: Timestamp, now: Timestamp) -> Option<String> {
    let zone = device.zone.get_untracked();
    let (there, today) = (zone.civil(until), zone.civil(now));
    let day = if there.days == today.days { String::new() } else { format!("{}, ", there.date()) };
    (until != ALWAYS).then(|| day + &there.clock())
}

/// Keeps something otherwise of a conversation: shown at once, and undone where it is refused.
#[derive(Clone, Copy)]
struct Keeper {
    id: ConversationId,
    device: Device,
    toasts: Toasts,
}

impl Keeper {
    fn new(id: ConversationId) -> Self {
        Self { id, device: expect_context(), toasts: expect_context() }
    }

    fn keep(self, item: &Item) {
        let Self { id, device, toasts } = self;
        if device.is_lost.get_untracked() {
            return toasts.failed(&AppError::new(ErrorCode::Unreachable, words::NOT_KEPT));
        }
        let kept = device.state.change(|state| {
            let json = item.json(newest(state, id));
            ((state.prefer(id, item.change, clock::now()), json), Touched::Thread(id))
        });
        let Some((before, json)) = kept else { return };
        spawn_local(async move {
            let Err(Refused(error)) = codec::post(&path(id), json).await else { return };
            if let Some(before) = before {
                device.state.change(|state| ((), state.take_back(id, before)));
            }
            toasts.failed(&error);
        });
    }
}

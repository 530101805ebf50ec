//! The palette: conversations and what can be done, found by a few letters.

use super::{Board, Boards, JUMP, rank::fit};
use crate::{
    browser::{element, field, focus, form, page},
    chat::{
        view::{
            copying::copy,
            group::{NEW, PANEL},
        },
        words,
    },
    device::Device,
    search::FIND,
    ui::{
        avatar::Avatar,
        dialog::Dialog,
        dynamic::{part, text},
        icon::{Glyph, Icon},
        route::Route,
        theme::Theme,
        toast::Toasts,
    },
};
use leptos::{ev::KeyboardEvent, prelude::*};
use model::{id::ConversationId, message::ConversationKind, state::ChatState, user::initials};

/// So many conversations are offered before anything was typed.
const RECENT: usize = 6;
/// So many entries are shown at most.
const SHOWN: usize = 50;

/// Somewhere to go, or something to do.
#[derive(Clone, PartialEq)]
struct Entry {
    label: String,
    what: What,
}

#[derive(Clone, Copy, PartialEq)]
enum What {
    Conversation { id: ConversationId, kind: ConversationKind, seed: u128 },
    Act(Act),
}

#[derive(Clone, Copy, PartialEq)]
enum Act {
    NewGroup,
    Details,
    Jump,
    CopyAddress,
    Settings,
    Theme(Theme),
    Shortcuts,
    LogOut,
    Find,
}

impl Act {
    fn icon(self) -> Icon {
        match self {
            Self::NewGroup => Icon::Add,
            Self::Details => Icon::People,
            Self::Jump => Icon::Day,
            Self::CopyAddress => Icon::Link,
            Self::Settings => Icon::Settings,
            Self::Theme(_) => Icon::Theme,
            Self::Shortcuts => Icon::Keyboard,
            Self::LogOut => Icon::Leave,
            Self::Find => Icon::Search,
        }
    }
}

/// An entry that fits, and which of its characters do.
type Found = (Entry, Vec<usize>);

/// The palette.
#[component]
pub fn GoTo(boards: Boards) -> impl IntoView {
    let device = expect_context::<Device>();
    let doer = Doer { boards, route: expect_context(), toasts: expect_context() };
    focus::keep();
    let open = boards.conversation.get_untracked();
    let entries = device.state.with_untracked(|state| entries(state, open));
    let typed = RwSignal::new(String::new());
    let active = RwSignal::new(0_usize);
    let found = Memo::new(move |_| typed.with(|typed| find(&entries, typed, open)));
    let close = Callback::new(move |()| {
        boards.close(Board::GoTo);
        focus::give_back();
    });
    let choose = move |index: usize| {
        let chosen = found.with_untracked(|found| found.get(index).map(|(entry, _)| entry.what));
        if let Some(what) = chosen {
            doer.choose(what, typed.get_untracked(), close);
        }
    };
    let key = move |event: KeyboardEvent| {
        let count = found.with_untracked(Vec::len);
        let point = |step: usize| active.update(|active| *active = (*active + step) % count);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => point(1),
            "ArrowUp" if count > 0 => point(count - 1),
            "Enter" if !event.is_composing() => choose(active.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    Effect::new(move || element::reveal(&format!("#{}", option_id(active.get()))));
    let rows = part(move || {
        let option = |(index, found): (usize, Found)| {
            view! { <Place found index active choose=Callback::new(choose)/> }
        };
        found.get().into_iter().enumerate().map(option).collect_view().into_any()
    });
    let nothing = text(move || found.with(Vec::is_empty).then_some(words::NOWHERE));
    view! {
        <Dialog role="dialog" labelled="goto-title" class="dialog goto" close>
            <h2 id="goto-title" class="unseen">{words::GO_TO}</h2>
            <div class="goto-field">
                <Glyph icon=Icon::Search/>
                <input type="text" role="combobox" aria-label=words::GO_TO placeholder=words::GO_TO_WHAT autofocus=true
                    autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="60"
                    aria-expanded="true" aria-autocomplete="list" aria-controls="goto-places"
                    aria-activedescendant=text(move || found.with(|found| !found.is_empty()).then(|| option_id(active.get())))
                    on:input:target=move |event| {
                        active.set(0);
                        typed.set(event.target().value());
                    }
                    on:keydown=key/>
            </div>
            <ul class="plain places" id="goto-places" role="listbox" aria-label=words::PLACES>{rows}</ul>
            <p class="hint" role="status">{nothing}</p>
        </Dialog>
    }
}

/// One entry.
#[component]
fn Place(found: Found, index: usize, active: RwSignal<usize>, choose: Callback<usize>) -> impl IntoView {
    let (Entry { label, what }, at) = found;
    let (face, kind) = match what {
        What::Conversation { kind, seed, .. } => {
            let kind = match kind {
                ConversationKind::Direct => words::A_PERSON,
                ConversationKind::Group => words::A_GROUP,
            };
            (view! { <Avatar initials=initials(&label) seed small=true/> }.into_any(), kind)
        }
        What::Act(act) => (
            view! { <span class="act" aria-hidden="true"><Glyph icon=act.icon()/></span> }.into_any(),
            words::AN_ACTION,
        ),
    };
    let letters = label.chars().enumerate().map(|(index, letter)| match at.contains(&index) {
        true => view! { <mark>{letter.to_string()}</mark> }.into_any(),
        false => letter.to_string().into_any(),
    });
    view! {
        // Its letters are elements; a screen reader hears a word.
        <li class="place" role="option" id=option_id(index) aria-label=format!("{label}, {kind}")
            aria-selected=text(move || Some(if active.get() == index { "true" } else { "false" }))
            on:mousemove=move |_| active.maybe_update(|active| std::mem::replace(active, index) != index)
            on:click=move |_| choose.run(index)>
            {face}
            <b>{letters.collect_view()}</b>
            <small>{kind}</small>
        </li>
    }
}

fn option_id(index: usize) -> String {
    format!("place-{index}")
}

/// Everything that can be gone to or done: conversations as the list has them, and then what can be done here.
fn entries(state: &ChatState, open: Option<ConversationId>) -> Vec<Entry> {
    let conversation = |id: ConversationId| {
        let conversation = &state.threads.get(&id)?.conversation;
        let seed = state.contact_in(id).map_or(id.0, |contact| contact.id.0).as_u128();
        let what = What::Conversation { id, kind: conversation.kind, seed };
        Some(Entry { label: state.title(conversation)?, what })
    };
    let mut entries: Vec<_> = state.listed().into_iter().filter_map(conversation).collect();
    let mut add =
        |label: &str, act: Act| entries.push(Entry { label: label.to_owned(), what: What::Act(act) });
    if let Some(thread) = open.and_then(|open| state.threads.get(&open)) {
        if thread.conversation.kind == ConversationKind::Group {
            add(words::GROUP_DETAILS, Act::Details);
        }
        add(words::JUMP_TO_DATE, Act::Jump);
        add(words::COPY_ADDRESS, Act::CopyAddress);
    }
    add(words::NEW_GROUP, Act::NewGroup);
    add(words::SETTINGS, Act::Settings);
    for (theme, label) in Theme::ALL.into_iter().zip(words::THEMES) {
        add(label, Act::Theme(theme));
    }
    add(words::SHORTCUTS, Act::Shortcuts);
    add(words::LOG_OUT, Act::LogOut);
    entries
}

/// What fits, the best first; before anything was typed, where one was last and is not now, and what can be done.
fn find(entries: &[Entry], typed: &str, open: Option<ConversationId>) -> Vec<Found> {
    if typed.trim().is_empty() {
        let is_elsewhere = |entry: &&Entry| match entry.what {
            What::Conversation { id, .. } => Some(id) != open,
            What::Act(_) => false,
        };
        let recent = entries.iter().filter(is_elsewhere).take(RECENT);
        let acts = entries.iter().filter(|entry| matches!(entry.what, What::Act(_)));
        return recent.chain(acts).map(|entry| (entry.clone(), Vec::new())).collect();
    }
    let mut fits: Vec<_> = entries
        .iter()
        .filter_map(|entry| fit(typed, &entry.label).map(|(fit, at)| (fit, entry, at)))
        .collect();
    // Of those that fit as well as each other, the one that stands first in the list.
    fits.sort_by_key(|(fit, ..)| *fit);
    fits.truncate(SHOWN);
    let mut found: Vec<_> = fits.into_iter().map(|(_, entry, at)| (entry.clone(), at)).collect();
    let label = words::find_person(typed.trim());
    found.push((Entry { label, what: What::Act(Act::Find) }, Vec::new()));
    found
}

/// Does what was chosen.
#[derive(Clone, Copy)]
struct Doer {
    boards: Boards,
    route: Route,
    toasts: Toasts,
}

impl Doer {
    /// `close` closes the palette, and gives the focus back.
    fn choose(self, what: What, typed: String, close: Callback<()>) {
        let Self { boards, route, .. } = self;
        match what {
            What::Conversation { id, .. } if boards.conversation.get_untracked() == Some(id) => close.run(()),
            // Where one goes the focus finds its own place.
            What::Conversation { id, .. } => {
                boards.close(Board::GoTo);
                route.go(&format!("/c/{id}"));
            }
            What::Act(act) => {
                close.run(());
                match act {
                    // What the address asks for opens.
                    // Beside a conversation the list may be hidden, and its dialog with it.
                    Act::NewGroup if !element::is_shown(".new-group") => route.go(&format!("/?{NEW}=1")),
                    Act::NewGroup => route.replace(&route.asking(NEW, "1")),
                    Act::Details => route.replace(&route.asking(PANEL, "1")),
                    Act::Jump => route.replace(&route.asking(JUMP, "1")),
                    Act::CopyAddress => self.copy_address(),
                    Act::Settings => page::go_to("/settings"),
                    Act::Theme(theme) => page::set_theme(theme.forced()),
                    Act::Shortcuts => boards.open(Board::Sheet),
                    Act::LogOut => form::submit("form[action='/auth/logout']"),
                    Act::Find => {
                        // On a phone the search stands beside the list, and is hidden by a conversation.
                        let field = format!("input[name={FIND}]");
                        if !element::is_shown(&field) {
                            route.go("/");
                        }
                        field::fill(field, typed.trim().to_owned());
                    }
                }
            }
        }
    }

    fn copy_address(self) {
        let Some(id) = self.boards.conversation.get_untracked() else { return };
        copy(self.toasts, page::absolute(&format!("/c/{id}")), words::ADDRESS_COPIED);
    }
}

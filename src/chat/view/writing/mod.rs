//! What helps to write: commands that put marks around what is selected, a toolbar of them, and emojis that are
//! completed after a colon. Loaded when it is wanted; what stands here says when.

mod completion;
pub mod format;
mod toolbar;

use crate::{
    browser::{field, storage},
    chat::words,
    ui::{
        dynamic::text,
        icon::{Glyph, Icon},
        lazy::{self, lazy},
        toast::Toasts,
    },
};
use completion::Completion;
use format::Command;
use leptos::{ev::KeyboardEvent, html, prelude::*, task::spawn_local, web_sys::HtmlTextAreaElement};
use model::id::ConversationId;
use std::sync::Arc;
use toolbar::Toolbar;

/// What is loaded when it is wanted.
#[derive(Clone, Copy)]
pub struct WritingPart {
    /// Draws what stands above a field, and listens to it.
    pub draw: fn(Help) -> AnyView,
    /// Does what a command says.
    pub obey: fn(&HtmlTextAreaElement, Command),
}

lazy! {
    /// All of it.
    pub static WRITING: WritingPart = writing(WritingPart {
        draw: |help| view! { <Completion help/><Toolbar help/> }.into_any(),
        obey: toolbar::obey,
    })
}

/// What hears of each key, and without one of each change of the text; whether it took the key.
pub type Listener = Arc<dyn Fn(Option<&KeyboardEvent>) -> bool + Send + Sync>;

/// Where it is kept that the toolbar is wanted.
const TOOLBAR: &str = "formatting";

/// What helps to write in one field. A cheap handle.
#[derive(Clone, Copy)]
pub struct Help {
    /// The field.
    pub input: NodeRef<html::Textarea>,
    /// Whether the toolbar is shown.
    pub has_toolbar: RwSignal<bool>,
    /// What listens, once it is there.
    pub listener: StoredValue<Option<Listener>>,
    /// Whether something is drawn.
    is_wanted: RwSignal<bool>,
    id: ConversationId,
    toasts: Toasts,
}

impl Help {
    /// For the field of a conversation.
    pub fn new(id: ConversationId, input: NodeRef<html::Textarea>) -> Self {
        let help = Self {
            input,
            has_toolbar: RwSignal::new(false),
            listener: StoredValue::new(None),
            is_wanted: RwSignal::new(false),
            id,
            toasts: expect_context::<Toasts>(),
        };
        Effect::new(move || {
            if storage::get(TOOLBAR).is_some() {
                help.has_toolbar.set(true);
                help.fetch();
            }
        });
        help
    }

    /// What stands above the field.
    pub fn draw(self) -> Option<AnyView> {
        self.is_wanted.get().then(|| WRITING.get().map(|part| (part.draw)(self))).flatten()
    }

    /// Whether a key was meant for what helps; then that was done.
    pub fn takes(self, event: &KeyboardEvent) -> bool {
        if self.listener.get_value().is_some_and(|listener| listener(Some(event))) {
            return true;
        }
        let Some(command) = command_of(event) else { return false };
        let Some(input) = self.input.get_untracked() else { return false };
        // With nothing selected it leads elsewhere.
        if command == Command::Link && !field::has_selected(&input) {
            return false;
        }
        event.prevent_default();
        event.stop_propagation();
        let obey = move || {
            if let Some(part) = WRITING.get() {
                (part.obey)(&input, command);
            }
        };
        self.want(Box::new(obey));
        true
    }

    /// The text has changed.
    pub fn typed(self, text: &str) {
        match self.listener.get_value() {
            Some(listener) => drop(listener(None)),
            // A colon with a letter behind it, wherever it stands.
            None if text
                .as_bytes()
                .windows(2)
                .any(|pair| pair[0] == b':' && pair[1].is_ascii_alphabetic()) =>
            {
                self.fetch();
            }
            None => {}
        }
    }

    /// Shows the toolbar, or hides it, and remembers that.
    fn toggle(self) {
        let toggle = move || {
            let Some(was_shown) = self.has_toolbar.try_get_untracked() else { return };
            let is_shown = !was_shown;
            storage::set(TOOLBAR, is_shown.then_some("shown"));
            self.has_toolbar.try_set(is_shown);
        };
        self.want(Box::new(toggle));
    }

    /// For what somebody has asked for: that it does not come is said.
    fn want(self, then: Box<dyn FnOnce()>) {
        let id = self.id;
        let then = move || {
            self.is_wanted.try_set(true);
            then();
        };
        lazy::when_there(WRITING.loader(), self.toasts, Box::new(move || format!("/c/{id}")), Box::new(then));
    }

    /// For what may be wanted: who writes is not disturbed.
    fn fetch(self) {
        spawn_local(async move {
            if lazy::fetch(WRITING.loader()).await {
                self.is_wanted.try_set(true);
            }
        });
    }
}

/// The command that a key gives.
fn command_of(event: &KeyboardEvent) -> Option<Command> {
    if !(event.ctrl_key() || event.meta_key()) || event.alt_key() {
        return None;
    }
    // Digits are others with Shift, and on other keyboards.
    match (event.key().as_str(), event.code().as_str(), event.shift_key()) {
        ("b" | "B", _, false) => Some(Command::Bold),
        ("i" | "I", _, false) => Some(Command::Italic),
        ("e" | "E", _, false) => Some(Command::Code),
        ("k" | "K", _, false) => Some(Command::Link),
        ("x" | "X", _, true) => Some(Command::Strike),
        ("h" | "H", _, true) => Some(Command::Spoiler),
        (_, "Digit8", true) => Some(Command::List),
        (_, "Digit9", true) => Some(Command::Quote),
        _ => None,
    }
}

/// Shows the toolbar, or hides it.
#[component]
pub fn ToolbarToggle(
    /// Of which field.
    help: Help,
) -> impl IntoView {
    view! {
        <button type="button" class="icon scripted" aria-label=words::FORMATTING title=words::FORMATTING
            aria-pressed=text(move || Some(help.has_toolbar.get().to_string()))
            on:click=move |_| help.toggle()>
            <Glyph icon=Icon::Letter/>
        </button>
    }
}

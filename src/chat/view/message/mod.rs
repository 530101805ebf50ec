//! What is done with a message besides writing it, seeing its pictures large among it. What that needs is loaded when it
//! is wanted.

mod emoji;
mod forward;
mod information;
mod line;
mod mentioning;
mod options;
mod pins;
mod viewer;

use crate::{
    browser::{element, focus},
    chat::{
        view::{
            message::line::Line,
            pins::{PINS, is_panel_asked},
        },
        words,
    },
    device::Device,
    ui::{
        dialog::Dialog,
        lazy::{self, Load, lazy},
        route::Route,
        toast::Toasts,
    },
};
use emoji::EmojiPicker;
use forward::Forward;
use information::Information;
use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    prelude::*,
    task::spawn_local,
    web_sys::HtmlTextAreaElement,
};
use mentioning::{PeopleToMention, take_key};
use model::{
    change::{Change, Emoji},
    id::{ConversationId, FileId, MessageId},
    thread::Operation,
};
use options::Options;
use pins::{PinLine, Pins};

pub use viewer::{
    VIEWER,
    gallery::{self, Picture},
    lens,
};

/// What is seldom wanted of messages.
#[derive(Clone, Copy)]
pub struct MessageParts {
    /// Draws what stands open of a message, if anything does.
    pub panel: fn(Doing, Panel, MessageId) -> AnyView,
    /// Draws what the composer is about.
    pub line: fn(Doing, Writing) -> AnyView,
    /// Draws the line that says what is pinned.
    pub pin_line: fn(Doing) -> AnyView,
    /// Draws the panel of what is pinned.
    pub pins: fn(Doing) -> AnyView,
    /// Draws whom one may be about to mention.
    pub people: fn(Doing) -> AnyView,
    /// Takes a key of the composer's that chooses among them. Whether it was one.
    pub take_key: fn(Doing, Device, &KeyboardEvent, &HtmlTextAreaElement) -> bool,
}

lazy! {
    /// All of it.
    pub static MESSAGE: MessageParts = message(MessageParts {
        panel: |doing, panel, message| view! { <Opened doing panel message/> }.into_any(),
        line: |doing, writing| view! { <Line doing writing/> }.into_any(),
        pin_line: |doing| view! { <PinLine doing/> }.into_any(),
        pins: |doing| view! { <Pins doing/> }.into_any(),
        people: |doing| view! { <PeopleToMention doing/> }.into_any(),
        take_key,
    })
}

/// The id of the form without scripting that asks for something of a message.
pub const OPTIONS_FORM: &str = "message-options";
/// What the address says while the composer answers a message, or while it is to be other words for one.
const REPLY: &str = "reply";
const EDIT: &str = "edit";
/// All that the address may say, whereupon the part is drawn.
pub const ASKED: [&str; 7] = ["message", "emoji", "forward", "information", "picture", REPLY, EDIT];

/// What stands open of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// What can be done with it.
    Options,
    /// Emojis to react with.
    Emoji,
    /// Where to send it, too.
    Forward,
    /// When it was written, and who has read it.
    Information,
    /// A picture of it, or the first one.
    Picture,
}

impl Panel {
    /// What the address says of it.
    pub fn name(self) -> &'static str {
        ASKED[self as usize]
    }

    /// What loads the part that draws it.
    fn loader(self) -> Option<Load> {
        match self {
            Self::Options | Self::Emoji | Self::Forward | Self::Information => MESSAGE.loader(),
            Self::Picture => VIEWER.loader(),
        }
    }
}

/// What the composer is about, if not a new message of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// An answer to this one.
    Reply(MessageId),
    /// Other words for this one.
    Edit(MessageId),
}

/// What is being done in the open conversation. A cheap handle, found in the context of its views.
#[derive(Clone, Copy)]
pub struct Doing {
    /// The conversation.
    pub id: ConversationId,
    /// What stands open, and of which message.
    pub panel: RwSignal<Option<(Panel, MessageId)>>,
    /// What the composer is about.
    pub writing: RwSignal<Option<Writing>>,
    /// What stands before the caret in the composer, where that may be a mention.
    pub completing: RwSignal<String>,
    /// Which of those who may be meant is chosen.
    pub chosen: RwSignal<usize>,
    /// Whether the panel of what is pinned is open.
    pub pins: RwSignal<bool>,
    /// Whether the panel of a group is.
    pub details: RwSignal<bool>,
    toasts: Toasts,
}

impl Doing {
    /// Puts it into the context, as the address says.
    pub fn provide(id: ConversationId) -> Self {
        let (route, toasts) = (expect_context::<Route>(), expect_context::<Toasts>());
        let asked = |name: &str| -> Option<MessageId> { untrack(|| route.query(name))?.parse().ok() };
        let panels = [Panel::Options, Panel::Emoji, Panel::Forward, Panel::Information, Panel::Picture];
        let panel = panels.into_iter().find_map(|panel| Some((panel, asked(panel.name())?)));
        let writing = asked(REPLY).map(Writing::Reply).or(asked(EDIT).map(Writing::Edit));
        let (panel, writing) = (RwSignal::new(panel), RwSignal::new(writing));
        let (pins, details) = (RwSignal::new(is_panel_asked()), RwSignal::new(false));
        let (completing, chosen) = (RwSignal::default(), RwSignal::default());
        let doing = Self { id, panel, writing, completing, chosen, pins, details, toasts };
        provide_context(doing);
        // What the address asked for is done with; a reload would open it again.
        Effect::new(move |before: Option<bool>| {
            let is_busy = doing.panel.read().is_some() || doing.writing.read().is_some() || doing.pins.get();
            if before == Some(true) && !is_busy {
                route.forget(&ASKED);
                route.forget(&[PINS]);
            }
            is_busy
        });
        doing
    }

    /// Opens something of a message, for an event that would have asked the server to.
    pub fn show(self, event: &MouseEvent, panel: Panel, message: MessageId) {
        event.prevent_default();
        let show = move || {
            self.panel.try_set(Some((panel, message)));
        };
        self.load(panel.loader(), panel.name(), message, Box::new(show));
    }

    /// Opens one of these pictures, which are gone through then instead of those of the conversation.
    pub fn show_pictures(self, among: Vec<Picture>, file: FileId) {
        let Some(picture) = among.iter().find(|picture| picture.file.file == file) else { return };
        let message = picture.message;
        focus::keep();
        let show = move || {
            gallery::want((file, among));
            self.panel.try_set(Some((Panel::Picture, message)));
        };
        self.load(Panel::Picture.loader(), Panel::Picture.name(), message, Box::new(show));
    }

    /// Has the composer be about something.
    pub fn write(self, writing: Writing) {
        let (name, message) = match writing {
            Writing::Reply(message) => (REPLY, message),
            Writing::Edit(message) => (EDIT, message),
        };
        let write = move || {
            self.writing.try_set(Some(writing));
        };
        self.load(MESSAGE.loader(), name, message, Box::new(write));
    }

    /// What stands before the caret in the composer is this now.
    pub fn complete(self, before: String) {
        let may_mention = before.rsplit(char::is_whitespace).next().is_some_and(|word| word.contains('@'));
        let before = if may_mention { before } else { String::new() };
        if self.completing.with_untracked(|known| *known == before) {
            return;
        }
        self.chosen.set(0);
        self.completing.set(before);
        if may_mention && MESSAGE.loader().is_some() {
            // Nobody has asked: where it does not come, a name is written out.
            spawn_local(async move {
                if lazy::fetch(MESSAGE.loader()).await {
                    self.completing.try_update(|_| ());
                }
            });
        }
    }

    fn load(self, loader: Option<Load>, name: &'static str, message: MessageId, then: Box<dyn FnOnce()>) {
        let id = self.id;
        lazy::when_there(loader, self.toasts, Box::new(move || format!("/c/{id}?{name}={message}")), then);
    }

    /// Reacts to a message, or takes that back.
    pub fn react(self, device: Device, message: MessageId, emoji: &str, on: bool) {
        if let Ok(emoji) = Emoji::parse(emoji) {
            device.perform(self.id, Operation::Change { message, change: Change::React { emoji, on } });
        }
    }

    /// Whether an event asks for a message's own menu: over links and what is selected the browser has a better one.
    pub fn takes_menu(self, event: &MouseEvent) -> bool {
        !element::is_for_the_browser(event)
    }

    /// The address of a message.
    pub fn address_of(self, seq: u64) -> String {
        let id = self.id;
        format!("/c/{id}?at={seq}#m{seq}")
    }

    /// Where a form posts what it wants of a message.
    pub fn action(self, message: MessageId, what: &str) -> String {
        let id = self.id;
        format!("/api/conversations/{id}/messages/{message}/{what}")
    }

    /// The id of the form without scripting that adds a reaction, or takes one back.
    pub fn reaction_form(self, on: bool) -> &'static str {
        if on { "react-on" } else { "react-off" }
    }
}

/// The forms that a message's buttons belong to where there is no scripting: one of each, however many messages
/// there are.
#[component]
pub fn Forms(
    /// Of which conversation.
    doing: Doing,
) -> impl IntoView {
    let id = doing.id;
    let react = |on: bool| {
        view! {
            <form id=doing.reaction_form(on) method="post"><input type="hidden" name="on" value=on.to_string()/></form>
        }
    };
    view! {
        <div hidden=true>
            <form id=OPTIONS_FORM method="get" action=format!("/c/{id}")></form>
            {react(true)}
            {react(false)}
        </div>
    }
}

/// Draws what stands open of a message, once the part that does is there.
pub fn opened(doing: Doing, panel: Panel, message: MessageId) -> AnyView {
    match panel {
        Panel::Picture => VIEWER.get().map(|draw| draw(doing, message)).into_any(),
        Panel::Options | Panel::Emoji | Panel::Forward | Panel::Information => {
            MESSAGE.get().map(|part| (part.panel)(doing, panel, message)).into_any()
        }
    }
}

/// What stands open of a message.
#[component]
fn Opened(doing: Doing, panel: Panel, message: MessageId) -> impl IntoView {
    let device = expect_context::<Device>();
    let found = device.state.with_untracked(|state| state.threads.get(&doing.id)?.message(message).cloned());
    let found = found.filter(|message| message.content.words().is_some());
    match (panel, found) {
        // The viewer is a part of its own, and draws itself.
        (Panel::Picture, _) => ().into_any(),
        (Panel::Options, Some(message)) => view! { <Options doing message/> }.into_any(),
        (Panel::Emoji, Some(message)) => view! { <EmojiPicker doing message/> }.into_any(),
        (Panel::Forward, Some(message)) => view! { <Forward doing message/> }.into_any(),
        (Panel::Information, Some(message)) => view! { <Information doing message/> }.into_any(),
        (Panel::Options | Panel::Emoji | Panel::Forward | Panel::Information, None) => {
            let close = Callback::new(move |()| close(doing, None));
            view! {
                <Dialog role="dialog" labelled="message-gone" close>
                    <p id="message-gone">{words::MESSAGE_GONE}</p>
                    <div class="acts"><button class="btn main" form=OPTIONS_FORM autofocus=true on:click=move |event| {
                        event.prevent_default();
                        close.run(());
                    }>{words::CLOSE}</button></div>
                </Dialog>
            }
            .into_any()
        }
    }
}

/// Closes what stands open. The focus goes back to the message, if there is one that is shown.
fn close(doing: Doing, seq: Option<u64>) {
    doing.panel.set(None);
    if let Some(seq) = seq {
        focus::rescue(&format!("#m{seq}"));
    }
}

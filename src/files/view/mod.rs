//! Files on the device that sends them: what is chosen for the next message, and its way to the server. Loaded when
//! something was chosen, or is still to be sent.

mod chosen;
mod list;
mod tus;
mod uploads;
pub mod words;

use crate::{
    browser::{files, storage},
    device::Device,
    ui::{
        dynamic::part,
        lazy::{self, lazy},
        toast::Toasts,
    },
};
use leptos::{prelude::*, task::spawn_local};
use list::List;
use model::{
    error::AppError,
    id::{ConversationId, FileId, MessageId},
};

/// What is needed once there are files.
#[derive(Clone, Copy)]
pub struct FilesPart {
    /// Sees to it that what is to be sent is, for as long as this stands in the page.
    see_to: fn(Device) -> AnyView,
    /// Takes what was chosen in the field of a conversation.
    choose: fn(Device, ConversationId, Toasts),
    /// Draws what is chosen for the next message.
    list: fn(Device, ConversationId) -> AnyView,
    /// Whether anything is.
    any: fn(ConversationId) -> bool,
    /// Writes a message with what is chosen, and the text.
    compose: fn(Device, ConversationId, &str, Option<MessageId>) -> Result<(), AppError>,
    /// An address under which a picture is shown that is not stored yet.
    preview: fn(FileId) -> Option<String>,
}

lazy! {
    /// All of it.
    static FILES: FilesPart = files(FilesPart {
        see_to: |device| view! { <uploads::SeeTo device/> }.into_any(),
        choose: chosen::choose,
        list: |device, id| view! { <List device id/> }.into_any(),
        any: chosen::any,
        compose: uploads::compose,
        preview: chosen::preview,
    })
}

/// The field in which files are chosen. Also what is dropped and pasted is put there (`choosing.js`).
pub const FIELD: &str = ".attach input";
/// Where this browser notes that it keeps files which are to be sent.
const NOTE: &str = "files";

/// The files of this page that are to be sent. A cheap handle, found in the context of every view.
#[derive(Clone, Copy)]
pub struct Sending {
    device: Device,
    toasts: Toasts,
    is_here: RwSignal<bool>,
}

impl Sending {
    /// Puts it into the context. What an earlier page has left goes on.
    pub fn provide(device: Device, toasts: Toasts) -> Self {
        let sending = Self { device, toasts, is_here: RwSignal::new(false) };
        provide_context(sending);
        Effect::new(move || {
            let waits = device.state.with(|state| state.outgoing().any(|(_, message)| !message.is_ready()));
            let is_wanted = device.is_started.get() && (waits || storage::get(NOTE).is_some());
            if is_wanted && !sending.is_here.get_untracked() {
                spawn_local(async move {
                    let is_here = lazy::fetch(FILES.loader()).await;
                    sending.is_here.try_set(is_here);
                });
            }
        });
        sending
    }

    /// What sees to it that they are, for the page around all conversations.
    pub fn draw(self) -> AnyView {
        part(move || self.part().map(|part| (part.see_to)(self.device)).into_any()).into_any()
    }

    /// What is chosen for the next message of a conversation.
    pub fn list(self, id: ConversationId) -> AnyView {
        part(move || self.part().map(|part| (part.list)(self.device, id)).into_any()).into_any()
    }

    /// Takes what was chosen before the page lived.
    pub fn choose_early(self, id: ConversationId) {
        if files::has_chosen(FIELD) {
            self.choose(id);
        }
    }

    /// Something was chosen in a conversation's field.
    pub fn choose(self, id: ConversationId) {
        let choose = move || {
            self.is_here.try_set(true);
            if let Some(part) = FILES.get() {
                (part.choose)(self.device, id, self.toasts);
            }
        };
        lazy::when_there(FILES.loader(), self.toasts, Box::new(move || format!("/c/{id}")), Box::new(choose));
    }

    /// Whether anything is chosen for the next message.
    pub fn any(self, id: ConversationId) -> bool {
        FILES.get().is_some_and(|part| (part.any)(id))
    }

    /// Shows a message at once, with what is chosen, and sends it as soon as it can be.
    /// Errors: `invalid_message`, or why one of the files cannot be sent; nothing was taken then.
    pub fn compose(
        self,
        id: ConversationId,
        text: &str,
        reply_to: Option<MessageId>,
    ) -> Result<(), AppError> {
        match FILES.get() {
            Some(part) => (part.compose)(self.device, id, text, reply_to),
            None => self.device.compose(id, text, reply_to, Vec::new()),
        }
    }

    fn part(self) -> Option<FilesPart> {
        if self.is_here.get() { FILES.get() } else { None }
    }
}

/// An address under which a picture is shown that this device is still sending.
pub fn preview(file: FileId) -> Option<String> {
    (FILES.get()?.preview)(file)
}

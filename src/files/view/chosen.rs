//! Files that somebody has chosen on this device, until the message that they are for is stored. What is said of them
//! and their bytes are in the browser's database, so that nothing is lost with the page.

use super::{FIELD, NOTE, tus, uploads, words};
use crate::{
    browser::{
        Chosen,
        files::{self, Bytes},
        storage, tabs,
    },
    device::Device,
    ui::toast::Toasts,
};
use leptos::{prelude::*, task::spawn_local};
use model::{
    error::AppError,
    file::{AltText, Attachment, FileName, MAX_ATTACHMENTS, MediaType},
    id::{ConversationId, FileId, UserId},
};
use serde::{Deserialize, Serialize};
use std::{cell::RefCell, collections::HashMap};

/// The largest picture that may go as it was chosen, in bytes: into a larger one the server does not look, and what it
/// tells besides itself would stay in it.
const MOST_AS_IT_IS: u64 = 64 * 1024 * 1024;

/// What is kept of a file in the browser's database, beside its bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// Who has chosen it.
    pub user: UserId,
    /// Where it is to go.
    pub conversation: ConversationId,
    /// What is said of it. Its `file` is the name that this device gave it.
    pub attachment: Attachment,
    /// What the server calls it, since its upload has begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored: Option<FileId>,
    /// Whether it is in a message that was written.
    #[serde(default)]
    pub taken: bool,
}

/// How far a file is.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// Its picture is being made.
    Making,
    /// On its way.
    Going,
    /// On its way once there is a line, or when the server wants it, which has said why not now.
    Waiting(Option<String>),
    /// All of it is at the server.
    There,
    /// The server does not want it.
    Refused(String),
}

/// A file that somebody has chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// What is kept.
    pub about: About,
    /// How far it is.
    pub state: State,
    /// Whether the browser's database has it.
    pub is_kept: bool,
}

impl File {
    /// The name that this device gave it.
    pub fn id(&self) -> FileId {
        self.about.attachment.file
    }

    fn is_for(&self, conversation: ConversationId) -> bool {
        self.about.conversation == conversation && !self.about.taken
    }
}

thread_local! {
    static FILES: ArcRwSignal<Vec<File>> = ArcRwSignal::new(Vec::new());
    /// Their bytes; and, where they are shown, under which address.
    static BYTES: RefCell<HashMap<FileId, (Bytes, Option<String>)>> = RefCell::default();
    /// Pictures as they were chosen, of which others are made, for as long as the page lives; and whether it is they
    /// that are sent.
    static ORIGINALS: RefCell<HashMap<FileId, (Chosen, bool)>> = RefCell::default();
}

/// All of them; whoever reads them hears of changes.
pub fn all() -> ArcRwSignal<Vec<File>> {
    FILES.with(Clone::clone)
}

/// Those for the next message of a conversation, in the order in which they were chosen.
pub fn of(conversation: ConversationId, files: &[File]) -> Vec<File> {
    files.iter().filter(|file| file.is_for(conversation)).cloned().collect()
}

/// Whether there are any.
pub fn any(conversation: ConversationId) -> bool {
    all().read_untracked().iter().any(|file| file.is_for(conversation))
}

/// One of them.
pub fn find(id: FileId) -> Option<File> {
    all().read_untracked().iter().find(|file| file.id() == id).cloned()
}

/// Changes what is known of one, if it is there still.
pub fn change(id: FileId, change: impl FnOnce(&mut File)) {
    all().update(|files| {
        if let Some(file) = files.iter_mut().find(|file| file.id() == id) {
            change(file);
        }
    });
}

/// The bytes of one.
pub fn bytes(id: FileId) -> Option<Bytes> {
    BYTES.with_borrow(|all| Some(all.get(&id)?.0.clone()))
}

/// An address under which a picture is shown, by the name that this device or the server gave it.
pub fn preview(id: FileId) -> Option<String> {
    let files = all();
    let files = files.read_untracked();
    let file = files.iter().find(|file| file.id() == id || file.about.stored == Some(id))?;
    file.about.attachment.width?;
    BYTES.with_borrow_mut(|all| {
        let (bytes, shown) = all.get_mut(&file.id())?;
        if shown.is_none() {
            *shown = files::show(bytes);
        }
        shown.clone()
    })
}

/// Takes what was chosen in the field of a conversation.
pub fn choose(device: Device, conversation: ConversationId, toasts: Toasts) {
    let mut room = MAX_ATTACHMENTS - of(conversation, &all().read_untracked()).len().min(MAX_ATTACHMENTS);
    for chosen in files::take_chosen(FIELD) {
        if room == 0 {
            return toasts.failed(&words::too_many(&chosen.name));
        }
        room -= 1;
        add(device, conversation, chosen, toasts, Adding::default());
    }
}

/// How something is added that was added before in another way.
#[derive(Default)]
struct Adding {
    /// Before this one; `None`: behind all.
    before: Option<FileId>,
    alt: Option<AltText>,
    /// A picture is not made smaller.
    as_it_is: bool,
}

fn add(device: Device, conversation: ConversationId, chosen: Chosen, toasts: Toasts, adding: Adding) {
    let Adding { before, alt, as_it_is } = adding;
    let original = chosen.clone();
    let Chosen { name, kind, size, bytes: chosen_bytes } = chosen;
    let (name, kind, file) = (FileName::of(&name), MediaType::of(&kind), FileId::new());
    let (width, height, duration, placeholder) = (None, None, None, None);
    let attachment = Attachment { file, name, size, kind, width, height, duration, placeholder, alt };
    let user = device.state.with_untracked(|state| state.me.id);
    let about = About { user, conversation, attachment, stored: None, taken: false };
    BYTES.with_borrow_mut(|held| held.insert(file, (chosen_bytes, None)));
    all().update(|all| {
        let place = before.and_then(|before| all.iter().position(|file| file.id() == before));
        all.insert(place.unwrap_or(all.len()), File { about, state: State::Making, is_kept: false });
    });
    storage::set(NOTE, Some("1"));
    spawn_local(async move {
        // Until its bytes are kept, or sent, they are in this tab alone: no other may miss them.
        let _hold = tabs::hold(&lock_of(file)).await;
        if make_picture(file, as_it_is).await && find(file).is_some() {
            ORIGINALS.with_borrow_mut(|all| all.insert(file, (original, as_it_is)));
        }
        let Some(made) = find(file) else { return };
        let made_of = bytes(file);
        let is_kept = files::keep(&file.to_string(), about_of(&made), made_of.as_ref()).await.is_some();
        if find(file).is_none() {
            // It was taken out meanwhile.
            return forget(file);
        }
        change(file, |file| (file.is_kept, file.state) = (is_kept, State::Going));
        if !is_kept {
            toasts.failed(&words::unkept(made.about.attachment.name.as_str()));
        }
        match is_kept {
            true => spawn_local(uploads::send(device, file)),
            false => uploads::send(device, file).await,
        }
    });
}

/// The lock that a tab holds while nobody else has the bytes of a file.
pub fn lock_of(id: FileId) -> String {
    format!("chosen:{id}")
}

/// Whether a picture is sent as it was chosen. `None`: there is no other way.
pub fn goes_as_it_is(id: FileId) -> Option<bool> {
    ORIGINALS.with_borrow(|all| all.get(&id).map(|(_, as_it_is)| *as_it_is))
}

/// Sends a picture the other way: as it was chosen, or made smaller. What came of it is another file.
pub fn swap(device: Device, id: FileId, toasts: Toasts) {
    let original = ORIGINALS.with_borrow_mut(|all| all.remove(&id));
    let Some((file, (chosen, as_it_is))) = find(id).zip(original) else { return };
    let About { conversation, attachment, stored, .. } = file.about;
    let adding = Adding { before: Some(id), alt: attachment.alt, as_it_is: !as_it_is };
    add(device, conversation, chosen, toasts, adding);
    forget(id);
    if let Some(stored) = stored {
        spawn_local(tus::end(stored));
    }
}

/// Makes a picture of one that is: upright, no larger than needed, and nothing in it but what is seen; unless it goes as
/// it is, of which the server takes out what is not seen. Whether what is made is another one.
async fn make_picture(id: FileId, as_it_is: bool) -> bool {
    let Some((file, before)) = find(id).zip(bytes(id)) else { return false };
    let Attachment { kind, size, .. } = &file.about.attachment;
    let size = *size;
    // One that moves would stand still; a drawing is a program, and goes as it is.
    let is_picture =
        kind.as_str().starts_with("image/") && !["image/gif", "image/svg+xml"].contains(&kind.as_str());
    let Some(picture) = (if is_picture { files::picture(&before).await } else { None }) else { return false };
    let is_known = ["image/jpeg", "image/png", "image/webp"].contains(&kind.as_str());
    let is_better = picture.is_reduced || !is_known || picture.size < size;
    change(id, |file| {
        let attachment = &mut file.about.attachment;
        (attachment.width, attachment.height) = (Some(picture.width), Some(picture.height));
        if is_better && !as_it_is {
            let name = attachment.name.as_str();
            let stem = name.rfind('.').filter(|dot| *dot > 0).map_or(name, |dot| &name[..dot]);
            let extension = picture.kind.trim_start_matches("image/").replace("jpeg", "jpg");
            attachment.name = FileName::of(&format!("{stem}.{extension}"));
            (attachment.kind, attachment.size) = (MediaType::of(picture.kind), picture.size);
        }
    });
    if is_better && !as_it_is {
        BYTES.with_borrow_mut(|all| all.insert(id, (picture.bytes, None)));
    }
    is_better && is_known && size <= MOST_AS_IT_IS
}

/// What is kept of it.
fn about_of(file: &File) -> String {
    // Strings and numbers: there is nothing that could not be written.
    serde_json::to_string(&file.about).unwrap_or_default()
}

/// Keeps what is said of one as it is now.
pub async fn keep(id: FileId) {
    if let Some(file) = find(id) {
        files::keep(&id.to_string(), about_of(&file), None).await;
    }
}

/// Says what is to be seen in a picture.
pub fn describe(id: FileId, text: &str) -> Result<(), AppError> {
    let alt = AltText::parse(text)?;
    change(id, |file| file.about.attachment.alt = alt);
    spawn_local(keep(id));
    Ok(())
}

/// Lets go of one: it was taken out, or its message is stored, or will never be.
pub fn forget(id: FileId) {
    ORIGINALS.with_borrow_mut(|all| all.remove(&id));
    let shown = BYTES.with_borrow_mut(|all| all.remove(&id)).and_then(|(_, shown)| shown);
    all().update(|all| all.retain(|file| file.id() != id));
    let is_last = all().read_untracked().is_empty();
    spawn_local(async move {
        files::forget(&id.to_string()).await;
        if is_last && files::kept().await.is_empty() {
            storage::set(NOTE, None);
        }
        if let Some(shown) = shown {
            files::hide(&shown);
        }
    });
}

/// Takes over what the database holds: what an earlier page has left, and what another tab has done. Those of the
/// viewer that were not known here.
pub async fn restore(me: UserId) -> Vec<FileId> {
    let known: Vec<_> = all().read_untracked().iter().filter(|file| file.is_kept).map(File::id).collect();
    let kept = files::kept().await;
    let kept = kept.iter().filter_map(|about| model::json::from_str::<About>(about).ok());
    let kept: Vec<_> = kept.filter(|about| about.user == me).collect();
    let is_gone = |file: &File| {
        let id = file.id();
        known.contains(&id) && kept.iter().all(|about| about.attachment.file != id)
    };
    if all().read_untracked().iter().any(is_gone) {
        all().update(|all| all.retain(|file| !is_gone(file)));
    }
    let mut found = Vec::new();
    for about in kept {
        let id = about.attachment.file;
        if let Some(file) = find(id) {
            let news = (about.taken || file.about.taken, about.stored.or(file.about.stored));
            if news != (file.about.taken, file.about.stored) {
                change(id, |file| (file.about.taken, file.about.stored) = news);
            }
        } else if let Some(bytes) = files::bytes(&id.to_string()).await {
            BYTES.with_borrow_mut(|all| all.insert(id, (bytes, None)));
            all().update(|all| {
                // Ids made later sort later: the order of choosing.
                let place = all.partition_point(|file| file.id() < id);
                all.insert(place, File { about, state: State::Going, is_kept: true });
            });
            found.push(id);
        }
    }
    found
}

//! The pictures that can be gone through.

use crate::chat::view::pictures::picture_size;
use model::{
    file::Attachment,
    id::{FileId, MessageId, UserId},
    message::Message,
    thread::Thread,
    time::Timestamp,
};
use std::cell::RefCell;

/// A picture of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The message that has it.
    pub message: MessageId,
    /// Who has sent that.
    pub sender: UserId,
    /// And when.
    pub at: Timestamp,
    /// The picture, of which it is known how large it is.
    pub file: Attachment,
}

impl Picture {
    /// Its width and height in pixels.
    pub fn size(&self) -> [u32; 2] {
        picture_size(&self.file).map_or([1, 1], |(width, height)| [width.max(1), height.max(1)])
    }
}

/// Which picture is to be opened, and among which.
pub type Wanted = (FileId, Vec<Picture>);

thread_local! {
    // Between what opens the viewer and the viewer, which the row of what stands open draws: a signal of this type in
    // every page would be code that no first paint needs.
    static WANTED: RefCell<Option<Wanted>> = const { RefCell::new(None) };
}

/// Notes what the viewer that is about to be drawn begins with.
pub fn want(wanted: Wanted) {
    WANTED.set(Some(wanted));
}

/// What was noted; nothing where a message or an address has led here.
pub fn wanted() -> Option<Wanted> {
    WANTED.take()
}

/// The pictures of what is looked at of a conversation, the oldest first. Of a message that is not in it but held,
/// those of it alone.
pub fn of_thread(thread: &Thread, me: UserId, message: MessageId) -> Vec<Picture> {
    let part = thread.part().0;
    let is_in_it = part.values().any(|held| held.id == message);
    let alone = if is_in_it { None } else { thread.message(message) };
    let shown = part.values().filter(|_| is_in_it).chain(alone);
    shown.flat_map(|message| of_message(&thread.shown(message, me))).collect()
}

/// Those of a list that are not known to be deleted.
pub fn of_list(list: &[Picture], thread: &Thread, me: UserId) -> Vec<Picture> {
    let is_there = |picture: &&Picture| {
        let held = thread.message(picture.message).map(|message| thread.shown(message, me));
        held.is_none_or(|message| message.content.attachments().contains(&picture.file))
    };
    list.iter().filter(is_there).cloned().collect()
}

fn of_message(message: &Message) -> Vec<Picture> {
    let picture = |file: &Attachment| {
        let (sender, at) = (message.sender, message.created_at);
        picture_size(file).map(|_| Picture { message: message.id, sender, at, file: file.clone() })
    };
    message.content.attachments().iter().filter_map(picture).collect()
}

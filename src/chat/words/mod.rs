//! What the chat says to people, cut as the views are. Whoever says it names it `words::...`, wherever it stands.

mod bubble;
mod composer;
mod conversation;
mod entrances;
mod group;
mod list;
mod listed;
mod media;
mod mentions;
mod message;
mod names;
mod page;
mod palette;
mod pins;
mod viewer;
mod writing;

// What is said of people is said in the same words here.
pub use crate::people::words::{ADD_AS_CONTACT, ASKED, DECLINED};

pub use self::{
    bubble::*, composer::*, conversation::*, entrances::*, group::*, list::*, listed::*, media::*,
    mentions::*, message::*, names::*, page::*, palette::*, pins::*, viewer::*, writing::*,
};

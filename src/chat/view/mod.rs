//! The chat: `page` is the whole, `list` the conversations beside (`listed` the menu of each), `conversation` the open one
//! with its `messages` (each a `bubble`) and its `composer`, `message` what is done with one, `writing` what helps to
//! write one.

mod attachments;
mod bubble;
pub mod chunks;
mod composer;
mod conversation;
mod copying;
pub mod emojis;
pub mod group;
pub mod items;
pub mod join;
mod list;
pub mod listed;
pub mod media;
pub mod message;
mod messages;
mod notifications;
mod page;
pub mod palette;
mod pictures;
pub mod pins;
mod scroll;
pub mod shortcuts;
pub mod text;
pub mod writing;

pub use page::ChatPage;

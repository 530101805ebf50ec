//! The chat: `page` is the whole, `list` the conversations beside, `conversation` the open one
//! with its `messages` and its `composer`.

pub mod chunks;
mod composer;
mod conversation;
pub mod group;
pub mod items;
mod list;
mod messages;
mod notifications;
mod page;
mod scroll;
pub mod text;

pub use page::ChatPage;

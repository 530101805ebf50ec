//! What both sides of Sotto mean by their words: people and the moves between them, conversations
//! and messages, the events that tell of them, and what a device makes of those.
//!
//! Sans I/O: nothing here reads a clock, a network, a file or a browser. The server, the page, bots
//! and the devices of the tests are built on it.
//!
//! - [`id`], [`time`], [`error`], [`text`]: what everything else is made of.
//! - [`user`], [`friendship`], [`request`], [`search`], [`invitation`], [`group_invitation`]: people.
//! - [`message`], [`file`](mod@file), [`media`], [`change`], [`markup`], [`mention`], [`prefs`]: conversations, messages,
//!   the files in them, what is listed of them, how a message may change, what its text means, who is meant by it, and
//!   what a member keeps of a conversation.
//! - [`event`], with [`tagged`]: the language of the socket.
//! - [`state`], [`thread`], [`window`], [`outgoing`]: the reducer, which makes a device's state from events.
//! - [`due`]: what a device has to say next.

pub mod change;
pub mod connection;
pub mod content;
pub mod due;
pub mod error;
pub mod event;
pub mod file;
pub mod friendship;
pub mod group;
pub mod group_invitation;
pub mod id;
pub mod invitation;
pub mod json;
pub mod markup;
pub mod media;
pub mod mention;
pub mod message;
pub mod outgoing;
pub mod prefs;
pub mod request;
pub mod search;
pub mod state;
pub mod tagged;
pub mod text;
pub mod thread;
pub mod time;
pub mod user;
pub mod window;
pub mod words;

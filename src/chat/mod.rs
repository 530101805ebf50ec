//! Conversations and their messages: the way of a message from one device to the others.

pub mod change;
pub mod due;
pub mod event;
pub mod first;
pub mod live;
pub mod model;
pub mod state;
pub mod tagged;
pub mod thread;
pub mod view;

#[cfg(feature = "ssr")]
pub(crate) mod server;
/// Groups, which nothing on the wire makes yet.
#[cfg(feature = "ssr")]
pub use server::{add_member, create_group, leave_group};

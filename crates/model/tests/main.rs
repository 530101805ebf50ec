//! What can be said about the model without a server, a store or a page.
#![allow(missing_docs, reason = "a test's name says what it shows")]

mod connection;
#[path = "../../../tests/corpus/mod.rs"]
mod corpus;
mod device;
mod events;
mod files;
mod frames;
mod friendship;
mod groups;
mod invitations;
mod json;
mod markup;
mod media;
mod mentions;
mod naming;
mod outbox;
mod prefs;
mod reducer;
mod rules;
mod server;
mod time;

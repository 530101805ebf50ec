//! What can be said about the code without a server, a store or a page.

mod chunks;
mod config;
mod connections;
mod device;
mod devices;
mod events;
mod frames;
mod friendship;
mod grouping;
mod limits;
mod links;
mod outbox;
mod reconnecting;
mod reducer;
mod rules;
mod server;
mod time;

//! What can be said about the code without a server, a store or a page.

mod addresses;
mod chunks;
mod config;
mod connections;
mod devices;
mod formatting;
mod gallery;
mod grouping;
mod known;
mod lens;
mod limits;
mod palette;
#[path = "../../crates/model/tests/server.rs"]
#[expect(dead_code, reason = "the model's tests use more of it")]
mod server;
mod turns;

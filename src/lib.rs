//! Sotto: private chat that people run themselves.
//!
//! One crate, built twice: with `ssr` it is the server, with `hydrate` the page that a browser
//! takes over. A feature is a folder (`auth`, `search`, `requests`, `contacts`, `chat`, `settings`)
//! with the same files in each: `model` (types and rules, both sides), `server` (authorize, store,
//! notify), `api` (server functions) and `view` (components). Three layers cut across:
//!
//! - [`store`]: what is kept, a trait per noun; SQLite or MongoDB behind it.
//! - [`web`]: configuration, routes, sessions, guards, limits; [`cli`] starts it.
//! - [`ui`] and [`browser`]: components without any feature's words, and the door to web APIs.
//!
//! The way of a message: `chat::view` -> `chat::live` -> socket -> `chat::server::send` ->
//! `store` -> `chat::server::hub` -> socket -> [`chat::state`] -> `chat::view`.

#![recursion_limit = "256"]

pub mod app;
pub mod auth;
pub mod browser;
pub mod chat;
pub mod contacts;
pub mod kit;
pub mod requests;
pub mod search;
pub mod settings;
pub mod ui;

#[cfg(feature = "ssr")]
pub mod cli;
#[cfg(feature = "ssr")]
pub mod metrics;
#[cfg(feature = "ssr")]
pub mod web;

/// Takes over the page that the server rendered; called once by `page/`.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    if browser::page::is_rendered_elsewhere() {
        browser::page::reload();
    } else {
        leptos::mount::hydrate_body(app::App);
    }
}

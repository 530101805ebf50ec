//! Sotto: private chat that people run themselves.
//!
//! One program from few crates: [`model`] (what both sides mean, sans I/O), [`store`] (what is kept,
//! a trait per noun; SQLite or MongoDB behind it) and this one, built twice: with `ssr` it is the
//! server, with `hydrate` the page that a browser takes over.
//!
//! A feature is a folder (`auth`, `people`, `settings`, `search`, `files`, `chat`) with the same files in each:
//! `model` (types and rules, where it has its own), `server` (authorize, store, tell), `api` (server
//! functions) and `view` (components). Below them stand
//!
//! - [`browser`] and [`ui`]: the door to web APIs, and components without any feature's words;
//! - `metrics`, `live` and [`kit`]: figures; who is connected and the one way to tell them; state,
//!   sessions, limits, refusals;
//! - [`device`]: what the page knows, its socket and its outbox;
//!
//! and above them [`app`] (the page's root), `web` (router, pages, listener) and `cli`. Nothing imports
//! what stands above it: `make check` fails if it does. `docs/architecture.md` says more.
//!
//! The way of a message: `chat::view` -> `device` -> socket -> `chat::server::send` -> `store` ->
//! `live` -> socket -> `model::state` -> `chat::view`.

#![recursion_limit = "256"]

pub mod app;
pub mod auth;
pub mod browser;
pub mod chat;
pub mod device;
pub mod files;
pub mod kit;
pub mod people;
pub mod search;
pub mod settings;
pub mod ui;

#[cfg(feature = "ssr")]
pub mod cli;
#[cfg(feature = "ssr")]
pub mod live;
#[cfg(feature = "ssr")]
pub mod metrics;
#[cfg(feature = "ssr")]
pub mod web;

/// Takes over the page that the server rendered; called once by `page/`. Errors: a sentence, if a part of it
/// that the server has drawn did not come.
#[cfg(feature = "hydrate")]
pub async fn hydrate() -> Result<(), String> {
    use leptos::wasm_bindgen::JsCast;

    // A release ends at a panic without words (docs/decisions/0006-page-weight.md).
    if cfg!(debug_assertions) {
        console_error_panic_hook::set_once();
    }
    if browser::page::is_rendered_elsewhere() {
        browser::page::reload();
    } else {
        app::prepare().await.map_err(|error| error.message)?;
        let root = leptos::prelude::document().get_element_by_id(app::ROOT);
        if let Some(root) = root.and_then(|root| root.dyn_into().ok()) {
            leptos::mount::hydrate_from(root, app::App).forget();
        }
    }
    Ok(())
}

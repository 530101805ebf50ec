//! Parts of the page that are loaded when they are first wanted: a file each, cut out of the page's
//! WebAssembly by `cargo leptos build --split`. See `docs/decisions/0029-a-page-in-parts.md`.
//!
//! A part hands out functions (how a dialog is drawn, what a key does), and once it is there they are
//! called like any others. Where the page is built in one piece (`cargo leptos watch`), and on the server,
//! all parts are there from the beginning.

#[cfg(feature = "split")]
mod apart;
#[cfg(not(feature = "split"))]
mod whole;

#[cfg(feature = "split")]
pub(crate) use apart::lazy;
#[cfg(not(feature = "split"))]
pub(crate) use whole::lazy;

use crate::{
    browser::page,
    ui::{route::Route, toast::Toasts, words},
};
use leptos::{prelude::*, task::spawn_local};
use model::error::{AppError, ErrorCode};
use std::{future::Future, pin::Pin, sync::OnceLock};

/// Loads a part and notes what it hands out. Whether it came.
pub type Load = fn() -> Pin<Box<dyn Future<Output = bool>>>;

/// A part of the page, declared with `lazy!`: what it hands out, once it is there.
pub enum Lazy<T: 'static> {
    /// From the beginning.
    Here(T),
    /// Once it has come.
    Apart(OnceLock<T>, Load),
}

impl<T: Copy> Lazy<T> {
    /// What the part hands out, where it is there.
    pub fn get(&self) -> Option<T> {
        match self {
            Self::Here(there) => Some(*there),
            Self::Apart(there, _) => there.get().copied(),
        }
    }

    /// What loads it; `None`: it is there.
    pub fn loader(&self) -> Option<Load> {
        match self {
            Self::Apart(there, load) if there.get().is_none() => Some(*load),
            Self::Here(_) | Self::Apart(..) => None,
        }
    }
}

/// Loads a part ahead of its being wanted, where it is not there. Whether it is there then.
pub async fn fetch(loader: Option<Load>) -> bool {
    match loader {
        Some(load) => load().await,
        None => true,
    }
}

/// Loads a part that is wanted, where it is not there; each call tries once. A tab that is older than the server
/// finds its parts no more: then the page begins anew at the address that `again` names by then, where what was
/// wanted is open.
///
/// Errors: `unavailable`, with a sentence for the person.
// Of no type: each type would have a copy of it.
pub async fn load(loader: Option<Load>, again: Box<dyn FnOnce() -> String>) -> Result<(), AppError> {
    if fetch(loader).await {
        return Ok(());
    }
    if page::is_outdated().await {
        page::go_to(&again());
    }
    Err(AppError::new(ErrorCode::Unavailable, words::PART_MISSING))
}

/// Something that a part draws while it is open. The address may ask for it, at first and later: it opens then, and
/// once it is closed the address asks for it no more. A cheap handle.
#[derive(Clone, Copy)]
pub struct Opening {
    /// Whether it is open. Whoever closes it sets this.
    pub is_open: RwSignal<bool>,
    name: &'static str,
    loader: fn() -> Option<Load>,
    route: Route,
    toasts: Toasts,
}

impl Opening {
    /// What the address calls by `name`, what loads its part, and the signal that says whether it is open.
    pub fn new(name: &'static str, loader: fn() -> Option<Load>, is_open: RwSignal<bool>) -> Self {
        let (route, toasts) = (expect_context::<Route>(), expect_context::<Toasts>());
        let is_asked = Memo::new(move |_| route.query(name).is_some());
        is_open.set(is_asked.get_untracked());
        let opening = Self { is_open, name, loader, route, toasts };
        Effect::new(move |before: Option<(bool, bool)>| {
            let (asked, open) = (is_asked.get(), is_open.get());
            match (before, asked, open) {
                (Some((_, true)), true, false) => route.forget(&[name]),
                (_, true, false) => opening.open(),
                // Back from there.
                (Some((true, _)), false, true) => is_open.set(false),
                _ => {}
            }
            (asked, open)
        });
        opening
    }

    /// Opens it, once its part is there; that it did not come is said.
    pub fn open(self) {
        // Somebody may have gone on meanwhile.
        let open = move || {
            self.is_open.try_set(true);
        };
        let again = move || self.route.asking(self.name, "1");
        when_there((self.loader)(), self.toasts, Box::new(again), Box::new(open));
    }
}

/// Does what a part is wanted for, once it is there; that it did not come is said. `again` is as for [`load`].
pub fn when_there(
    loader: Option<Load>,
    toasts: Toasts,
    again: Box<dyn FnOnce() -> String>,
    then: Box<dyn FnOnce()>,
) {
    spawn_local(async move {
        match load(loader, again).await {
            Ok(()) => then(),
            Err(error) => toasts.failed(&error),
        }
    });
}

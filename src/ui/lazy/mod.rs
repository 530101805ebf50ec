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

use crate::{browser::page, ui::words};
use model::error::{AppError, ErrorCode};
use std::{future::Future, pin::Pin, sync::OnceLock};

/// Loads a part; `None`: it did not come.
pub type Load<T> = fn() -> Pin<Box<dyn Future<Output = Option<T>>>>;

/// A part of the page, declared with `lazy!`: what it hands out, once it is there.
pub enum Lazy<T: 'static> {
    /// From the beginning.
    Here(T),
    /// Once it has come.
    Apart(OnceLock<T>, Load<T>),
}

impl<T: Copy> Lazy<T> {
    /// What the part hands out, where it is there.
    pub fn get(&self) -> Option<T> {
        match self {
            Self::Here(there) => Some(*there),
            Self::Apart(there, _) => there.get().copied(),
        }
    }

    /// Loads it, where it is not there; each call tries once. A tab that is older than the server finds its
    /// parts no more: then the page begins anew at the address `again`, where what was wanted is open.
    ///
    /// Errors: `unavailable`, with a sentence for the person.
    pub async fn load(&self, again: impl FnOnce() -> String) -> Result<T, AppError> {
        let came = match self {
            Self::Here(there) => Some(*there),
            Self::Apart(there, load) => match there.get() {
                Some(there) => Some(*there),
                None => load().await.map(|came| *there.get_or_init(|| came)),
            },
        };
        if came.is_none() && page::is_outdated().await {
            page::go_to(&again());
        }
        came.ok_or_else(|| AppError::new(ErrorCode::Unavailable, words::PART_MISSING))
    }
}

//! The address of the page, which names the open conversation, so that back, forward and reload work.
//!
//! Written here, because a router for one page that shows one of two things was an eighth of the
//! page's weight: see `docs/decisions/0015-no-router-in-the-page.md`.

use crate::browser::address;
use leptos::prelude::*;

/// Path and query of the page; a cheap handle, found in the context of every view.
#[derive(Clone, Copy)]
pub struct Address(RwSignal<String>);

impl Address {
    /// Puts the address into the context, and follows links and the way back without leaving.
    pub fn provide() {
        let address = Self(RwSignal::new(address::current()));
        provide_context(address);
        Effect::new(move || {
            address::on_back(move || address.0.set(address::current()));
            address::on_link(move |to| address.go(&to));
        });
    }

    /// The path, like `/c/{id}`.
    pub fn path(self) -> String {
        self.0.with(|address| address.split('?').next().unwrap_or_default().to_owned())
    }

    /// A value of the query, as it stands there; for what needs no escapes.
    pub fn query(self, name: &str) -> Option<String> {
        self.0.with(|address| {
            let (_, query) = address.split_once('?')?;
            let values = query.split('&').filter_map(|pair| pair.split_once('='));
            values.filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).next()
        })
    }

    /// Goes there.
    pub fn go(self, to: &str) {
        if self.0.with_untracked(|now| now != to) {
            address::push(to);
            self.0.set(to.to_owned());
        }
    }

    /// Is called so from now on, as if it had always been.
    pub fn replace(self, to: &str) {
        address::replace(to);
        self.0.set(to.to_owned());
    }
}

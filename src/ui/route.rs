//! Where the page is: leptos_router's address, which names the open conversation, so that links, back,
//! forward and reload work. The page matches paths itself: `docs/decisions/0015-bare-router.md`.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
    location::{BrowserUrl, LocationProvider},
    params::ParamsMap,
};
use std::sync::Arc;

type Navigate = Arc<dyn Fn(&str, NavigateOptions) + Send + Sync>;

/// Path and query of the page; a cheap handle, found in the context of every view below the router.
#[derive(Clone, Copy)]
pub struct Route {
    path: Memo<String>,
    query: Memo<ParamsMap>,
    navigate: StoredValue<Navigate>,
}

impl Route {
    /// Puts the route into the context; below leptos_router's `Router`.
    pub fn provide() -> Self {
        let navigate: Navigate = Arc::new(use_navigate());
        let (path, query) = (use_location().pathname, use_query_map());
        // The router shows a followed link in the address bar once the page says that it shows it.
        if let Some(browser) = use_context::<BrowserUrl>() {
            Effect::new(move || {
                path.track();
                query.track();
                browser.ready_to_complete();
            });
        }
        let route = Self { path, query, navigate: StoredValue::new(navigate) };
        provide_context(route);
        route
    }

    /// The path, like `/c/{id}`.
    pub fn path(self) -> String {
        self.path.get()
    }

    /// The address that asks for something, at the path where the page is.
    pub fn asking(self, name: &'static str, value: &str) -> String {
        let mut query = ParamsMap::new();
        query.insert(name, value.to_owned());
        self.path.get_untracked() + &query.to_query_string()
    }

    /// The address as it is.
    pub fn here(self) -> String {
        self.path.get_untracked() + &self.query.with_untracked(ParamsMap::to_query_string)
    }

    /// A value of the query.
    pub fn query(self, name: &str) -> Option<String> {
        self.query.with(|query| query.get(name))
    }

    /// Goes there.
    pub fn go(self, to: &str) {
        self.navigate_with(to, false);
    }

    /// Goes to the list from what is there no more, unless somebody has gone on already.
    pub fn leave(self, from: &str) {
        if self.path.get_untracked() == from {
            self.go("/");
        }
    }

    /// Is called so from now on, as if it had always been.
    pub fn replace(self, to: &str) {
        self.navigate_with(to, true);
    }

    /// Asks for what these names mean no more, where the address did.
    pub fn forget(self, names: &[&str]) {
        let mut query = self.query.get_untracked();
        let asked = names.iter().filter(|name| query.remove(name).is_some()).count();
        if asked > 0 {
            self.replace(&(self.path.get_untracked() + &query.to_query_string()));
        }
    }

    fn navigate_with(self, to: &str, replace: bool) {
        let navigate = self.navigate.get_value();
        navigate(to, NavigateOptions { replace, ..NavigateOptions::default() });
    }
}

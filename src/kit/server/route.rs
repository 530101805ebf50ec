//! Addresses that handlers answer. A feature lists its own (`ROUTES`, and `FORMS` for server functions
//! whose form leads elsewhere); `web::router` puts all of them together.

use super::AppState;
use axum::{http::Method, routing::MethodRouter};
use std::time::Duration;

/// The largest body of a request, in bytes, where its handler does not say otherwise.
pub const MAX_BODY: usize = 64 * 1024;

/// An address and what answers it; made by [`routes!`](crate::routes).
pub struct Route {
    /// How it is asked.
    pub method: Method,
    /// Where, with `{parameters}`.
    pub path: &'static str,
    /// What answers.
    pub handler: fn() -> MethodRouter<AppState>,
    /// What it takes of a request, and where its form leads.
    pub takes: Takes,
}

/// What a handler takes of a request, and where its form leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Takes {
    /// The largest body, in bytes.
    pub body: usize,
    /// How long the whole body may take from its first byte on; `None`: as long as any
    /// ([`Timeouts::body`](super::config::Timeouts::body)).
    pub time: Option<Duration>,
    /// Where a page without scripting goes once its form has done what it was for.
    pub leads: Leads,
    /// Whether files may come with its form, beside `body`: the handler finds them as
    /// [`Enclosed`](super::forms::Enclosed).
    pub files: bool,
}

/// Where a form leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leads {
    /// To the page that it stands on.
    Back,
    /// To that page without its query: what was made shows among the newest, not on an older page.
    BackToNewest,
    /// Elsewhere on this site, because the page that it stood on is gone.
    To(&'static str),
}

impl Takes {
    /// What a handler takes that says nothing of it.
    pub const USUAL: Self = Self { body: MAX_BODY, time: None, leads: Leads::Back, files: false };

    /// The usual, but leading elsewhere.
    pub const fn leading(leads: Leads) -> Self {
        Self { leads, ..Self::USUAL }
    }

    /// The same, and files may come with its form.
    pub const fn with_files(self) -> Self {
        Self { files: true, ..self }
    }
}

/// A list of [`Route`]s: `POST "/path" => handler;`, with what it [`Takes`] in brackets
/// before the semicolon where that is not the usual.
#[macro_export]
macro_rules! routes {
    ($($method:ident $path:literal => $handler:path $([$takes:expr])?;)*) => {
        &[$($crate::kit::route::Route {
            method: axum::http::Method::$method,
            path: $path,
            handler: || axum::routing::on(axum::routing::MethodFilter::$method, $handler),
            takes: $crate::routes!(@ $($takes)?),
        }),*]
    };
    (@) => { $crate::kit::route::Takes::USUAL };
    (@ $takes:expr) => { $takes };
}

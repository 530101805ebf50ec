//! Pages that are rendered by the server and live without scripts.

use super::{AppState, theme};
use crate::ui::document::still;
use axum::{
    http::{HeaderMap, StatusCode},
    response::{Html, IntoResponse, Response},
};
use leptos::prelude::*;

/// A page that lives without scripts.
pub fn still_page(
    app: &AppState,
    headers: &HeaderMap,
    status: StatusCode,
    title: &'static str,
    page: impl FnOnce() -> AnyView,
) -> Response {
    let (css, theme) = (app.site.page().css, theme::of_visitor(headers));
    // What a view makes lives in its owner, and goes with it.
    let html = Owner::new().with(|| still(title, css, theme, page()).to_html());
    (status, Html(html)).into_response()
}

//! The window.

use crate::browser::wasm::clock;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDocument, HtmlElement, VisibilityState};

/// Leaves the page for another one.
pub fn go_to(path: &str) {
    // A browser that refuses to go leaves the person where they are.
    let _ = leptos::prelude::window().location().assign(path);
}

/// Tells the server, by a cookie, in which zone to render times next time.
pub fn remember_zone() {
    if let Ok(document) = leptos::prelude::document().dyn_into::<HtmlDocument>() {
        let name = clock::local_name();
        // Without the cookie the first paint shows UTC; nothing else depends on it.
        let _ = document.set_cookie(&format!("tz={name}; path=/; max-age=31536000; samesite=lax"));
    }
}

/// Whether the server rendered times in another zone than this machine's, and would not next time:
/// then the cookie is set, and the page is to be loaded again. Taking it over would fail, because
/// days begin elsewhere.
pub fn is_rendered_elsewhere() -> bool {
    let here = clock::local_name();
    let rendered = leptos::prelude::document()
        .document_element()
        .and_then(|html| html.get_attribute("data-zone"))
        .is_some_and(|zone| zone != here);
    rendered && !knows_zone(&here) && {
        remember_zone();
        // A browser without cookies would load it for ever.
        knows_zone(&here)
    }
}

fn knows_zone(name: &str) -> bool {
    let cookies = leptos::prelude::document()
        .dyn_into::<HtmlDocument>()
        .ok()
        .and_then(|document| document.cookie().ok())
        .unwrap_or_default();
    cookies.split(';').any(|cookie| cookie.trim().strip_prefix("tz=") == Some(name))
}

/// Loads the page again.
pub fn reload() {
    let _ = leptos::prelude::window().location().reload();
}

/// Moves the focus among what the selector finds in an element, around its ends.
pub fn focus_next(within: &Element, selector: &str, step: i32) {
    let Ok(found) = within.query_selector_all(selector) else { return };
    let found: Vec<HtmlElement> =
        (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect();
    let active = leptos::prelude::document().active_element();
    let now = found.iter().position(|element| Some(element.as_ref()) == active.as_ref());
    let next = match (now, step) {
        (None, 1..) => 0,
        (None, _) => -1,
        (Some(now), step) => now as i32 + step,
    };
    let next = next.checked_rem_euclid(found.len() as i32).and_then(|next| found.get(next as usize));
    let _ = next.map(|element| element.focus());
}

/// Calls the window so.
pub fn set_title(title: &str) {
    leptos::prelude::document().set_title(title);
}

/// Shows a number on the page's icon; none for 0.
pub fn show_count(count: u64) {
    let icon = leptos::prelude::document().query_selector("link[rel=icon]").ok().flatten();
    let Some(icon) = icon else { return };
    let href = match count {
        0 => "/favicon.svg".to_owned(),
        _ => {
            let count = if count < 100 { count.to_string() } else { "99+".to_owned() };
            format!(
                "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>\
                 <rect width='32' height='32' rx='10' fill='%23c2255c'/>\
                 <text x='16' y='23' text-anchor='middle' font-family='sans-serif' font-weight='700' \
                 font-size='{}' fill='%23fff'>{count}</text></svg>",
                [20, 20, 17, 14][count.len().min(3)],
            )
        }
    };
    let _ = icon.set_attribute("href", &href);
}

/// Whether the page is on the screen.
pub fn is_visible() -> bool {
    leptos::prelude::document().visibility_state() == VisibilityState::Visible
}

/// Whether somebody looks at the page: it is visible and has the focus.
pub fn is_watched() -> bool {
    is_visible() && leptos::prelude::document().has_focus().unwrap_or(false)
}

/// Completes after a time.
pub async fn sleep(milliseconds: u32) {
    gloo_timers::future::TimeoutFuture::new(milliseconds).await;
}

/// A number from 0 to 1.
pub fn random() -> f64 {
    js_sys::Math::random()
}

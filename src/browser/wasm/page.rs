//! The window.

use crate::browser::wasm::clock;
use gloo_net::http::{Method, Request};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, RequestCache, VisibilityState};

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

/// Whether the server has another page by now: it does not know the address of this one's styles any more.
pub async fn is_outdated() -> bool {
    let styles = leptos::prelude::document().query_selector("link[rel=stylesheet]").ok().flatten();
    let Some(address) = styles.and_then(|styles| styles.get_attribute("href")) else { return false };
    // Asked of the server itself: this page's files are kept in more than one place.
    let ask = Request::get(&address).method(Method::HEAD).cache(RequestCache::NoStore);
    ask.send().await.is_ok_and(|answer| answer.status() == 404)
}

/// Whether the address asks for something by one of these names.
pub fn asks_for(names: &[&str]) -> bool {
    let query = leptos::prelude::window().location().search().unwrap_or_default();
    let mut asked = query.trim_start_matches('?').split('&').filter_map(|pair| pair.split('=').next());
    asked.any(|name| names.contains(&name))
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

/// What is printed on the key that shortcuts are held with.
pub fn command_key() -> &'static str {
    let platform = leptos::prelude::window().navigator().platform().unwrap_or_default();
    if platform.starts_with("Mac") || platform.starts_with("iP") { "⌘" } else { "Ctrl" }
}

/// Shows the page light or dark, or as the system is where nothing is forced; and so next time, by the cookie that
/// the server would set.
pub fn set_theme(forced: Option<&str>) {
    let document = leptos::prelude::document();
    let Some(html) = document.document_element() else { return };
    let (_, lifetime) = match forced {
        Some(theme) => (html.set_attribute("data-theme", theme), "31536000"),
        None => (html.remove_attribute("data-theme"), "0"),
    };
    if let Ok(document) = document.dyn_into::<HtmlDocument>() {
        let theme = forced.unwrap_or_default();
        // Without the cookie it is so until the page is left.
        let _ = document.set_cookie(&format!("theme={theme}; path=/; max-age={lifetime}; samesite=lax"));
    }
}

/// Whether the machine is used with fingers: a keyboard would cover half of it, and its Enter is no command.
pub fn is_touched() -> bool {
    let query = leptos::prelude::window().match_media("(pointer: coarse)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// Puts a text into the clipboard. `false`: the browser does not let us.
pub async fn copy(text: &str) -> bool {
    let clipboard = leptos::prelude::window().navigator().clipboard();
    // On a page that came over plain HTTP there is none.
    !clipboard.is_undefined()
        && wasm_bindgen_futures::JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// The whole address of a path of this site.
pub fn absolute(path: &str) -> String {
    leptos::prelude::window().location().origin().unwrap_or_default() + path
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

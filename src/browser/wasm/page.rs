//! The window.

use super::clock;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, VisibilityState};

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

/// Whether somebody looks at the page: it is visible and has the focus.
pub fn is_watched() -> bool {
    let document = leptos::prelude::document();
    document.visibility_state() == VisibilityState::Visible && document.has_focus().unwrap_or(false)
}

/// Completes after a time.
pub async fn sleep(milliseconds: u32) {
    gloo_timers::future::TimeoutFuture::new(milliseconds).await;
}

/// A number from 0 to 1.
pub fn random() -> f64 {
    js_sys::Math::random()
}

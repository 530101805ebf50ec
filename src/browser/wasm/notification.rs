//! Notifications of the system: whether they may be shown. The service worker shows them.

use js_sys::Reflect;
use wasm_bindgen_futures::JsFuture;
use web_sys::Notification;

/// `granted`, `denied`, `default` (not asked yet), or nothing where there are no notifications or
/// no service worker to show them.
pub fn permission() -> String {
    let window = leptos::prelude::window();
    let has = |owner, name: &str| Reflect::has(owner, &name.into()).unwrap_or_default();
    if !has(&window, "Notification") || !has(&window.navigator(), "serviceWorker") {
        return String::new();
    }
    Reflect::get(&window, &"Notification".into())
        .and_then(|notification| Reflect::get(&notification, &"permission".into()))
        .ok()
        .and_then(|permission| permission.as_string())
        .unwrap_or_default()
}

/// Has the browser ask the person; after a click only.
pub async fn ask() {
    if let Ok(answer) = Notification::request_permission() {
        let _ = JsFuture::from(answer).await;
    }
}

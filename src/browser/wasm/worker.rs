//! The service worker (`public/sw.js`): keeps pages for when there is no network, and shows
//! notifications.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{MessageEvent, ServiceWorkerContainer, ServiceWorkerRegistration};

/// Starts it; `open` runs with a path when somebody has clicked on a notification.
pub fn start(open: impl Fn(String) + 'static) {
    let Some(container) = container() else { return };
    let clicked = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(path) = event.data().as_string() {
            open(path);
        }
    });
    container.set_onmessage(Some(clicked.into_js_value().unchecked_ref()));
    spawn_local(async move {
        // A browser that refuses works without it.
        let _ = JsFuture::from(container.register("/sw.js")).await;
    });
}

/// Tells it something: a word, and what belongs to it.
pub fn tell(words: &[&str]) {
    let Some(ready) = container().and_then(|container| container.ready().ok()) else { return };
    let words: Array = words.iter().map(|word| JsValue::from_str(word)).collect();
    spawn_local(async move {
        let Ok(registration) = JsFuture::from(ready).await else { return };
        if let Some(worker) = registration.unchecked_into::<ServiceWorkerRegistration>().active() {
            let _ = worker.post_message(&words);
        }
    });
}

/// None over plain HTTP, but for loopback.
fn container() -> Option<ServiceWorkerContainer> {
    let navigator = leptos::prelude::window().navigator();
    Reflect::has(&navigator, &"serviceWorker".into()).ok()?.then(|| navigator.service_worker())
}

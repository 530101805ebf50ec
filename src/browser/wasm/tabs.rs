//! What the tabs of one browser agree upon: news that have no content, and a lock that one holds.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::BroadcastChannel;

const CHANNEL: &str = "sotto";

#[wasm_bindgen]
extern "C" {
    /// A `Navigator` with a `LockManager` (Web Locks), which web-sys holds back as unstable.
    type Navigator;
    type Locks;
    #[wasm_bindgen(method, getter)]
    fn locks(this: &Navigator) -> Option<Locks>;
    #[wasm_bindgen(method)]
    fn request(this: &Locks, name: &str, granted: &Function) -> Promise;
}

thread_local! {
    static NEWS: Option<BroadcastChannel> = BroadcastChannel::new(CHANNEL).ok();
}

/// Tells the other tabs that there is something new in the database.
pub fn tell() {
    NEWS.with(|channel| channel.as_ref().map(|channel| channel.post_message(&JsValue::NULL)));
}

/// Runs whenever another tab tells so, for as long as the page lives.
pub fn on_news(run: impl FnMut() + 'static) {
    let run = Closure::<dyn FnMut()>::new(run).into_js_value();
    NEWS.with(|channel| channel.as_ref().map(|channel| channel.set_onmessage(Some(run.unchecked_ref()))));
}

/// Completes when no other tab holds the lock, which is then held until the page is gone. Where a
/// browser has no locks (over plain HTTP), everyone holds it.
pub async fn lock(name: &str) {
    let navigator: Navigator = leptos::prelude::window().navigator().unchecked_into();
    let Some(locks) = navigator.locks() else { return };
    let granted = Promise::new(&mut |grant, _| {
        let for_ever = Closure::once_into_js(move || {
            let _ = grant.call0(&JsValue::NULL);
            Promise::new(&mut |_, _| {})
        });
        let _ = locks.request(name, for_ever.unchecked_ref());
    });
    let _ = wasm_bindgen_futures::JsFuture::from(granted).await;
}

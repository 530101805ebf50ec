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
    std::mem::forget(hold(name).await);
}

/// A lock that is held until this is dropped.
pub struct Hold(Option<Function>);

impl Drop for Hold {
    fn drop(&mut self) {
        let _ = self.0.as_ref().map(|release| release.call0(&JsValue::NULL));
    }
}

/// The same as [`lock`], until what it returns is dropped.
pub async fn hold(name: &str) -> Hold {
    let navigator: Navigator = leptos::prelude::window().navigator().unchecked_into();
    let Some(locks) = navigator.locks() else { return Hold(None) };
    let granted = Promise::new(&mut |grant, _| {
        // The lock is held until the promise that is returned here is kept, which the page does.
        let held = Closure::once_into_js(move || {
            Promise::new(&mut |release, _| {
                let _ = grant.call1(&JsValue::NULL, &release);
            })
        });
        let _ = locks.request(name, held.unchecked_ref());
    });
    Hold(wasm_bindgen_futures::JsFuture::from(granted).await.ok().and_then(|release| release.dyn_into().ok()))
}

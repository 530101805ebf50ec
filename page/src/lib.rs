//! The WebAssembly entry: nothing but the call that takes over the server's page.

/// Takes over the page that the server rendered.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    sotto::hydrate();
}

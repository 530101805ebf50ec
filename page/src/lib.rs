//! The WebAssembly entry: nothing but the call that takes over the server's page.

/// Takes over the page that the server rendered. Errors: a sentence.
#[wasm_bindgen::prelude::wasm_bindgen]
pub async fn hydrate() -> Result<(), String> {
    sotto::hydrate().await
}

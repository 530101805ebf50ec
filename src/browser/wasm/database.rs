//! The browser's database (IndexedDB): one table of texts by key, for what must not be lost.

use js_sys::{Array, Promise};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransactionMode};

const NAME: &str = "sotto";
const TABLE: &str = "outbox";

thread_local! {
    static DATABASE: RefCell<Option<IdbDatabase>> = const { RefCell::new(None) };
}

/// Writes a text under its key, or deletes it, and completes when that will survive the page.
/// `None`: the browser cannot.
pub async fn set(key: String, text: Option<String>) -> Option<()> {
    let table = table(IdbTransactionMode::Readwrite).await?;
    match text {
        Some(text) => table.put_with_key(&text.into(), &key.into()).ok()?,
        None => table.delete(&key.into()).ok()?,
    };
    let transaction = table.transaction();
    let ended = Promise::new(&mut |complete, fail| {
        transaction.set_oncomplete(Some(&complete));
        transaction.set_onabort(Some(&fail));
    });
    JsFuture::from(ended).await.ok().map(drop)
}

/// All texts. `None`: the browser cannot tell.
pub async fn all() -> Option<Vec<String>> {
    let request = table(IdbTransactionMode::Readonly).await?.get_all().ok()?;
    let texts: Array = result(&request).await?.dyn_into().ok()?;
    Some(texts.iter().filter_map(|text| text.as_string()).collect())
}

async fn table(mode: IdbTransactionMode) -> Option<IdbObjectStore> {
    if let Ok(transaction) = open().await?.transaction_with_str_and_mode(TABLE, mode) {
        return transaction.object_store(TABLE).ok();
    }
    // A browser may close a database, when its data are cleared for one; it can be opened again.
    DATABASE.with(|database| database.take());
    open().await?.transaction_with_str_and_mode(TABLE, mode).ok()?.object_store(TABLE).ok()
}

async fn open() -> Option<IdbDatabase> {
    if let Some(database) = DATABASE.with(|database| database.borrow().clone()) {
        return Some(database);
    }
    let request = leptos::prelude::window().indexed_db().ok()??.open_with_u32(NAME, 1).ok()?;
    let opening = request.clone();
    let make_table = Closure::once_into_js(move || {
        let database = opening.result().ok().and_then(|database| database.dyn_into::<IdbDatabase>().ok());
        // Without it every later operation fails, and the page lives without the database.
        database.map(|database| database.create_object_store(TABLE).is_ok());
    });
    request.set_onupgradeneeded(Some(make_table.unchecked_ref()));
    let database: IdbDatabase = result(&request).await?.dyn_into().ok()?;
    // Two that opened it at the same moment use the same one.
    Some(DATABASE.with(|kept| kept.borrow_mut().get_or_insert(database).clone()))
}

async fn result(request: &IdbRequest) -> Option<JsValue> {
    let answered = Promise::new(&mut |succeed, fail| {
        request.set_onsuccess(Some(&succeed));
        request.set_onerror(Some(&fail));
    });
    JsFuture::from(answered).await.ok()?;
    request.result().ok()
}

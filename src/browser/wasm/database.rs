//! The browser's databases (IndexedDB): tables of values by key, for what must not be lost.

use js_sys::{Array, Promise};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbRequest, IdbTransaction, IdbTransactionMode};

/// A database of ours: its name, and its tables.
#[derive(Clone, Copy)]
pub(super) struct Database(pub &'static str, pub &'static [&'static str]);

const TABLE: &str = "outbox";
const OUTBOX: Database = Database("sotto", &[TABLE]);

thread_local! {
    static OPEN: RefCell<Vec<(&'static str, IdbDatabase)>> = const { RefCell::new(Vec::new()) };
}

/// Writes a text under its key, or deletes it, and completes when that will survive the page.
/// `None`: the browser cannot.
pub async fn set(key: String, text: Option<String>) -> Option<()> {
    let transaction = OUTBOX.begin(IdbTransactionMode::Readwrite).await?;
    put(&transaction, TABLE, &key.into(), text.map(JsValue::from))?;
    ended(&transaction).await
}

/// All texts. `None`: the browser cannot tell.
pub async fn all() -> Option<Vec<String>> {
    OUTBOX.texts(TABLE).await
}

impl Database {
    /// Begins to read or write in all of its tables.
    pub(super) async fn begin(self, mode: IdbTransactionMode) -> Option<IdbTransaction> {
        let tables: JsValue = self.1.iter().map(|table| JsValue::from(*table)).collect::<Array>().into();
        if let Ok(transaction) = self.open().await?.transaction_with_str_sequence_and_mode(&tables, mode) {
            return Some(transaction);
        }
        // A browser may close a database, when its data are cleared for one; it can be opened again.
        OPEN.with_borrow_mut(|open| open.retain(|(name, _)| *name != self.0));
        self.open().await?.transaction_with_str_sequence_and_mode(&tables, mode).ok()
    }

    /// All texts in a table of texts.
    pub(super) async fn texts(self, table: &str) -> Option<Vec<String>> {
        let transaction = self.begin(IdbTransactionMode::Readonly).await?;
        let request = transaction.object_store(table).ok()?.get_all().ok()?;
        let texts: Array = result(&request).await?.dyn_into().ok()?;
        Some(texts.iter().filter_map(|text| text.as_string()).collect())
    }

    async fn open(self) -> Option<IdbDatabase> {
        let known = |open: &Vec<(&str, IdbDatabase)>| {
            open.iter().find_map(|(name, database)| (*name == self.0).then(|| database.clone()))
        };
        if let Some(database) = OPEN.with_borrow(known) {
            return Some(database);
        }
        let request = leptos::prelude::window().indexed_db().ok()??.open_with_u32(self.0, 1).ok()?;
        let opening = request.clone();
        let make_tables = Closure::once_into_js(move || {
            let database = opening.result().ok().and_then(|database| database.dyn_into::<IdbDatabase>().ok());
            // Without them every later operation fails, and the page lives without the database.
            database.map(|database| self.1.iter().all(|table| database.create_object_store(table).is_ok()));
        });
        request.set_onupgradeneeded(Some(make_tables.unchecked_ref()));
        let database: IdbDatabase = result(&request).await?.dyn_into().ok()?;
        // Two that opened it at the same moment use the same one.
        if let Some(database) = OPEN.with_borrow(known) {
            return Some(database);
        }
        OPEN.with_borrow_mut(|open| open.push((self.0, database.clone())));
        Some(database)
    }
}

/// Writes a value under its key, or deletes it.
pub(super) fn put(
    transaction: &IdbTransaction,
    table: &str,
    key: &JsValue,
    value: Option<JsValue>,
) -> Option<()> {
    let table = transaction.object_store(table).ok()?;
    match value {
        Some(value) => table.put_with_key(&value, key),
        None => table.delete(key),
    }
    .ok()
    .map(drop)
}

/// Completes when what was written will survive the page.
pub(super) async fn ended(transaction: &IdbTransaction) -> Option<()> {
    let ended = Promise::new(&mut |complete, fail| {
        transaction.set_oncomplete(Some(&complete));
        transaction.set_onabort(Some(&fail));
    });
    JsFuture::from(ended).await.ok().map(drop)
}

/// What a request brings.
pub(super) async fn result(request: &IdbRequest) -> Option<JsValue> {
    let answered = Promise::new(&mut |succeed, fail| {
        request.set_onsuccess(Some(&succeed));
        request.set_onerror(Some(&fail));
    });
    JsFuture::from(answered).await.ok()?;
    request.result().ok()
}

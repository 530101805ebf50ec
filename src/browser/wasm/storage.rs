//! Small things that this device keeps, by name.

use web_sys::Storage;

/// What is kept under a name.
pub fn get(name: &str) -> Option<String> {
    storage()?.get_item(name).ok()?
}

/// Keeps a value, or nothing any more. Where a browser keeps nothing, nothing is kept.
pub fn set(name: &str, value: Option<&str>) {
    let Some(storage) = storage() else { return };
    let _ = match value {
        Some(value) => storage.set_item(name, value),
        None => storage.remove_item(name),
    };
}

fn storage() -> Option<Storage> {
    leptos::prelude::window().local_storage().ok()?
}

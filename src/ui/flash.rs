//! The error of a form posted without scripting, on its way to the page that shows it.

use leptos::prelude::*;
use model::error::AppError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a form was refused for, and what was typed into it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flash {
    /// The path that the form was posted to.
    pub path: String,
    /// Why it was refused.
    pub error: AppError,
    /// Its fields, but for passwords.
    pub typed: BTreeMap<String, String>,
}

/// The flash of this page, if a form brought one; the same on the server and when the browser
/// takes over.
#[derive(Clone)]
pub struct CurrentFlash(pub Option<Flash>);

/// Puts the flash into the context; called once by the app.
pub fn provide_flash() {
    let flash = SharedValue::new(use_context::<Flash>).into_inner();
    provide_context(CurrentFlash(flash));
}

/// The flash of the form that posts to `path`.
pub fn flash_for(path: &str) -> Option<Flash> {
    use_context::<CurrentFlash>()?.0.filter(|flash| flash.path == path)
}

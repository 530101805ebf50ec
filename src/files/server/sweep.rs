//! Erasing the bytes of files that are gone. A file is noted before its bytes are written and forgotten after they are
//! erased, so no crash leaves bytes that nobody knows of; only a store that is put back from an older copy does, and
//! whose those are no program can tell.

use crate::kit::{AppState, until_erased};
use model::error::AppError;
use std::time::Duration;
use store::now;
use tokio::time::sleep;

/// How often it is looked for files that have ended by themselves, or on another server.
const EVERY: Duration = Duration::from_secs(60);
/// So many are erased at a time.
const AT_ONCE: usize = 100;
/// After something failed.
const AGAIN: Duration = Duration::from_secs(10);

/// Erases what is to be erased, for as long as it is polled.
pub async fn run(app: AppState) {
    loop {
        if let Err(error) = erase(&app).await {
            tracing::warn!(%error, "the bytes of files that are gone were not erased; they will be");
            sleep(AGAIN).await;
            continue;
        }
        until_erased(&app, EVERY).await;
    }
}

/// Erases the bytes of files that are gone, and forgets these.
pub async fn erase(app: &AppState) -> Result<(), AppError> {
    loop {
        let gone = app.store.files_to_erase(now(), AT_ONCE).await?;
        for id in &gone {
            app.bytes.erase(*id).await?;
            app.store.forget_file(*id).await?;
        }
        if gone.len() < AT_ONCE {
            return Ok(());
        }
    }
}

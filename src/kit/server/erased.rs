//! What was erased may have had files: whoever erases something says so, and whoever erases bytes hears of it.

use super::{AppState, Config, Part};
use std::time::Duration;
use tokio::{sync::Notify, time::timeout};

/// Wakes whoever erases bytes.
struct Erased(Notify);

impl Part for Erased {
    fn new(_: &Config) -> Self {
        Self(Notify::new())
    }
}

/// Says that something was erased.
pub fn note_erased(app: &AppState) {
    app.part::<Erased>().0.notify_one();
}

/// Waits until something was erased since this was last asked, and at most for so long.
pub async fn until_erased(app: &AppState, most: Duration) {
    let erased = app.part::<Erased>();
    // Which of the two it was is all the same.
    let _ = timeout(most, erased.0.notified()).await;
}

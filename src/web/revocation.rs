//! Sessions that end elsewhere: by the command line, or by another server on the same store.

use super::state::AppState;
use crate::{browser::clock, chat::event::close, store::Result};
use std::{collections::HashSet, time::Duration};
use tokio::time::{MissedTickBehavior, interval};

/// How often the store is asked whether sessions have ended.
const EVERY: Duration = Duration::from_secs(1);

/// Closes the sockets of ended sessions within about a second, for as long as it is polled. One
/// cheap read a second; only when sessions have ended, one more about all that have sockets.
pub async fn watch(app: AppState) {
    let mut known = None;
    let mut every = interval(EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        match app.store.sessions_ended().await {
            Ok(ended) if known == Some(ended) => {}
            Ok(ended) => match close_ended(&app).await {
                Ok(()) => known = Some(ended),
                Err(error) => tracing::warn!(%error, "sockets of ended sessions may still be open"),
            },
            Err(error) => tracing::debug!(%error, "whether sessions have ended is not known"),
        }
    }
}

async fn close_ended(app: &AppState) -> Result<()> {
    let open = app.hub.sessions();
    let live: HashSet<_> = app.store.live_sessions(&open, clock::now()).await?.into_iter().collect();
    for ended in open.into_iter().filter(|session| !live.contains(session)) {
        tracing::info!(audit = "session_ended", "closing the sockets of a session that was ended");
        app.hub.close_session(ended, close::SIGNED_OUT);
    }
    Ok(())
}

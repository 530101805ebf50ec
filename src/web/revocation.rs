//! What ends elsewhere: sessions and accounts, by the command line, or by another server on the
//! same store.

use crate::{kit::state::AppState, live::roster::tell_parting};
use model::{error::AppError, event::close};
use std::{collections::HashSet, time::Duration};
use store::now;
use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

/// How often the store is asked whether sessions have ended.
const EVERY: Duration = Duration::from_secs(1);

/// Closes the sockets of ended sessions, and tells those whom a deleted user had to do with, within
/// about a second, for as long as it is polled. One cheap read a second; only when something has
/// ended, one more about all sessions that have sockets, and one about who was deleted.
pub async fn watch(app: AppState) {
    let (mut known, mut told) = (None, HashSet::new());
    let mut every = interval(EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        match app.store.sessions_ended().await {
            Ok(ended) if known == Some(ended) => {}
            Ok(ended) => match look(&app, &mut told).await {
                Ok(()) => known = Some(ended),
                Err(error) => tracing::warn!(%error, "open pages may not know yet what has ended"),
            },
            Err(error) => tracing::debug!(%error, "whether sessions have ended is not known"),
        }
    }
}

async fn look(app: &AppState, told: &mut HashSet<Uuid>) -> Result<(), AppError> {
    close_ended(app).await?;
    tell_partings(app, told).await
}

async fn close_ended(app: &AppState) -> Result<(), AppError> {
    let open = app.live.hub().sessions();
    let live: HashSet<_> = app.store.live_sessions(&open, now()).await?.into_iter().collect();
    for ended in open.into_iter().filter(|session| !live.contains(session)) {
        tracing::info!(audit = "session_ended", "closing the sockets of a session that was ended");
        app.live.hub().close_session(ended, close::SIGNED_OUT);
    }
    Ok(())
}

/// Tells whoever is here of the partings that are not among those `told` already. To say one again
/// does no harm: it is the state as it is now.
async fn tell_partings(app: &AppState, told: &mut HashSet<Uuid>) -> Result<(), AppError> {
    let partings = app.store.partings().await?;
    for parting in &partings {
        if !told.contains(&parting.id) && app.live.hub().is_online(parting.user) {
            tell_parting(&app.live, parting.user, parting.conversation).await?;
        }
        told.insert(parting.id);
    }
    // The others are not read any more.
    *told = partings.iter().map(|parting| parting.id).collect();
    Ok(())
}

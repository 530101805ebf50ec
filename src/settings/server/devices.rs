//! Where somebody is signed in.

use crate::{
    kit::{AppState, SessionDevice, SignedIn, session_failed, session_label},
    settings::model::SignedInDevice,
};
use model::{error::AppError, event::close};
use std::cmp::Reverse;
use store::{SessionRecord, now};

/// The most that are listed; the others can be ended all at once.
const MOST: usize = 100;

/// Everywhere, this session first, then the last used one.
pub async fn devices(app: &AppState, owner: &SignedIn) -> Result<Vec<SignedInDevice>, AppError> {
    let here = owner.session_key()?;
    let sessions = app.store.sessions_of(owner.account.user.id, now()).await?;
    let mut devices: Vec<_> = sessions.iter().map(|session| listed(session, here)).collect();
    devices.sort_by_key(|device| Reverse((device.current, device.last_used_at)));
    devices.truncate(MOST);
    Ok(devices)
}

fn listed(session: &SessionRecord, here: i128) -> SignedInDevice {
    let device = SessionDevice::of(session);
    SignedInDevice {
        session: session_label(session.id),
        signed_in_at: device.as_ref().and_then(|device| device.since),
        last_used_at: device.as_ref().map(|device| device.seen),
        device: device.map_or_else(|| SessionDevice::UNKNOWN.into(), |device| device.name),
        current: session.id == here,
    }
}

/// Ends one of one's own sessions, and its sockets. Errors: `not_found`.
pub async fn end(app: &AppState, mut owner: SignedIn, label: &str) -> Result<(), AppError> {
    let here = owner.session_key()?;
    let sessions = app.store.sessions_of(owner.account.user.id, now()).await?;
    let found = sessions.into_iter().find(|session| session_label(session.id) == label);
    let session = found.ok_or_else(AppError::not_found)?.id;
    if session == here {
        // Takes the cookie away, too.
        owner.session.logout().await.map_err(session_failed)?;
    } else {
        app.store.delete_session(session).await?;
    }
    app.live.hub().close_session(session, close::SIGNED_OUT);
    Ok(())
}

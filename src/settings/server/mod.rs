//! The rules of what an account's owner can do with it.

mod devices;
mod export;
mod invitations;
mod page;
pub mod routes;

pub use page::page;

use crate::{
    kit::{
        AppState, Config, Login, Part, SignedIn,
        guesses::confirm,
        internal,
        limits::Limiter,
        note_erased,
        password::{Asker, Hasher},
        session_failed,
    },
    live::roster::{tell_contacts, tell_pending, tell_user},
    settings::words,
};
use model::{
    error::AppError,
    event::close,
    friendship::State,
    id::UserId,
    user::{DisplayName, Password, User},
};
use std::net::IpAddr;
use store::{Account, PasswordHash};
use tracing::Instrument;

/// How often somebody may do what costs others.
struct Rates {
    /// Names to be called by, by user: each is told to every contact.
    names: Limiter<UserId>,
    /// Downloads of everything, by user: each reads all that they ever wrote.
    exports: Limiter<UserId>,
}

impl Part for Rates {
    fn new(config: &Config) -> Self {
        let hourly = |count| Limiter::new(config.limits.hourly(count));
        Self { names: hourly(30), exports: hourly(12) }
    }
}

/// Sets what somebody wants to be called, and shows it to everyone who sees their name; blank: by
/// their username. Errors: `invalid_display_name`, `too_many`.
pub async fn set_display_name(app: &AppState, user: User, text: &str) -> Result<User, AppError> {
    let name = if text.trim().is_empty() { None } else { Some(DisplayName::parse(text)?) };
    app.part::<Rates>().names.take(&user.id)?;
    app.store.set_display_name(user.id, name.clone()).await?;
    let user = User { display_name: name, ..user };
    if let Err(error) = tell_name(app, &user).await {
        // It is stored all the same; the devices see it when they next resume.
        tracing::warn!(%error, "a name was not told to everyone");
    }
    Ok(user)
}

async fn tell_name(app: &AppState, user: &User) -> Result<(), AppError> {
    let live = &app.live;
    tell_user(live, user.clone()).await?;
    // Whole lists, for clients that know nothing else.
    tell_contacts(live, user.id).await?;
    let friendships = app.store.friendships_of(user.id).await?;
    let others: Vec<_> = friendships.iter().map(|friendship| friendship.pair.other(user.id)).collect();
    // Most are not there, and what nobody hears need not be read.
    let online = live.online(&others).await;
    let here = friendships.iter().zip(others).filter(|(_, other)| online.contains(other));
    for (friendship, other) in here {
        match friendship.state {
            State::Contacts => tell_contacts(live, other).await?,
            State::Requested | State::Rejected => tell_pending(live, other).await?,
            State::Withdrawn | State::Ended => {}
        }
    }
    Ok(())
}

/// Sets a new password. Every session but this one ends, and so do its sockets. Once the current
/// one is known to be right it is finished, also if the caller goes away.
/// Errors: `wrong_credentials`, `invalid_password`, `too_many`, `unavailable`.
pub async fn change_password(
    app: &AppState,
    owner: SignedIn,
    from: IpAddr,
    current: Password,
    new: Password,
) -> Result<(), AppError> {
    let here = owner.session_key()?;
    let username = owner.account.user.username.clone();
    app.part::<Hasher>().check_new(&new, &username).map_err(|error| error.on("new_password"))?;
    confirm(app, from, &owner.account, current, "current_password").await?;
    let password_hash = app.part::<Hasher>().hash_new(&Asker::new(from, &username), new, &username).await?;
    let app = app.clone();
    let replacing = async move { replace_password(&app, owner, password_hash, here).await };
    tokio::spawn(replacing.in_current_span()).await.map_err(internal)?
}

async fn replace_password(
    app: &AppState,
    mut owner: SignedIn,
    password_hash: PasswordHash,
    here: i128,
) -> Result<(), AppError> {
    let user = owner.account.user.id;
    match app.store.set_password(user, password_hash.clone(), Some(here)).await {
        Ok(Some(_)) => {}
        Ok(None) => return Err(AppError::not_signed_in()),
        // MongoDB may have come as far as the hash; then the other sessions are good no more all the same.
        Err(error) => {
            let now = app.store.account(user).await?;
            if now.is_none_or(|now| now.password_hash != password_hash) {
                return Err(error.into());
            }
            tracing::warn!(%error, %user, "the other sessions of a changed password are not deleted yet");
        }
    }
    app.live.hub().close_sessions_of(user, Some(here), close::SIGNED_OUT);
    tracing::info!(audit = "password_changed", %user, "a password was changed");
    // At once: until it is saved, another request of this very session would end it.
    let login = Login(Account { password_hash, ..owner.account });
    let staying = async {
        owner.session.login(&login).await.map_err(session_failed)?;
        owner.session.session.save().await.map_err(session_failed)
    };
    // The password is another one by now, whatever becomes of this session.
    staying.await.map_err(|error| AppError { message: words::CHANGED_AND_OUT.into(), ..error })
}

/// Ends every session of somebody but one, and its sockets.
pub async fn end_others(app: &AppState, account: &Account, but: i128) -> Result<(), AppError> {
    app.store.delete_sessions_of(account.user.id, Some(but)).await?;
    app.live.hub().close_sessions_of(account.user.id, Some(but), close::SIGNED_OUT);
    Ok(())
}

/// Deletes the account with all that is its owner's, conversations included, for both sides.
/// Whoever had to do with them is told by `web::revocation`, on every server.
/// Errors: `wrong_credentials`, `too_many`, `unavailable`.
pub async fn delete_account(
    app: &AppState,
    mut owner: SignedIn,
    from: IpAddr,
    password: Password,
) -> Result<(), AppError> {
    confirm(app, from, &owner.account, password, "password").await?;
    let user = owner.account.user.id;
    app.store.delete_user(user).await?;
    note_erased(app);
    tracing::info!(audit = "account_deleted", %user, "an account was deleted by its owner");
    app.live.hub().close_sessions_of(user, None, close::SIGNED_OUT);
    // For the cookie; the session itself is gone already.
    owner.session.logout().await.map_err(session_failed)?;
    Ok(())
}

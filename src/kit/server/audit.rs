//! What is refused is noted.

use model::{error::AppError, id::UserId};
use std::net::IpAddr;
use tracing::field::display;

/// Who was refused something, as far as that is known.
#[derive(Clone, Copy)]
pub enum Whom {
    /// Somebody signed in.
    User(UserId),
    /// Whoever asks from a network.
    Network(IpAddr),
}

/// One line for each refusal: its code, and who got it, where that is known. Never what they said.
pub fn audit_refusal(error: &AppError, whom: Option<Whom>) {
    if error.code.status() >= 500 {
        return;
    }
    let (user, from) = match whom {
        Some(Whom::User(user)) => (Some(display(user)), None),
        Some(Whom::Network(network)) => (None, Some(display(network))),
        None => (None, None),
    };
    tracing::info!(audit = "refused", code = error.code.word(), user, from, "refused");
}

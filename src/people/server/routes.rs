//! `/api/people`: for programs, and for the forms of pages without scripting.

use crate::{
    kit::{
        AppState, Config, Done, Part, Posted, SignedIn,
        error::Refused,
        limits::Limiter,
        route::{Leads, Route, Takes},
    },
    people::{server::blocks, words},
    routes,
};
use axum::extract::State;
use model::{error::AppError, id::UserId};
use serde::Deserialize;

/// What is answered here beside the server functions.
pub const ROUTES: &[Route] = routes! {
    POST "/api/people/block" => block [Takes::leading(Leads::BackToNewest)];
    POST "/api/people/unblock" => unblock [Takes::leading(Leads::BackToNewest)];
};

/// Blocks set and ended, by user: each is told to devices, and looked up in what waits.
struct Changes(Limiter<UserId>);

impl Part for Changes {
    fn new(config: &Config) -> Self {
        Self(Limiter::new(config.limits.hourly(120)))
    }
}

/// What is posted about somebody.
#[derive(Deserialize)]
pub struct Somebody {
    user_id: UserId,
}

/// `POST /api/people/block`.
pub async fn block(
    State(app): State<AppState>,
    owner: SignedIn,
    Posted(of): Posted<Somebody>,
) -> Result<Done, Refused> {
    blocks::set(&app, actor(&app, &owner)?, of.user_id, true).await?;
    Ok(Done(words::BLOCKED))
}

/// `POST /api/people/unblock`.
pub async fn unblock(
    State(app): State<AppState>,
    owner: SignedIn,
    Posted(of): Posted<Somebody>,
) -> Result<Done, Refused> {
    blocks::set(&app, actor(&app, &owner)?, of.user_id, false).await?;
    Ok(Done(words::UNBLOCKED))
}

fn actor(app: &AppState, owner: &SignedIn) -> Result<UserId, AppError> {
    let actor = owner.account.user.id;
    app.part::<Changes>().0.take(&actor)?;
    Ok(actor)
}

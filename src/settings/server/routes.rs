//! `/api/me/...`: for programs, and for the forms of `/settings`.

use crate::{
    kit::{
        AppState, Done, Network, Notice, Posted, SignedIn,
        error::Refused,
        route::{Leads, Route, Takes},
        theme_cookie,
    },
    routes,
    settings::{
        model::{MadeInvitation, SignedInDevice},
        server::{devices, export, invitations},
    },
    ui::theme::Theme,
};
use axum::{
    Extension, Json,
    extract::State,
    http::{StatusCode, header::SET_COOKIE},
    response::{IntoResponse, Response},
};
use model::{
    invitation::InvitationToken,
    user::{Password, User},
};
use serde::Deserialize;

/// What is answered here. Every form stands in the settings, and leads there wherever it came from.
pub const ROUTES: &[Route] = routes! {
    POST "/api/me/display-name" => display_name [SETTINGS];
    POST "/api/me/theme" => theme [SETTINGS];
    POST "/api/me/password" => password [SETTINGS];
    GET "/api/me/sessions" => sessions;
    POST "/api/me/sessions/end" => end_session [SETTINGS];
    POST "/api/me/sessions/end-others" => end_others [SETTINGS];
    GET "/api/me/invitations" => invitations;
    POST "/api/me/invitations/make" => make_invitation [SETTINGS];
    POST "/api/me/invitations/revoke" => revoke [SETTINGS];
    GET "/api/me/export" => export;
    // Nobody is signed in any more.
    POST "/api/me/delete" => delete [Takes::leading(Leads::To("/auth?deleted=1"))];
};

const SETTINGS: Takes = Takes::leading(Leads::To("/settings"));

/// What is posted to be called otherwise.
#[derive(Deserialize)]
pub struct NewName {
    display_name: String,
}

/// `POST /api/me/display-name`.
pub async fn display_name(
    State(app): State<AppState>,
    owner: SignedIn,
    Posted(new): Posted<NewName>,
) -> Result<(Extension<Notice>, Json<User>), Refused> {
    let user = super::set_display_name(&app, owner.account.user, &new.display_name).await?;
    Ok((Extension(Notice::new("Your name was saved.")), Json(user)))
}

/// What is posted to choose a theme.
#[derive(Deserialize)]
pub struct NewTheme {
    theme: Theme,
}

/// `POST /api/me/theme`.
pub async fn theme(
    State(app): State<AppState>,
    _: SignedIn,
    Posted(new): Posted<NewTheme>,
) -> impl IntoResponse {
    ([(SET_COOKIE, theme_cookie(&app, new.theme))], Done("Your theme was saved in this browser."))
}

/// What is posted to change the password.
#[derive(Deserialize)]
pub struct NewPassword {
    current_password: Password,
    new_password: Password,
}

/// `POST /api/me/password`.
pub async fn password(
    State(app): State<AppState>,
    owner: SignedIn,
    Network(from): Network,
    Posted(new): Posted<NewPassword>,
) -> Result<Done, Refused> {
    super::change_password(&app, owner, from, new.current_password, new.new_password).await?;
    Ok(Done("Your password was changed. Everywhere else you were signed out."))
}

/// `GET /api/me/sessions`.
pub async fn sessions(
    State(app): State<AppState>,
    owner: SignedIn,
) -> Result<Json<Vec<SignedInDevice>>, Refused> {
    Ok(Json(devices::devices(&app, &owner).await?))
}

/// What is posted to end a session: its label.
#[derive(Deserialize)]
pub struct Ended {
    session: String,
}

/// `POST /api/me/sessions/end`.
pub async fn end_session(
    State(app): State<AppState>,
    owner: SignedIn,
    Posted(ended): Posted<Ended>,
) -> Result<Done, Refused> {
    devices::end(&app, owner, &ended.session).await?;
    Ok(Done("The device was signed out."))
}

/// `POST /api/me/sessions/end-others`.
pub async fn end_others(State(app): State<AppState>, owner: SignedIn) -> Result<Done, Refused> {
    let here = owner.session_key()?;
    super::end_others(&app, &owner.account, here).await?;
    Ok(Done("Everywhere else you were signed out."))
}

/// `GET /api/me/invitations`; where members do not invite, there are none.
pub async fn invitations(
    State(app): State<AppState>,
    owner: SignedIn,
) -> Result<Json<Vec<MadeInvitation>>, Refused> {
    Ok(Json(invitations::list(&app, owner.account.user.id).await?.unwrap_or_default()))
}

/// What is posted to invite people: how many, and for how many days.
#[derive(Deserialize)]
pub struct Inviting {
    uses: u32,
    days: u32,
}

/// `POST /api/me/invitations/make`.
pub async fn make_invitation(
    State(app): State<AppState>,
    owner: SignedIn,
    Posted(inviting): Posted<Inviting>,
) -> Result<(Extension<Notice>, Json<MadeInvitation>), Refused> {
    let made = invitations::make(&app, owner.account.user.id, inviting.uses, inviting.days).await?;
    Ok((Extension(Notice::new("Your invitation is ready. Copy its link and send it.")), Json(made)))
}

/// What is posted to take an invitation back.
#[derive(Deserialize)]
pub struct Revoked {
    token: InvitationToken,
}

/// `POST /api/me/invitations/revoke`.
pub async fn revoke(
    State(app): State<AppState>,
    owner: SignedIn,
    Posted(revoked): Posted<Revoked>,
) -> Result<Done, Refused> {
    invitations::revoke(&app, owner.account.user.id, revoked.token).await?;
    Ok(Done("The invitation was taken back. Nobody can sign up with it any more."))
}

/// `GET /api/me/export`.
pub async fn export(State(app): State<AppState>, owner: SignedIn) -> Result<Response, Refused> {
    Ok(export::export(app, owner).await?)
}

/// What is posted to delete the account.
#[derive(Deserialize)]
pub struct Deletion {
    password: Password,
}

/// `POST /api/me/delete`.
pub async fn delete(
    State(app): State<AppState>,
    owner: SignedIn,
    Network(from): Network,
    Posted(deletion): Posted<Deletion>,
) -> Result<StatusCode, Refused> {
    super::delete_account(&app, owner, from, deletion.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

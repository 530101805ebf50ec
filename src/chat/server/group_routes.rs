//! `/api/groups`: for programs, and for the forms of pages without scripting.

use crate::{
    chat::{
        server::{Rates, groups, invitations, links},
        words,
    },
    kit::{
        AppState, Done, Posted, SignedIn,
        error::Refused,
        forms::Leading,
        route::{Leads, Route, Takes},
    },
    routes,
};
use axum::{
    Extension, Json,
    extract::{FromRequestParts, Path, State},
    http::request::Parts,
};
use model::{
    error::AppError,
    group::{GroupName, Role},
    group_invitation::{Entrances, GroupInvitation, InviteLink, LINK_SECONDS, LINK_USES},
    id::{ConversationId, UserId},
    invitation::InvitationToken,
    message::Summary,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What is answered here.
pub const ROUTES: &[Route] = routes! {
    POST "/api/groups" => create;
    POST "/api/groups/{id}/rename" => rename;
    POST "/api/groups/{id}/add" => add;
    GET "/api/groups/{id}/invites" => invites;
    POST "/api/groups/{id}/invites" => make_link;
    POST "/api/groups/{id}/invites/revoke" => revoke_link;
    POST "/api/groups/join" => join;
    POST "/api/groups/{id}/uninvite" => uninvite;
    GET "/api/groups/invitations" => waiting;
    POST "/api/groups/{id}/accept" => accept;
    POST "/api/groups/{id}/decline" => decline;
    POST "/api/groups/{id}/remove" => remove;
    POST "/api/groups/{id}/role" => role;
    POST "/api/groups/{id}/owner" => owner;
    POST "/api/groups/{id}/settings" => settings;
    POST "/api/groups/{id}/leave" => leave [LIST];
    POST "/api/groups/{id}/delete" => delete [LIST];
};

/// The page that such a form stood on is gone.
const LIST: Takes = Takes::leading(Leads::To("/"));

/// Whoever does something in a group, and in which; counts for the rate of frames.
/// Refusals: `not_signed_in`, `not_found`, `too_many`.
pub struct InGroup {
    actor: UserId,
    group: ConversationId,
}

impl FromRequestParts<AppState> for InGroup {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Refused> {
        let actor = actor(SignedIn::from_request_parts(parts, app).await?, app)?;
        let id = Path::<ConversationId>::from_request_parts(parts, app).await;
        let Path(group) = id.map_err(|_| AppError::not_found())?;
        Ok(Self { actor, group })
    }
}

fn actor(owner: SignedIn, app: &AppState) -> Result<UserId, AppError> {
    let actor = owner.account.user.id;
    app.part::<Rates>().events.take(&actor)?;
    Ok(actor)
}

type Answer = Result<Json<Summary>, Refused>;

/// What is posted to make a group.
#[derive(Deserialize)]
pub struct NewGroup {
    /// Made by the client; the same again is the same group.
    id: Option<ConversationId>,
    name: String,
    #[serde(default)]
    members: Vec<UserId>,
}

/// `POST /api/groups`; a form leads to the conversation.
pub async fn create(
    State(app): State<AppState>,
    owner: SignedIn,
    Posted(new): Posted<NewGroup>,
) -> Result<(Extension<Leading>, Json<Summary>), Refused> {
    let actor = actor(owner, &app)?;
    let id = new.id.unwrap_or_else(ConversationId::new);
    let name = GroupName::parse(&new.name)?;
    let made = groups::create_group(&app, actor, id, name, new.members).await?;
    Ok((Extension(Leading(format!("/c/{}", made.conversation.id))), Json(made)))
}

/// What is posted to call a group otherwise.
#[derive(Deserialize)]
pub struct NewName {
    name: String,
}

/// `POST /api/groups/{id}/rename`.
pub async fn rename(State(app): State<AppState>, at: InGroup, Posted(new): Posted<NewName>) -> Answer {
    Ok(Json(groups::rename_group(&app, at.actor, at.group, GroupName::parse(&new.name)?).await?))
}

/// What is posted to let people in.
#[derive(Deserialize)]
pub struct NewMembers {
    #[serde(default)]
    members: Vec<UserId>,
    /// One more, by their name.
    #[serde(default)]
    username: Option<String>,
}

/// `POST /api/groups/{id}/add`.
pub async fn add(State(app): State<AppState>, at: InGroup, Posted(new): Posted<NewMembers>) -> Answer {
    Ok(Json(groups::add_members(&app, at.actor, at.group, new.members, new.username).await?))
}

/// `GET /api/groups/{id}/invites`.
pub async fn invites(State(app): State<AppState>, at: InGroup) -> Result<Json<Entrances>, Refused> {
    Ok(Json(invitations::entrances(&app, at.actor, at.group).await?))
}

/// What is posted to make a link: for how many seconds it is good, and how many people it lets in.
#[derive(Deserialize)]
pub struct NewLink {
    #[serde(default)]
    expires_in: Option<Number>,
    #[serde(default)]
    uses: Option<Number>,
}

/// A number, or the same as a page's form has it: in digits.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Whole(u32),
    Digits(String),
}

impl Number {
    /// Errors: `malformed`.
    fn value(self) -> Result<u32, AppError> {
        match self {
            Self::Whole(number) => Ok(number),
            Self::Digits(digits) => digits.parse().map_err(AppError::malformed),
        }
    }
}

/// `POST /api/groups/{id}/invites`.
pub async fn make_link(
    State(app): State<AppState>,
    at: InGroup,
    Posted(new): Posted<NewLink>,
) -> Result<Json<InviteLink>, Refused> {
    let uses = new.uses.map_or(Ok(LINK_USES), Number::value)?;
    let seconds = new.expires_in.map_or(Ok(LINK_SECONDS), Number::value)?;
    Ok(Json(links::make(&app, at.actor, at.group, uses, seconds).await?))
}

/// What is posted about a link.
#[derive(Deserialize)]
pub struct OneLink {
    token: InvitationToken,
}

/// `POST /api/groups/{id}/invites/revoke`.
pub async fn revoke_link(
    State(app): State<AppState>,
    at: InGroup,
    Posted(one): Posted<OneLink>,
) -> Result<Done, Refused> {
    links::revoke(&app, at.actor, at.group, one.token).await?;
    Ok(Done(words::LINK_REVOKED))
}

/// What is posted to join: a link, or what stands at its end.
#[derive(Deserialize)]
pub struct Joining {
    token: String,
}

/// `POST /api/groups/join`; a form leads to the conversation.
pub async fn join(
    State(app): State<AppState>,
    owner: SignedIn,
    Posted(joining): Posted<Joining>,
) -> Result<(Extension<Leading>, Json<Summary>), Refused> {
    let actor = actor(owner, &app)?;
    let joined = links::join(&app, actor, InvitationToken::parse(&joining.token)).await?;
    Ok((Extension(Leading(format!("/c/{}", joined.conversation.id))), Json(joined)))
}

/// `POST /api/groups/{id}/uninvite`.
pub async fn uninvite(
    State(app): State<AppState>,
    at: InGroup,
    Posted(one): Posted<OneMember>,
) -> Result<Done, Refused> {
    invitations::take_back(&app, at.actor, at.group, one.member).await?;
    Ok(Done(words::UNINVITED))
}

/// `GET /api/groups/invitations`.
pub async fn waiting(
    State(app): State<AppState>,
    owner: SignedIn,
) -> Result<Json<Vec<GroupInvitation>>, Refused> {
    let viewer = actor(owner, &app)?;
    Ok(Json(invitations::waiting(&app, viewer).await?))
}

/// `POST /api/groups/{id}/accept`; a form leads to the conversation.
pub async fn accept(
    State(app): State<AppState>,
    at: InGroup,
) -> Result<(Extension<Leading>, Json<Summary>), Refused> {
    let joined = invitations::accept(&app, at.actor, at.group).await?;
    Ok((Extension(Leading(format!("/c/{}", at.group))), Json(joined)))
}

/// `POST /api/groups/{id}/decline`.
pub async fn decline(State(app): State<AppState>, at: InGroup) -> Result<Done, Refused> {
    invitations::decline(&app, at.actor, at.group).await?;
    Ok(Done(words::DECLINED))
}

/// What is posted about one member.
#[derive(Deserialize)]
pub struct OneMember {
    member: UserId,
}

/// `POST /api/groups/{id}/remove`.
pub async fn remove(State(app): State<AppState>, at: InGroup, Posted(one): Posted<OneMember>) -> Answer {
    Ok(Json(groups::remove_member(&app, at.actor, at.group, one.member).await?))
}

/// What a member may be besides the owner.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GivenRole {
    /// Looks after the group.
    Admin,
    /// Belongs to it.
    Member,
}

/// What is posted to give a member a role.
#[derive(Deserialize)]
pub struct NewRole {
    member: UserId,
    role: GivenRole,
}

/// `POST /api/groups/{id}/role`.
pub async fn role(State(app): State<AppState>, at: InGroup, Posted(new): Posted<NewRole>) -> Answer {
    let role = match new.role {
        GivenRole::Admin => Role::Admin,
        GivenRole::Member => Role::Member,
    };
    Ok(Json(groups::set_role(&app, at.actor, at.group, new.member, role).await?))
}

/// `POST /api/groups/{id}/owner`.
pub async fn owner(State(app): State<AppState>, at: InGroup, Posted(one): Posted<OneMember>) -> Answer {
    Ok(Json(groups::set_role(&app, at.actor, at.group, one.member, Role::Owner).await?))
}

/// `POST /api/groups/{id}/settings`: each setting that is posted, by its name.
pub async fn settings(
    State(app): State<AppState>,
    at: InGroup,
    Posted(posted): Posted<BTreeMap<String, String>>,
) -> Answer {
    Ok(Json(groups::set_settings(&app, at.actor, at.group, posted).await?))
}

/// `POST /api/groups/{id}/leave`.
pub async fn leave(State(app): State<AppState>, at: InGroup) -> Result<Done, Refused> {
    groups::leave_group(&app, at.actor, at.group).await?;
    Ok(Done(words::LEFT))
}

/// `POST /api/groups/{id}/delete`.
pub async fn delete(State(app): State<AppState>, at: InGroup) -> Result<Done, Refused> {
    groups::delete_group(&app, at.actor, at.group).await?;
    Ok(Done(words::DELETED))
}

//! `/api/conversations`: for programs, and for the forms of pages without scripting.

use crate::{
    chat::server::{
        Rates,
        answer::exchange,
        read,
        send::{Caller, Submission, send},
        socket::upgrade,
        summaries,
    },
    kit::{
        AppState, AuthSession, codec,
        error::Refused,
        forms::Enclosed,
        route::{Leads, Route, Takes},
    },
    routes,
};
use axum::{
    Extension, Json,
    body::Bytes,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::{HeaderMap, header},
};
use model::{
    error::AppError,
    event::Target,
    file::Enclosure,
    id::{ConversationId, MessageId},
    message::{Message, Page, PageRequest, Summary},
};
use serde::Deserialize;
use std::sync::Arc;

/// What is answered here.
pub const ROUTES: &[Route] = routes! {
    GET "/api/conversations" => list;
    GET "/api/conversations/{id}/messages" => messages;
    POST "/api/conversations/{id}/messages" => post_message [Takes::leading(Leads::BackToNewest).with_files()];
    GET "/ws" => upgrade;
    POST "/api/exchange" => exchange;
};

type Id = Result<Path<ConversationId>, PathRejection>;

/// `GET /api/conversations`.
pub async fn list(
    State(app): State<AppState>,
    Extension(session): Extension<AuthSession>,
) -> Result<Json<Vec<Summary>>, Refused> {
    let viewer = session.user.ok_or_else(AppError::not_signed_in)?.0.user;
    app.part::<Rates>().events.take(&viewer.id)?;
    Ok(Json(summaries(&app, viewer.id).await?))
}

/// `GET /api/conversations/{id}/messages?before=&after=&around=&at_time=&limit=`.
pub async fn messages(
    State(app): State<AppState>,
    Extension(session): Extension<AuthSession>,
    id: Id,
    page: Result<Query<PageRequest>, QueryRejection>,
) -> Result<Json<Page>, Refused> {
    let viewer = session.user.ok_or_else(AppError::not_signed_in)?.0.user;
    let Path(id) = id.map_err(|_| AppError::not_found())?;
    let Query(request) = page.map_err(AppError::malformed)?;
    app.part::<Rates>().events.take(&viewer.id)?;
    let (_, _, page) = read(&app, viewer.id, Target::Conversation(id), request).await?;
    Ok(Json(page))
}

/// What is posted to send a message.
#[derive(Deserialize)]
pub struct Posted {
    id: MessageId,
    body: String,
    #[serde(default)]
    attachments: Vec<Enclosure>,
    #[serde(default)]
    reply_to: Option<MessageId>,
}

/// `POST /api/conversations/{id}/messages`, idempotent by the message's id. Files come by their ids, or with the form.
pub async fn post_message(
    State(app): State<AppState>,
    Extension(session): Extension<AuthSession>,
    id: Id,
    enclosed: Option<Extension<Enclosed>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Arc<Message>>, Refused> {
    let user = session.user.ok_or_else(AppError::not_signed_in)?.0.user.id;
    let Path(conversation) = id.map_err(|_| AppError::not_found())?;
    let enclosed = enclosed.map_or(Ok(Vec::new()), |Extension(Enclosed(files))| files)?;
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let Posted { id, body, mut attachments, reply_to } =
        codec::decode(content_type.unwrap_or_default(), &body)?;
    app.part::<Rates>().events.take(&user)?;
    attachments.extend(enclosed.into_iter().map(|file| Enclosure { file, alt: None }));
    let submission =
        Submission { id, target: Target::Conversation(conversation), body, attachments, reply_to };
    Ok(Json(send(&app, Caller { user, socket: None }, submission).await?))
}

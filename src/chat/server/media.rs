//! What a conversation holds besides words: its pictures and films, its other files, the links in its messages.

use crate::{
    chat::server::{Rates, history::readable},
    kit::{AppState, SignedIn, error::Refused, route::Route},
    routes,
};
use axum::{
    Json,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
};
use model::{
    error::AppError,
    event::Target,
    id::{ConversationId, UserId},
    media::{MediaCursor, MediaPage, MediaRequest},
};

/// What is answered here.
pub const ROUTES: &[Route] = routes! {
    GET "/api/conversations/{id}/media" => list;
};

/// `GET /api/conversations/{id}/media?kind=&before=`: counts for the rate of frames, as a page of history does.
pub async fn list(
    State(app): State<AppState>,
    SignedIn { account, .. }: SignedIn,
    id: Result<Path<ConversationId>, PathRejection>,
    request: Result<Query<MediaRequest>, QueryRejection>,
) -> Result<Json<MediaPage>, Refused> {
    let viewer = account.user.id;
    let Path(id) = id.map_err(|_| AppError::not_found())?;
    let Query(request) = request.map_err(AppError::malformed)?;
    app.part::<Rates>().events.take(&viewer)?;
    Ok(Json(media(&app, viewer, id, request).await?))
}

/// A page of it, the newest messages first, of what the viewer sees of the history. Errors: `not_found`.
pub async fn media(
    app: &AppState,
    viewer: UserId,
    conversation: ConversationId,
    request: MediaRequest,
) -> Result<MediaPage, AppError> {
    let (id, from) = readable(app, viewer, Target::Conversation(conversation)).await?;
    let seqs = MediaCursor::seqs(request.before, from);
    let mut messages = app.store.media(id, request.kind, seqs, MediaPage::MESSAGES).await?;
    // As it is after they were read, see `history::read`.
    let (_, from) = readable(app, viewer, Target::Conversation(id)).await?;
    messages.retain(|message| message.seq >= from);
    Ok(MediaPage::of(&messages, request))
}

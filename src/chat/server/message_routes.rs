//! `/api/conversations/{id}/messages/{message}`: one message, for programs and for the forms of pages without scripting.

use crate::{
    chat::server::{
        Rates,
        change::{change, emoji_of},
        history::find,
        pins::pins,
        send::Caller,
    },
    kit::{AppState, Posted, SignedIn, error::Refused, forms::Leading, route::Route},
    routes,
};
use axum::{
    Extension, Json,
    extract::{FromRequestParts, Path, State, rejection::PathRejection},
    http::request::Parts,
};
use model::{
    change::Change,
    content::Content,
    error::AppError,
    id::{ConversationId, MessageId, UserId},
    message::{Message, MessageBody, Readers},
};
use serde::Deserialize;
use std::sync::Arc;

/// What is answered here.
pub const ROUTES: &[Route] = routes! {
    GET "/api/conversations/{id}/messages/{message}" => one;
    GET "/api/conversations/{id}/messages/{message}/readers" => readers;
    POST "/api/conversations/{id}/messages/{message}/edit" => edit;
    POST "/api/conversations/{id}/messages/{message}/delete" => delete;
    POST "/api/conversations/{id}/messages/{message}/react" => react;
    POST "/api/conversations/{id}/messages/{message}/pin" => pin;
    POST "/api/conversations/{id}/messages/{message}/unpin" => unpin;
    GET "/api/conversations/{id}/pins" => list_pins;
};

/// Whoever wants something of a message, and which it is; counts for the rate of frames.
/// Refusals: `not_signed_in`, `not_found`, `too_many`.
pub struct OfMessage {
    actor: UserId,
    conversation: ConversationId,
    message: MessageId,
}

impl FromRequestParts<AppState> for OfMessage {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Refused> {
        let actor = SignedIn::from_request_parts(parts, app).await?.account.user.id;
        app.part::<Rates>().events.take(&actor)?;
        let ids = Path::<(ConversationId, MessageId)>::from_request_parts(parts, app).await;
        let Path((conversation, message)) = ids.map_err(|_| AppError::not_found())?;
        Ok(Self { actor, conversation, message })
    }
}

/// The message as it is now; a form leads to it.
type Changed = Result<(Extension<Leading>, Json<Arc<Message>>), Refused>;

/// `GET /api/conversations/{id}/messages/{message}`.
pub async fn one(State(app): State<AppState>, of: OfMessage) -> Result<Json<Arc<Message>>, Refused> {
    let found = find(&app, of.actor, of.conversation, &[of.message]).await?;
    let found = found.into_iter().find(|message| message.content != Content::Hidden);
    Ok(Json(found.ok_or_else(AppError::not_found)?))
}

/// `GET /api/conversations/{id}/messages/{message}/readers`: how many have read it.
pub async fn readers(State(app): State<AppState>, of: OfMessage) -> Result<Json<Readers>, Refused> {
    let (actor, conversation) = (of.actor, of.conversation);
    let message = one(State(app.clone()), of).await?.0;
    let summary = app.store.summary(conversation, actor).await.map_err(AppError::from)?;
    let summary = summary.ok_or_else(AppError::not_found)?;
    Ok(Json(Readers::count(&summary.conversation, &message, &summary.read)))
}

/// What is posted to put other words in place of one's own.
#[derive(Deserialize)]
pub struct NewWords {
    body: String,
}

/// `POST /api/conversations/{id}/messages/{message}/edit`.
pub async fn edit(State(app): State<AppState>, of: OfMessage, Posted(new): Posted<NewWords>) -> Changed {
    done(&app, of, Change::Edit(MessageBody::parse(&new.body)?)).await
}

/// `POST /api/conversations/{id}/messages/{message}/delete`.
pub async fn delete(State(app): State<AppState>, of: OfMessage) -> Changed {
    done(&app, of, Change::Delete).await
}

/// What is posted to react.
#[derive(Deserialize)]
pub struct NewReaction {
    emoji: String,
    on: bool,
}

/// `POST /api/conversations/{id}/messages/{message}/react`.
pub async fn react(State(app): State<AppState>, of: OfMessage, Posted(new): Posted<NewReaction>) -> Changed {
    let emoji = emoji_of(&new.emoji, new.on)?;
    done(&app, of, Change::React { emoji, on: new.on }).await
}

/// `POST /api/conversations/{id}/messages/{message}/pin`.
pub async fn pin(State(app): State<AppState>, of: OfMessage) -> Changed {
    done(&app, of, Change::Pin { on: true }).await
}

/// `POST /api/conversations/{id}/messages/{message}/unpin`.
pub async fn unpin(State(app): State<AppState>, of: OfMessage) -> Changed {
    done(&app, of, Change::Pin { on: false }).await
}

/// `GET /api/conversations/{id}/pins`: what was pinned last stands first.
pub async fn list_pins(
    State(app): State<AppState>,
    SignedIn { account, .. }: SignedIn,
    id: Result<Path<ConversationId>, PathRejection>,
) -> Result<Json<Vec<Arc<Message>>>, Refused> {
    let viewer = account.user.id;
    app.part::<Rates>().events.take(&viewer)?;
    let Path(id) = id.map_err(|_| AppError::not_found())?;
    let mut pins = pins(&app, viewer, id).await?;
    pins.reverse();
    Ok(Json(pins))
}

async fn done(app: &AppState, of: OfMessage, what: Change) -> Changed {
    let caller = Caller { user: of.actor, socket: None };
    let message = change(app, caller, of.conversation, of.message, None, what).await?;
    let (conversation, seq) = (of.conversation, message.seq);
    Ok((Extension(Leading(format!("/c/{conversation}?at={seq}#m{seq}"))), Json(message)))
}

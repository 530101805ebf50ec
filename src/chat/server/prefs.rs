//! What a member alone keeps of a conversation: stored, and told to their own devices.

use crate::{
    chat::{
        server::{Action, Rates, in_lane, send::see},
        words,
    },
    kit::{
        AppState, Done, Posted, SignedIn,
        error::Refused,
        route::{Leads, Route, Takes},
    },
    live::Audience,
    routes,
};
use axum::extract::{Path, State, rejection::PathRejection};
use model::{
    error::{AppError, ErrorCode},
    event::{ServerEvent, Target},
    id::{ConversationId, UserId},
    prefs::PrefsChange,
};
use store::{StoreError, now};

/// What is answered here. A form stands on a page whose query says that it is open.
pub const ROUTES: &[Route] = routes! {
    POST "/api/conversations/{id}/prefs" => post [Takes::leading(Leads::BackToNewest)];
};

/// `POST /api/conversations/{id}/prefs`.
pub async fn post(
    State(app): State<AppState>,
    owner: SignedIn,
    id: Result<Path<ConversationId>, PathRejection>,
    Posted(change): Posted<PrefsChange>,
) -> Result<Done, Refused> {
    let actor = owner.account.user.id;
    app.part::<Rates>().events.take(&actor)?;
    let Path(conversation) = id.map_err(|_| AppError::not_found())?;
    prefer(&app, actor, conversation, change).await?;
    Ok(Done(words::preferred(&change)))
}

/// Changes what `actor` keeps of a conversation. Where it is not to be unread, all of it that they had counts as read.
///
/// Errors: `malformed` (nothing is said), `not_found`, `not_allowed` (too many are pinned), `unavailable`.
pub async fn prefer(
    app: &AppState,
    actor: UserId,
    conversation: ConversationId,
    change: PrefsChange,
) -> Result<(), AppError> {
    if change.is_empty() {
        return Err(AppError::new(ErrorCode::Malformed, words::NOTHING_PREFERRED));
    }
    let target = Target::Conversation(conversation);
    in_lane(app, actor, Action::Read, target, async move |app, known| {
        set(&app, actor, conversation, change).await?;
        match change.unread {
            Some(false) => see(&app, actor, &known, change.up_to.unwrap_or(u64::MAX)).await,
            Some(true) | None => Ok(()),
        }
    })
    .await
}

/// Stores it, and tells it; in the conversation's lane.
pub(super) async fn set(
    app: &AppState,
    actor: UserId,
    conversation_id: ConversationId,
    change: PrefsChange,
) -> Result<(), AppError> {
    let set = app.store.set_prefs(actor, conversation_id, change, now()).await;
    let set = set.map_err(|error| match error {
        StoreError::Full => AppError::new(ErrorCode::NotAllowed, words::too_many_pinned()).on("pinned"),
        error => error.into(),
    })?;
    if let Some(prefs) = set {
        app.live.tell(Audience::User(actor), &ServerEvent::PrefsChanged { conversation_id, prefs }).await;
    }
    Ok(())
}

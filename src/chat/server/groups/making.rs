//! Making a group.

use super::{
    acquaintances::Acquaintances, fits_into_one_more, has_room, membership, nobody_chosen, summary, tell_new,
};
use crate::{
    chat::{
        server::{Rates, invitations},
        words,
    },
    kit::AppState,
};
use model::{
    content::{Content, System},
    error::{AppError, ErrorCode},
    group::GroupName,
    id::{ConversationId, MessageId, UserId},
    message::{Conversation, Message, PageRequest, Summary},
};
use std::{collections::BTreeSet, sync::Arc};

/// Makes a group with contacts of `actor` and tells the devices of all. The same `id` from the same maker with the
/// same name again is the same group, and nobody hears of it.
///
/// Errors: `malformed` (nobody else), `not_allowed` (more than a group may have, not contacts, somebody is in too many),
/// `too_many`, `id_taken`, `unavailable`.
pub async fn create_group(
    app: &AppState,
    actor: UserId,
    id: ConversationId,
    name: GroupName,
    members: Vec<UserId>,
) -> Result<Summary, AppError> {
    let others: BTreeSet<_> = members.into_iter().filter(|member| *member != actor).collect();
    if others.is_empty() {
        return Err(nobody_chosen());
    }
    has_room(app, others.len() + 1)?;
    let known = Acquaintances::of(app, actor).await?;
    known.lets_add(&others)?;
    if !others.is_subset(&known.contacts) {
        return Err(AppError::new(ErrorCode::NotAllowed, words::CONTACTS_ONLY).on("members"));
    }
    let (unheard, others): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|other| known.blocking.contains(other));
    let app = app.clone();
    let live = app.live.clone();
    live.in_lane(id, async move {
        let is_new = match app.store.conversation(id).await? {
            Some(known) => is_made_by(&app, actor, &name, &known).await?,
            None => {
                app.part::<Rates>().groups.take(&actor).inspect_err(|_| {
                    tracing::warn!(audit = "limit", limit = "groups", user = %actor, "refused by a limit");
                })?;
                for member in others.iter().chain([&actor]) {
                    fits_into_one_more(&app, *member).await?;
                }
                let first = membership(id, actor, actor);
                let made = app.store.create_group(first, Some(name), others.clone()).await;
                let made = made
                    .map_err(AppError::from)
                    .inspect_err(|error| app.live.doubtful().note(named(id), error));
                made.map(|_| true)?
            }
        };
        // It may have been made before, and nobody told.
        if !app.live.doubtful().settle(named(id)) && !is_new {
            return summary(&app, id, actor).await;
        }
        for member in others.iter().chain([&actor]) {
            tell_new(&app, *member, id).await;
        }
        if let Err(error) = ask_in_vain(&app, id, actor, &unheard).await {
            // The group is made all the same, and they would not have come.
            tracing::info!(%error, "those who block whoever makes a group do not look asked");
        }
        summary(&app, id, actor).await
    })
    .await
}

/// Those who block whoever makes a group look asked.
async fn ask_in_vain(
    app: &AppState,
    id: ConversationId,
    actor: UserId,
    unheard: &[UserId],
) -> Result<(), AppError> {
    if unheard.is_empty() {
        return Ok(());
    }
    let group = app.store.conversation(id).await?.ok_or_else(AppError::not_found)?;
    let actor = app.store.account(actor).await?.ok_or_else(AppError::not_found)?.user;
    for other in unheard {
        invitations::invite(app, &group, &actor, *other, true).await?;
    }
    Ok(())
}

/// `false`: it is the group that `actor` has made so, and is not new. Errors: `id_taken`.
async fn is_made_by(
    app: &AppState,
    actor: UserId,
    name: &GroupName,
    known: &Conversation,
) -> Result<bool, AppError> {
    let first = PageRequest { before: Some(2), limit: Some(1), ..PageRequest::default() };
    let first = app.store.page(known.id, first).await?.messages;
    let is_theirs = |first: &Arc<Message>| {
        first.content == Content::System(System::Created)
            && first.sender == actor
            && known.members.contains(&actor)
            && known.name.as_deref() == Some(name.as_str())
    };
    match first.first().is_some_and(is_theirs) {
        true => Ok(false),
        false => Err(AppError::new(ErrorCode::IdTaken, words::GROUP_ID_TAKEN)),
    }
}

/// A group as one that may have been stored; ids of messages and of conversations never meet.
fn named(group: ConversationId) -> MessageId {
    MessageId(group.0)
}

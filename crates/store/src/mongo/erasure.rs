//! Erasing what was said in conversations that have ended.
//!
//! The write that ends a conversation notes it in `erasing`, in the same document; from then on
//! nobody can reach it. Its messages, files, cursors and prefs go next, and the note last, so that whatever a
//! crash leaves is found and completed by the next start.

use super::{
    Db,
    documents::{FriendshipDocument, Stored},
    error::{Failure, READ, answered},
    files, group_invitations, groups, invitations,
    lanes::Lanes,
    tries::repeated,
    users,
};
use crate::Result;
use futures::TryStreamExt;
use model::id::{ConversationId, MessageId};
use mongodb::bson::doc;
use std::time::Duration;
use tokio::time::interval;

/// How often it is looked whether something was left.
const FINISH_EVERY: Duration = Duration::from_secs(600);

/// Erases one; doing it again is no error. In its lane: who writes in it was there before it ended,
/// and what they write is erased, too.
pub(super) async fn erase(db: &Db, lanes: &Lanes, conversation: ConversationId) -> Result<()> {
    lanes.run(conversation, erase_now(db, conversation)).await
}

async fn erase_now(db: &Db, conversation: ConversationId) -> Result<()> {
    let of_it = || doc! { "conversation": conversation.bson() };
    repeated(|| async { answered(db.messages.delete_many(of_it())).await }).await?;
    files::erase_in(db, conversation).await?;
    repeated(|| async { answered(db.read_cursors.delete_many(of_it())).await }).await?;
    repeated(|| async { answered(db.prefs.delete_many(of_it())).await }).await?;
    let erased = || doc! { "$pull": { "erasing": conversation.bson() } };
    let noted = || doc! { "erasing": conversation.bson() };
    repeated(|| async { answered(db.friendships.update_one(noted(), erased())).await }).await?;
    Ok(())
}

/// Erases a group that its last member has left; the message that says so goes last, because it
/// is what keeps the group closed.
pub(super) async fn erase_group(db: &Db, conversation: ConversationId, last: MessageId) -> Result<()> {
    let others = || doc! { "conversation": conversation.bson(), "id": { "$ne": last.bson() } };
    let of_it = || doc! { "conversation": conversation.bson() };
    repeated(|| async { answered(db.messages.delete_many(others())).await }).await?;
    files::erase_in(db, conversation).await?;
    repeated(|| async { answered(db.read_cursors.delete_many(of_it())).await }).await?;
    group_invitations::end_all(db, conversation).await?;
    invitations::delete_links(db, conversation, None).await?;
    repeated(|| async { answered(db.prefs.delete_many(of_it())).await }).await?;
    repeated(|| async { answered(db.messages.delete_many(of_it())).await }).await?;
    Ok(())
}

/// Erases what an earlier run could not, and what fails meanwhile, for as long as it is polled.
pub(super) async fn keep_finishing(db: Db, lanes: Lanes) {
    let mut every = interval(FINISH_EVERY);
    loop {
        every.tick().await;
        if let Err(error) = finish(&db, &lanes).await {
            tracing::warn!(%error, "what was to be erased is not erased yet");
        }
    }
}

/// Erases what is left. Errors: the last; one of many does not keep the others.
async fn finish(db: &Db, lanes: &Lanes) -> Result<()> {
    let mut finished = Ok(());
    for user in users::going(db).await? {
        finished = users::delete(db.clone(), lanes.clone(), user).await.map(drop).and(finished);
    }
    for conversation in unfinished(db).await? {
        finished = erase(db, lanes, conversation).await.and(finished);
    }
    for (conversation, last) in groups::abandoned(db).await? {
        finished = erase_group(db, conversation, last).await.and(finished);
    }
    finished
}

async fn unfinished(db: &Db) -> std::result::Result<Vec<ConversationId>, Failure> {
    let find = db.friendships.find(doc! { "erasing": { "$exists": true } }).max_time(READ);
    let found: Vec<FriendshipDocument> = answered(async { find.await?.try_collect().await }).await?;
    Ok(found.into_iter().flat_map(|document| document.erasing).map(ConversationId::of).collect())
}

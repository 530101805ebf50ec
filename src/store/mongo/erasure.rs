//! Erasing what was said in conversations that have ended.
//!
//! The write that ends a conversation notes it in `erasing`, in the same document; from then on
//! nobody can reach it. Its messages and cursors go next, and the note last, so that whatever a
//! crash leaves is found and completed by the next start.

use super::{
    Db,
    documents::FriendshipDocument,
    error::{Failure, READ, answered},
    groups,
    lanes::Lanes,
    tries::repeated,
    users,
};
use crate::{
    id::{ConversationId, MessageId},
    store::Result,
};
use futures::TryStreamExt;
use mongodb::bson::doc;

/// Erases one; doing it again is no error. In its lane: who writes in it was there before it ended,
/// and what they write is erased, too.
pub(super) async fn erase(db: &Db, lanes: &Lanes, conversation: ConversationId) -> Result<()> {
    lanes.run(conversation, erase_now(db, conversation)).await
}

async fn erase_now(db: &Db, conversation: ConversationId) -> Result<()> {
    let of_it = || doc! { "conversation": conversation };
    repeated(|| async { answered(db.messages.delete_many(of_it())).await }).await?;
    repeated(|| async { answered(db.read_cursors.delete_many(of_it())).await }).await?;
    let erased = || doc! { "$pull": { "erasing": conversation } };
    let noted = || doc! { "erasing": conversation };
    repeated(|| async { answered(db.friendships.update_one(noted(), erased())).await }).await?;
    Ok(())
}

/// Erases a group that its last member has left; the message that says so goes last, because it
/// is what keeps the group closed.
pub(super) async fn erase_group(db: &Db, conversation: ConversationId, last: MessageId) -> Result<()> {
    let others = || doc! { "conversation": conversation, "id": { "$ne": last } };
    let of_it = || doc! { "conversation": conversation };
    repeated(|| async { answered(db.messages.delete_many(others())).await }).await?;
    repeated(|| async { answered(db.read_cursors.delete_many(of_it())).await }).await?;
    repeated(|| async { answered(db.messages.delete_many(of_it())).await }).await?;
    Ok(())
}

/// Erases what an earlier run could not.
pub(super) async fn finish(db: &Db, lanes: &Lanes) -> Result<()> {
    for user in users::going(db).await? {
        users::delete(db.clone(), lanes.clone(), user).await?;
    }
    for conversation in unfinished(db).await? {
        erase(db, lanes, conversation).await?;
    }
    for (conversation, last) in groups::abandoned(db).await? {
        erase_group(db, conversation, last).await?;
    }
    Ok(())
}

async fn unfinished(db: &Db) -> std::result::Result<Vec<ConversationId>, Failure> {
    let find = db.friendships.find(doc! { "erasing": { "$exists": true } }).max_time(READ);
    let found: Vec<FriendshipDocument> = answered(async { find.await?.try_collect().await }).await?;
    Ok(found.into_iter().flat_map(|document| document.erasing).map(ConversationId::from).collect())
}

//! What pairs of people are to each other.

use super::{
    Db, MongoStore,
    documents::{FriendshipDocument, Stored, number, pair_key, state_word},
    erasure,
    error::{Failure, READ, answered},
    lanes::Lanes,
    tries::{Tries, repeated},
};
use crate::{Friendships, Result};
use futures::TryStreamExt;
use model::{
    friendship::{Friendship, Pair, State},
    id::{ConversationId, RequestId, UserId},
};
use mongodb::bson::{Document, doc};
use std::cmp::Reverse;

#[async_trait::async_trait]
impl Friendships for MongoStore {
    async fn friendship(&self, pair: Pair) -> Result<Option<Friendship>> {
        self.read(find(&self.db, doc! { "_id": pair_key(pair) })).await
    }

    async fn friendship_by_request(&self, id: RequestId) -> Result<Option<Friendship>> {
        self.read(find(&self.db, doc! { "request_id": id.bson() })).await
    }

    async fn friendships_of(&self, user: UserId) -> Result<Vec<Friendship>> {
        let mut all = self.read(select(&self.db, doc! { "users": user.bson() })).await?;
        all.sort_unstable_by_key(|record| Reverse((record.changed_at, record.request_id)));
        Ok(all)
    }

    async fn commit_friendship(&self, next: &Friendship) -> Result<bool> {
        self.write(commit(self.db.clone(), self.lanes.clone(), next.clone())).await
    }
}

async fn commit(db: Db, lanes: Lanes, next: Friendship) -> Result<bool> {
    let Some(before) = next.rev.checked_sub(1) else { return Ok(false) };
    let mut tries = Tries::new();
    let Some(document) = following(&db, &next, before, &mut tries).await? else { return Ok(false) };
    loop {
        match write(&db, &document, before).await {
            Ok(true) => break,
            Ok(false) => {
                // Whoever was faster can be read once a majority has it; the caller will look.
                let stored = find(&db, doc! { "_id": pair_key(next.pair) }).await?;
                if stored.as_ref().map_or(0, |stored| stored.rev) != before {
                    if tries.doubtful && stored.as_ref() == Some(&next) {
                        break;
                    }
                    return Ok(false);
                }
                tries.look_again().await?;
            }
            Err(failure) => tries.after(failure).await?,
        }
    }
    for ended in document.erasing {
        // It is out of reach already; what fails here is completed by the next start.
        if let Err(error) = erasure::erase(&db, &lanes, Stored::of(ended)).await {
            tracing::warn!(%error, "an ended conversation is not erased yet");
        }
    }
    Ok(true)
}

/// The document for `next`, with a note of the conversations that are to be erased after it.
/// `None`: what is stored is not revision `before`.
async fn following(
    db: &Db,
    next: &Friendship,
    before: u64,
    tries: &mut Tries,
) -> Result<Option<FriendshipDocument>> {
    let mut document = FriendshipDocument::from(next);
    if before == 0 {
        return Ok(Some(document));
    }
    loop {
        let find = db.friendships.find_one(doc! { "_id": pair_key(next.pair) }).max_time(READ);
        match answered(find).await {
            Ok(Some(stored)) if stored.rev == number(before) => {
                let ended = stored.conversation.filter(|old| document.conversation != Some(*old));
                // What is erased meanwhile is erased once more, which changes nothing.
                document.erasing = stored.erasing.into_iter().chain(ended).collect();
                return Ok(Some(document));
            }
            Ok(Some(_) | None) => return Ok(None),
            Err(failure) => tries.after(failure).await?,
        }
    }
}

/// Puts the document in the place of revision `before`. `false`: another one is there.
async fn write(db: &Db, document: &FriendshipDocument, before: u64) -> std::result::Result<bool, Failure> {
    if before == 0 {
        return match answered(db.friendships.insert_one(document)).await {
            Ok(_) => Ok(true),
            Err(Failure::Duplicate) => Ok(false),
            Err(failure) => Err(failure),
        };
    }
    let expected = doc! { "_id": &document.id, "rev": number(before) };
    Ok(answered(db.friendships.replace_one(expected, document)).await?.matched_count == 1)
}

/// Deletes the record of a pair with the conversations that it names: out of reach first, then
/// erased, and the record last. Returns the one that there was until now.
pub(super) async fn delete(db: &Db, lanes: &Lanes, pair: Pair) -> Result<Option<ConversationId>> {
    let of_pair = || doc! { "_id": pair_key(pair) };
    let find = || async { answered(db.friendships.find_one(of_pair()).max_time(READ)).await };
    let Some(stored) = repeated(find).await? else { return Ok(None) };
    if let Some(conversation) = stored.conversation {
        let ended = || {
            doc! {
                "$unset": { "conversation": "" },
                "$set": { "state": state_word(State::Ended) },
                "$push": { "erasing": conversation },
                "$inc": { "rev": 1_i64 },
            }
        };
        let expected = || doc! { "_id": pair_key(pair), "conversation": conversation };
        repeated(|| async { answered(db.friendships.update_one(expected(), ended())).await }).await?;
    }
    for ended in stored.erasing.into_iter().chain(stored.conversation) {
        erasure::erase(db, lanes, Stored::of(ended)).await?;
    }
    repeated(|| async { answered(db.friendships.delete_one(of_pair())).await }).await?;
    Ok(stored.conversation.map(ConversationId::of))
}

async fn find(db: &Db, filter: Document) -> std::result::Result<Option<Friendship>, Failure> {
    let found = answered(db.friendships.find_one(filter).max_time(READ)).await?;
    found.map(FriendshipDocument::record).transpose()
}

/// All that match, in no special order.
pub(super) async fn select(db: &Db, filter: Document) -> std::result::Result<Vec<Friendship>, Failure> {
    let find = db.friendships.find(filter).max_time(READ);
    let found: Vec<FriendshipDocument> = answered(async { find.await?.try_collect().await }).await?;
    found.into_iter().map(FriendshipDocument::record).collect()
}

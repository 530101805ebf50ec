//! What pairs of people are to each other.

use super::{
    Db, MongoStore,
    documents::{FriendshipDocument, number, pair_key},
    error::{Failure, READ, answered},
    tries::Tries,
};
use crate::{
    contacts::model::{Friendship, Pair},
    id::{RequestId, UserId},
    store::{Friendships, Result},
};
use futures::TryStreamExt;
use mongodb::bson::{Document, doc};
use std::cmp::Reverse;

#[async_trait::async_trait]
impl Friendships for MongoStore {
    async fn friendship(&self, pair: Pair) -> Result<Option<Friendship>> {
        self.read(find(&self.db, doc! { "_id": pair_key(pair) })).await
    }

    async fn friendship_by_request(&self, id: RequestId) -> Result<Option<Friendship>> {
        self.read(find(&self.db, doc! { "request_id": id })).await
    }

    async fn friendships_of(&self, user: UserId) -> Result<Vec<Friendship>> {
        let mut all = self.read(select(&self.db, doc! { "users": user })).await?;
        all.sort_unstable_by_key(|record| Reverse((record.changed_at, record.request_id)));
        Ok(all)
    }

    async fn commit_friendship(&self, next: &Friendship) -> Result<bool> {
        self.write(commit(self.db.clone(), next.clone())).await
    }
}

async fn commit(db: Db, next: Friendship) -> Result<bool> {
    let Some(before) = next.rev.checked_sub(1) else { return Ok(false) };
    let mut tries = Tries::new();
    loop {
        match write(&db, &next, before).await {
            Ok(true) => return Ok(true),
            Ok(false) => {
                // Whoever was faster can be read once a majority has it; the caller will look.
                let stored = find(&db, doc! { "_id": pair_key(next.pair) }).await?;
                if stored.as_ref().map_or(0, |stored| stored.rev) != before {
                    return Ok(tries.doubtful && stored.as_ref() == Some(&next));
                }
                tries.look_again().await?;
            }
            Err(failure) => tries.after(failure).await?,
        }
    }
}

/// Puts `next` in the place of revision `before`. `false`: another one is there.
async fn write(db: &Db, next: &Friendship, before: u64) -> std::result::Result<bool, Failure> {
    let document = FriendshipDocument::from(next);
    if before == 0 {
        return match answered(db.friendships.insert_one(document)).await {
            Ok(_) => Ok(true),
            Err(Failure::Duplicate) => Ok(false),
            Err(failure) => Err(failure),
        };
    }
    let expected = doc! { "_id": pair_key(next.pair), "rev": number(before) };
    Ok(answered(db.friendships.replace_one(expected, document)).await?.matched_count == 1)
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

//! Log-ins that are remembered.

use super::{
    Db, MongoStore,
    documents::{SessionDocument, Stored, number_of, session_key},
    error::{Failure, READ, answered},
    tries::{Tries, repeated},
};
use crate::{Result, SessionRecord, Sessions};
use futures::TryStreamExt;
use model::{id::UserId, time::Timestamp};
use mongodb::bson::{Document, doc};
use std::cmp::Reverse;

/// The key of the one document in `session_endings`.
const ENDINGS: &str = "all";

#[async_trait::async_trait]
impl Sessions for MongoStore {
    async fn create_session(&self, session: SessionRecord) -> Result<bool> {
        self.write(insert(self.db.clone(), session)).await
    }

    async fn save_session(&self, session: SessionRecord, now: Timestamp) -> Result<bool> {
        self.write(update(self.db.clone(), session, now)).await
    }

    async fn session(&self, id: i128, now: Timestamp) -> Result<Option<SessionRecord>> {
        let found = self.read(find(&self.db, id)).await?;
        Ok(found.filter(|session| session.expires_at > now))
    }

    async fn delete_session(&self, id: i128) -> Result<()> {
        self.write(end(self.db.clone(), id)).await
    }

    async fn delete_sessions_of(&self, user: UserId, keep: Option<i128>) -> Result<u64> {
        self.write(end_all(self.db.clone(), user, keep)).await
    }

    async fn sessions_of(&self, user: UserId, now: Timestamp) -> Result<Vec<SessionRecord>> {
        let mut all = self
            .read(select(&self.db, doc! { "user": user.bson(), "expires_at": { "$gt": now.bson() } }))
            .await?;
        all.sort_unstable_by_key(|session| (Reverse(session.expires_at), session.id));
        Ok(all)
    }

    async fn live_sessions(&self, ids: &[i128], now: Timestamp) -> Result<Vec<i128>> {
        let keys: Vec<_> = ids.iter().copied().map(session_key).collect();
        let live =
            self.read(select(&self.db, doc! { "_id": { "$in": keys }, "expires_at": { "$gt": now.bson() } }));
        Ok(live.await?.into_iter().map(|session| session.id).collect())
    }

    async fn sessions_ended(&self) -> Result<u64> {
        self.read(endings(&self.db)).await
    }

    async fn delete_expired_sessions(&self, now: Timestamp) -> Result<u64> {
        self.write(delete(self.db.clone(), doc! { "expires_at": { "$lte": now.bson() } })).await
    }
}

async fn insert(db: Db, session: SessionRecord) -> Result<bool> {
    let document = SessionDocument::from(&session);
    let mut tries = Tries::new();
    loop {
        match answered(db.sessions.insert_one(&document)).await {
            Ok(_) => return Ok(true),
            Err(Failure::Duplicate) if tries.doubtful => {
                let stored = find(&db, session.id).await?;
                return Ok(stored == Some(session));
            }
            Err(Failure::Duplicate) => return Ok(false),
            Err(failure) => tries.after(failure).await?,
        }
    }
}

async fn update(db: Db, session: SessionRecord, now: Timestamp) -> Result<bool> {
    let unexpired = doc! { "_id": session_key(session.id), "expires_at": { "$gt": now.bson() } };
    let new = SessionDocument::from(&session);
    let mut tries = Tries::new();
    loop {
        match answered(db.sessions.replace_one(unexpired.clone(), &new)).await {
            Ok(outcome) => return Ok(outcome.matched_count == 1),
            Err(failure) => tries.after(failure).await?,
        }
    }
}

async fn find(db: &Db, id: i128) -> std::result::Result<Option<SessionRecord>, Failure> {
    let found = answered(db.sessions.find_one(doc! { "_id": session_key(id) }).max_time(READ)).await?;
    found.map(SessionDocument::record).transpose()
}

async fn select(db: &Db, filter: Document) -> std::result::Result<Vec<SessionRecord>, Failure> {
    let find = db.sessions.find(filter).max_time(READ);
    let found: Vec<SessionDocument> = answered(async { find.await?.try_collect().await }).await?;
    found.into_iter().map(SessionDocument::record).collect()
}

async fn end(db: Db, id: i128) -> Result<()> {
    let mut tries = Tries::new();
    let ended = loop {
        match answered(db.sessions.find_one_and_delete(doc! { "_id": session_key(id) })).await {
            // An attempt whose answer was lost may have ended a user's.
            Ok(ended) => break tries.doubtful || ended.is_some_and(|session| session.user.is_some()),
            Err(failure) => tries.after(failure).await?,
        }
    };
    if ended { count_ending(&db).await } else { Ok(()) }
}

/// Ends the sessions of a user, and says that it did. Returns how many.
pub(super) async fn end_all(db: Db, user: UserId, keep: Option<i128>) -> Result<u64> {
    let mut sessions = doc! { "user": user.bson() };
    if let Some(keep) = keep {
        sessions.insert("_id", doc! { "$ne": session_key(keep) });
    }
    let ended = delete(db.clone(), sessions).await?;
    count_ending(&db).await?;
    Ok(ended)
}

/// Counting twice what happened once does no harm.
pub(super) async fn count_ending(db: &Db) -> Result<()> {
    let mut tries = Tries::new();
    loop {
        let one_more = doc! { "$inc": { "count": 1_i64 } };
        match answered(db.session_endings.update_one(doc! { "_id": ENDINGS }, one_more).upsert(true)).await {
            Ok(_) => return Ok(()),
            // Of two who made it at once, one is second; and now it is there.
            Err(failure) => tries.after(failure).await?,
        }
    }
}

async fn endings(db: &Db) -> std::result::Result<u64, Failure> {
    let found = answered(db.session_endings.find_one(doc! { "_id": ENDINGS }).max_time(READ)).await?;
    found.map_or(Ok(0), |endings| number_of(endings.count))
}

/// Returns how many; fewer than there were, if an attempt was done and its answer lost.
async fn delete(db: Db, filter: Document) -> Result<u64> {
    let deleted = repeated(|| async { answered(db.sessions.delete_many(filter.clone())).await });
    Ok(deleted.await?.deleted_count)
}

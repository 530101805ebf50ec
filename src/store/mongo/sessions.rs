//! Log-ins that are remembered.

use super::{
    Db, MongoStore,
    documents::{SessionDocument, session_key},
    error::{Failure, READ, answered},
    tries::Tries,
};
use crate::{
    id::UserId,
    store::{Result, SessionRecord, Sessions},
    time::Timestamp,
};
use mongodb::bson::{Document, doc};

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
        self.write(delete(self.db.clone(), doc! { "_id": session_key(id) })).await.map(drop)
    }

    async fn delete_sessions_of(&self, user: UserId, keep: Option<i128>) -> Result<u64> {
        let mut sessions = doc! { "user": user };
        if let Some(keep) = keep {
            sessions.insert("_id", doc! { "$ne": session_key(keep) });
        }
        self.write(delete(self.db.clone(), sessions)).await
    }

    async fn delete_expired_sessions(&self, now: Timestamp) -> Result<u64> {
        self.write(delete(self.db.clone(), doc! { "expires_at": { "$lte": now } })).await
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
    let unexpired = doc! { "_id": session_key(session.id), "expires_at": { "$gt": now } };
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

/// Returns how many; fewer than there were, if an attempt was done and its answer lost.
async fn delete(db: Db, filter: Document) -> Result<u64> {
    let mut tries = Tries::new();
    loop {
        match answered(db.sessions.delete_many(filter.clone())).await {
            Ok(outcome) => return Ok(outcome.deleted_count),
            Err(failure) => tries.after(failure).await?,
        }
    }
}

//! Whom a deletion concerns.

use super::{
    Db,
    documents::{PartingDocument, Stored, number},
    error::{Failure, READ, answered},
    tries::repeated,
};
use crate::{Parting, Result, clock};
use futures::TryStreamExt;
use model::id::UserId;
use mongodb::bson::{Uuid, doc};

/// Leaves one.
pub(super) async fn leave(db: &Db, parting: Parting) -> Result<()> {
    let document = PartingDocument::from(parting);
    repeated(|| async {
        match answered(db.partings.insert_one(&document)).await {
            // The id is new, so an earlier attempt of this call has put it there.
            Ok(_) | Err(Failure::Duplicate) => Ok(()),
            Err(failure) => Err(failure),
        }
    })
    .await
}

/// Sweeps away old ones, and those of a user who is about to be deleted.
pub(super) async fn sweep(db: &Db, deleted: UserId) -> Result<()> {
    let oldest = Uuid::from_bytes(Parting::oldest_kept(clock::now()).into_bytes());
    let swept = || doc! { "$or": [{ "_id": { "$lt": oldest } }, { "user": deleted.bson() }] };
    repeated(|| async { answered(db.partings.delete_many(swept())).await }).await.map(drop)
}

pub(super) async fn newest(db: &Db) -> std::result::Result<Vec<Parting>, Failure> {
    let find = db.partings.find(doc! {}).sort(doc! { "_id": -1 }).limit(number(Parting::MOST as u64));
    let found: Vec<PartingDocument> =
        answered(async { find.max_time(READ).await?.try_collect().await }).await?;
    Ok(found.into_iter().map(Parting::from).collect())
}

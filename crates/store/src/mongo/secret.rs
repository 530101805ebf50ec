//! What others must not be able to work out is derived from this: one document.

use super::{
    Db,
    error::{Failure, answered},
    open::{OpenError, refusal},
};
use mongodb::{
    bson::{Binary, doc, spec::BinarySubtype},
    options::UpdateOptions,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The key of the one document.
const ONLY: &str = "only";

/// The secret, in `secrets`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SecretDocument {
    #[serde(rename = "_id")]
    id: String,
    bytes: Binary,
}

/// The database's secret, made when it is first asked for.
pub(super) async fn of(db: &Db) -> Result<[u8; 32], OpenError> {
    let fresh = [Uuid::new_v4(), Uuid::new_v4()].map(Uuid::into_bytes).concat();
    let fresh = Binary { subtype: BinarySubtype::Generic, bytes: fresh };
    let make = db.secrets.update_one(doc! { "_id": ONLY }, doc! { "$setOnInsert": { "bytes": fresh } });
    let made = answered(make.with_options(UpdateOptions::builder().upsert(true).build())).await;
    // Of two who make it at once, one is second; and now it is there.
    if let Err(failure) = made
        && failure != Failure::Duplicate
    {
        return Err(refusal(failure));
    }
    let found = answered(db.secrets.find_one(doc! { "_id": ONLY })).await.map_err(refusal)?;
    let bytes = found.and_then(|found| found.bytes.bytes.try_into().ok());
    bytes.ok_or_else(|| OpenError::Refused { reason: "the database's secret is damaged".into() })
}

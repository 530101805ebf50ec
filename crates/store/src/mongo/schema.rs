//! Which shape the documents have: the number in `meta`, so that an older program leaves alone what it
//! would take for something else.
//!
//! So far every shape reads those before it as they are, and writes over nothing: groups have a name,
//! roles and settings since 2, and where they are missing there is a rule; invitations are there since 3. A step that has to rewrite
//! documents would stand here, before the number is raised: one that is cut short begins again.

use super::{
    Db,
    error::{Failure, answered},
    open::{OpenError, refusal},
};
use mongodb::{
    Collection,
    bson::{Binary, doc, spec::BinarySubtype},
    options::UpdateOptions,
};
use serde::{Deserialize, Serialize};

/// The newest shape that this program knows.
const KNOWN: i64 = 3;
/// The document that holds the number.
const SCHEMA: &str = "schema";
/// The one that holds the secret.
const SECRET: &str = "secret";

/// What is known of the database as a whole.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct MetaDocument {
    #[serde(rename = "_id")]
    id: String,
    version: i64,
}

/// What others must not be able to work out is derived from this.
#[derive(Debug, Serialize, Deserialize)]
struct SecretDocument {
    #[serde(rename = "_id")]
    id: String,
    bytes: Binary,
}

/// Refuses a database that a newer program has written.
pub(super) async fn refuse_newer(meta: &Collection<MetaDocument>) -> Result<(), OpenError> {
    let found = answered(meta.find_one(doc! { "_id": SCHEMA })).await.map_err(refusal)?;
    match found {
        Some(MetaDocument { version: found, .. }) if found > KNOWN => {
            Err(OpenError::Newer { found, known: KNOWN })
        }
        Some(_) | None => Ok(()),
    }
}

/// Marks the database as written by this program.
pub(super) async fn mark(db: &Db) -> Result<(), OpenError> {
    let upsert = UpdateOptions::builder().upsert(true).build();
    let raise = db.meta.update_one(doc! { "_id": SCHEMA }, doc! { "$max": { "version": KNOWN } });
    answered(raise.with_options(upsert)).await.map(drop).map_err(refusal)
}

/// The database's secret, made when it is first asked for.
pub(super) async fn secret(db: &Db) -> Result<[u8; 32], OpenError> {
    let secrets = db.meta.clone_with_type::<SecretDocument>();
    let fresh = [uuid::Uuid::new_v4(), uuid::Uuid::new_v4()].map(uuid::Uuid::into_bytes).concat();
    let fresh = Binary { subtype: BinarySubtype::Generic, bytes: fresh };
    let make = secrets.update_one(doc! { "_id": SECRET }, doc! { "$setOnInsert": { "bytes": fresh } });
    let made = answered(make.with_options(UpdateOptions::builder().upsert(true).build())).await;
    // Of two who make it at once, one is second; and now it is there.
    if let Err(failure) = made
        && failure != Failure::Duplicate
    {
        return Err(refusal(failure));
    }
    let found = answered(secrets.find_one(doc! { "_id": SECRET })).await.map_err(refusal)?;
    let bytes = found.and_then(|found| found.bytes.bytes.try_into().ok());
    bytes.ok_or_else(|| OpenError::Refused { reason: "the database's secret is damaged".into() })
}

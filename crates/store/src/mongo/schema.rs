//! Which shape the documents have: the number in `meta`, so that an older program leaves alone what it
//! would take for something else.
//!
//! So far every shape reads those before it as they are, and writes over nothing: groups have a name,
//! roles and settings since 2, and where they are missing there is a rule; invitations are there since 3;
//! messages can be pinned, and mean somebody, since 4, as which there are invitations into groups, it is noted who
//! blocks whom, a member keeps something of a conversation alone (`prefs`), and messages have files and say what they
//! hold besides words (`indexes` notes it on older ones). A step that has to rewrite documents would stand here, before the number is raised: one that is cut short begins again.

use super::{
    Db,
    error::answered,
    open::{OpenError, refusal},
};
use mongodb::{Collection, bson::doc, options::UpdateOptions};
use serde::{Deserialize, Serialize};

/// The newest shape that this program knows.
const KNOWN: i64 = 4;
/// The document that holds the number.
const SCHEMA: &str = "schema";

/// What is known of the database as a whole.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct MetaDocument {
    #[serde(rename = "_id")]
    id: String,
    version: i64,
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

//! MongoDB: the store for those who run one already.
//!
//! Every change is one atomic write of one document, so a standalone server, a replica set and a
//! sharded cluster behave alike. A write waits for a majority and its journal; a read sees only
//! what a majority has. Each noun has its own file, which holds nothing but commands and
//! documents. What failed without an answer is tried again ([`tries`]), because the database may
//! have done it.

mod conversations;
mod documents;
mod erasure;
mod error;
mod file_documents;
mod files;
mod friendships;
mod gate;
mod group_invitations;
mod groups;
mod indexes;
mod invitations;
mod lanes;
mod messages;
mod open;
mod partings;
mod preferences;
mod read_cursors;
mod schema;
mod secret;
mod sent_files;
mod sessions;
mod tries;
mod users;

use crate::{Result, Store, StoreError};
use documents::{
    AccountDocument, CursorDocument, EndingsDocument, FriendshipDocument, MessageDocument, PartingDocument,
    SessionDocument,
};
use error::{Failure, answered};
use file_documents::FileDocument;
use gate::Gate;
use group_invitations::InviteDocument;
use invitations::InvitationDocument;
use lanes::Lanes;
use mongodb::{Client, Collection, bson::doc, options::ReadConcern};
pub use open::OpenError;
use preferences::PrefsDocument;
use std::future::Future;
use tokio::task::AbortHandle;

/// The store in a database. Keeps its connections until [`Store::close`] or until it is dropped.
pub struct MongoStore {
    db: Db,
    gate: Gate,
    lanes: Lanes,
    /// By user: what is counted over all that somebody has is changed one after the other.
    counting: Lanes,
    erasing: AbortHandle,
    secret: [u8; 32],
}

/// A cheap handle to the collections.
#[derive(Clone)]
struct Db {
    client: Client,
    /// Sees only what cannot be lost any more.
    durable: ReadConcern,
    users: Collection<AccountDocument>,
    sessions: Collection<SessionDocument>,
    friendships: Collection<FriendshipDocument>,
    invitations: Collection<InvitationDocument>,
    group_invitations: Collection<InviteDocument>,
    messages: Collection<MessageDocument>,
    files: Collection<FileDocument>,
    read_cursors: Collection<CursorDocument>,
    prefs: Collection<PrefsDocument>,
    session_endings: Collection<EndingsDocument>,
    partings: Collection<PartingDocument>,
    secrets: Collection<secret::SecretDocument>,
    meta: Collection<schema::MetaDocument>,
}

impl MongoStore {
    /// Connects to the server or servers that `uri` names and makes the indexes that are missing
    /// in `database`. Waits up to half a minute for a server that does not answer. Erases what an
    /// earlier run was to erase, meanwhile and until it is closed.
    pub async fn open(uri: &str, database: &str) -> std::result::Result<Self, OpenError> {
        let db = open::connect(uri, database).await?;
        let secret = secret::of(&db).await?;
        let lanes = Lanes::new();
        let erasing = tokio::spawn(erasure::keep_finishing(db.clone(), lanes.clone())).abort_handle();
        Ok(Self { db, gate: Gate::new(), lanes, counting: Lanes::new(), erasing, secret })
    }

    /// Runs `work` unless the store is closed.
    async fn read<T>(&self, work: impl Future<Output = std::result::Result<T, Failure>>) -> Result<T> {
        let _inside = self.gate.enter().await?;
        Ok(work.await?)
    }

    /// Runs `work` to its end, also if this future is dropped.
    async fn write<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let inside = self.gate.enter().await?;
        let writing = tokio::spawn(async move {
            let _inside = inside;
            work.await
        });
        writing.await.unwrap_or_else(|error| Err(StoreError::Broken(error.to_string())))
    }
}

impl Drop for MongoStore {
    fn drop(&mut self) {
        self.erasing.abort();
    }
}

#[async_trait::async_trait]
impl Store for MongoStore {
    async fn check_ready(&self) -> Result<()> {
        let hello =
            async { answered(self.db.client.database("admin").run_command(doc! { "hello": 1 })).await };
        let hello = self.read(hello).await.map_err(|error| StoreError::Unavailable(error.to_string()))?;
        match hello.get_bool("isWritablePrimary") {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(StoreError::Unavailable("the server takes no writes".into())),
        }
    }

    async fn secret(&self) -> Result<[u8; 32]> {
        Ok(self.secret)
    }

    async fn close(&self) {
        self.erasing.abort();
        self.gate.close().await;
        open::disconnect(self.db.client.clone()).await;
    }
}

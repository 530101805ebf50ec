//! Connecting, and what can be wrong with the server that the settings name.

use super::{
    Db,
    error::{Failure, MAJORITY, answered},
    indexes,
};
use mongodb::{
    Client,
    bson::doc,
    error::ErrorKind,
    options::{
        Acknowledgment, ClientOptions, CollectionOptions, ReadConcern, ReadPreference, SelectionCriteria,
        WriteConcern,
    },
};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long a start waits for a server that does not answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// The pause between two tries.
const PAUSE: Duration = Duration::from_secs(1);
/// How long to look for a server that takes writes, and to wait for a connection to it.
const CONNECT: Duration = Duration::from_secs(5);
/// The most connections to each server.
const CONNECTIONS: u32 = 32;

/// Why a database cannot be used; each text is a sentence for the person who starts the server.
/// None holds the URI, which may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URI cannot be read.
    #[error("MONGODB_URI cannot be used: {reason}.")]
    Uri {
        /// What the driver says.
        reason: String,
    },
    /// Nobody answers, or nobody who takes writes.
    #[error("MongoDB cannot be reached: {reason}. Start it, or correct MONGODB_URI.")]
    Unreachable {
        /// What the driver says.
        reason: String,
    },
    /// The server does not let us in, or not do what is needed.
    #[error("MongoDB refuses to serve: {reason}.")]
    Refused {
        /// What the server says.
        reason: String,
    },
    /// An index is missing or different.
    #[error("The index {keys} of the collection {collection} cannot be used or made: {reason}.")]
    Index {
        /// The collection.
        collection: String,
        /// The index's keys.
        keys: String,
        /// What the server says.
        reason: String,
    },
}

/// Connects, waiting for a server that does not answer yet, and makes the indexes.
pub(super) async fn connect(uri: &str, database: &str) -> Result<Db, OpenError> {
    let patience = Instant::now() + PATIENCE;
    loop {
        let outcome = attempt(uri, database).await;
        match outcome {
            Err(OpenError::Unreachable { reason }) if Instant::now() < patience => {
                let seconds = (patience - Instant::now()).as_secs();
                tracing::warn!(%reason, "MongoDB cannot be reached; trying again for {seconds} s");
                sleep(PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}

async fn attempt(uri: &str, database: &str) -> Result<Db, OpenError> {
    let options = options(uri).await?;
    let servers: Vec<_> = options.hosts.iter().map(ToString::to_string).collect();
    let client =
        Client::with_options(options).map_err(|error| OpenError::Uri { reason: error.kind.to_string() })?;
    let db = collections(client, database);
    let ready = async {
        answered(db.client.database("admin").run_command(doc! { "ping": 1 })).await.map_err(refusal)?;
        // The driver pings whoever lets it in; whether it may look, the first look shows.
        answered(db.users.find_one(doc! { "_id": 0 })).await.map_err(refusal)?;
        indexes::make(&db).await
    };
    match ready.await {
        Ok(()) => {
            tracing::info!(servers = servers.join(","), database, "connected to MongoDB");
            Ok(db)
        }
        Err(error) => {
            db.client.shutdown().immediate(true).await;
            Err(error)
        }
    }
}

/// What the URI says, and what it does not decide: a write is acknowledged once it is durable on a
/// majority, and everything is read where it is written.
async fn options(uri: &str) -> Result<ClientOptions, OpenError> {
    let parsed = ClientOptions::parse(uri).await;
    let mut options = parsed.map_err(|error| match error.kind.as_ref() {
        ErrorKind::DnsResolve { .. } => OpenError::Unreachable { reason: error.kind.to_string() },
        // What the driver quotes may be a part of the password that it took for something else.
        _ if uri.contains('@') => OpenError::Uri {
            reason: "it cannot be understood; in user and password write : / ? # [ ] @ % as %3A and so on"
                .into(),
        },
        kind => OpenError::Uri { reason: kind.to_string() },
    })?;
    options.app_name.get_or_insert_with(|| "sotto".into());
    options.max_pool_size.get_or_insert(CONNECTIONS);
    options.connect_timeout.get_or_insert(CONNECT);
    options.server_selection_timeout.get_or_insert(CONNECT);
    // We try again ourselves, also where the driver would not, and must know that we did.
    options.retry_writes = Some(false);
    options.selection_criteria = Some(SelectionCriteria::ReadPreference(ReadPreference::Primary));
    Ok(options)
}

fn collections(client: Client, database: &str) -> Db {
    let durable =
        WriteConcern::builder().w(Acknowledgment::Majority).journal(true).w_timeout(MAJORITY).build();
    let options = CollectionOptions::builder()
        .write_concern(durable)
        .read_concern(ReadConcern::majority())
        .selection_criteria(SelectionCriteria::ReadPreference(ReadPreference::Primary))
        .build();
    let database = client.database(database);
    Db {
        users: database.collection_with_options("users", options.clone()),
        sessions: database.collection_with_options("sessions", options.clone()),
        friendships: database.collection_with_options("friendships", options.clone()),
        messages: database.collection_with_options("messages", options.clone()),
        read_cursors: database.collection_with_options("read_cursors", options),
        client,
    }
}

fn refusal(failure: Failure) -> OpenError {
    match failure {
        Failure::Unknown(reason) => OpenError::Unreachable { reason },
        Failure::Refused(reason) => OpenError::Refused { reason },
        Failure::Duplicate => OpenError::Refused { reason: "a read met a duplicate".into() },
    }
}

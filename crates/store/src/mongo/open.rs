//! Connecting, and what can be wrong with the server that the settings name.

use super::{
    Db,
    error::{Failure, MAJORITY, answered},
    indexes, schema,
};
use mongodb::{
    Client,
    bson::{Document, doc},
    error::ErrorKind,
    options::{
        Acknowledgment, ClientOptions, CollectionOptions, ReadConcern, ReadPreference, SelectionCriteria,
        WriteConcern,
    },
};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// How long a start waits for a server that does not answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// The pause between two tries.
const PAUSE: Duration = Duration::from_secs(1);
/// How long to look for a server that takes writes, and to wait for a connection to it.
const CONNECT: Duration = Duration::from_secs(5);
/// How long an end waits until the connections are closed.
const FAREWELL: Duration = Duration::from_secs(3);
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
    /// A newer program has written the database.
    #[error(
        "The database has schema version {found}, but this program only knows versions up to {known}: start the \
         newer program that wrote it, or restore an older backup."
    )]
    Newer {
        /// The database's version.
        found: i64,
        /// The newest that this program knows.
        known: i64,
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
    let ready = async {
        let hello = answered(client.database("admin").run_command(doc! { "hello": 1 })).await;
        let db = collections(client.clone(), database, durable(&hello.map_err(refusal)?));
        // Anybody is greeted; whether one may look, the first look shows.
        answered(db.users.find_one(doc! { "_id": 0 })).await.map_err(refusal)?;
        schema::refuse_newer(&db.meta).await?;
        indexes::make(&db).await?;
        schema::mark(&db).await?;
        Ok(db)
    };
    let ready = ready.await;
    match &ready {
        Ok(_) => tracing::info!(servers = servers.join(","), database, "connected to MongoDB"),
        Err(_) => disconnect(client).await,
    }
    ready
}

/// Closes the connections, and does not wait for ever: the driver's own end waits for each of its tasks, and for a
/// server that no longer answers. What is open then ends with the program.
pub(super) async fn disconnect(client: Client) {
    if timeout(FAREWELL, client.shutdown().immediate(true).into_future()).await.is_err() {
        tracing::warn!("the connections to MongoDB could not be closed in time");
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

/// What a majority has; a server that stands alone is one, and knows no other.
fn durable(hello: &Document) -> ReadConcern {
    let stands_alone = !hello.contains_key("setName") && hello.get_str("msg").ok() != Some("isdbgrid");
    if stands_alone { ReadConcern::local() } else { ReadConcern::majority() }
}

fn collections(client: Client, database: &str, durable: ReadConcern) -> Db {
    let acknowledged =
        WriteConcern::builder().w(Acknowledgment::Majority).journal(true).w_timeout(MAJORITY).build();
    let options = CollectionOptions::builder()
        .write_concern(acknowledged)
        .read_concern(durable.clone())
        .selection_criteria(SelectionCriteria::ReadPreference(ReadPreference::Primary))
        .build();
    let database = client.database(database);
    Db {
        users: database.collection_with_options("users", options.clone()),
        sessions: database.collection_with_options("sessions", options.clone()),
        friendships: database.collection_with_options("friendships", options.clone()),
        invitations: database.collection_with_options("invitations", options.clone()),
        group_invitations: database.collection_with_options("group_invitations", options.clone()),
        messages: database.collection_with_options("messages", options.clone()),
        files: database.collection_with_options("files", options.clone()),
        read_cursors: database.collection_with_options("read_cursors", options.clone()),
        prefs: database.collection_with_options("prefs", options.clone()),
        session_endings: database.collection_with_options("session_endings", options.clone()),
        partings: database.collection_with_options("partings", options.clone()),
        secrets: database.collection_with_options("secrets", options.clone()),
        meta: database.collection_with_options("meta", options),
        client,
        durable,
    }
}

pub(super) fn refusal(failure: Failure) -> OpenError {
    match failure {
        Failure::Unknown(reason) => OpenError::Unreachable { reason },
        Failure::Refused(reason) => OpenError::Refused { reason },
        Failure::Duplicate => OpenError::Refused { reason: "a read met a duplicate".into() },
    }
}

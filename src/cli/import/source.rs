//! The old database, which is only read.

use crate::{
    cli::import::{Outcome, rows::Row},
    kit::config::Mongo,
};
use futures::{Stream, TryStreamExt};
use mongodb::{
    Client, Database,
    bson::{Document, RawDocumentBuf, doc},
    error::{Error, ErrorKind},
    options::ClientOptions,
};
use std::time::Duration;

/// How long to look for the server, and to wait for a connection to it.
const CONNECT: Duration = Duration::from_secs(10);
/// The collections that are read.
const COLLECTIONS: [&str; 4] = ["users", "contacts", "friend_requests", "messages"];
/// What the database is called if nobody says.
const USUAL_NAME: &str = "chatroom_db";

pub struct Source(Database);

impl Source {
    /// Connects. Errors: there is no such database.
    pub async fn open(uri: &str, name: Option<&str>) -> Outcome<Self> {
        let options = options(uri).await?;
        let name = name.or(options.default_database.as_deref()).unwrap_or(USUAL_NAME).to_owned();
        let database = Client::with_options(options).map_err(|error| cannot("used", &error))?.database(&name);
        let names = database.list_collection_names().await.map_err(|error| cannot("read", &error))?;
        if !names.iter().any(|name| name == "users") {
            return Err(
                format!("there are no users in the database {name:?}: say its name with --database").into()
            );
        }
        Ok(Self(database))
    }

    /// The rows of a collection in an order that never changes.
    pub async fn rows(
        &self,
        collection: &str,
        order: Document,
    ) -> Outcome<impl Stream<Item = Outcome<Row>> + Unpin> {
        let rows = self.0.collection::<RawDocumentBuf>(collection);
        let found = rows.find(Document::new()).sort(order).allow_disk_use(true).await;
        let found = found.map_err(|error| cannot("read", &error))?;
        Ok(found.map_ok(|raw| Row::read(&raw)).map_err(|error| cannot("read", &error).into()))
    }

    /// The collections that nothing was read from.
    pub async fn unread_collections(&self) -> Vec<String> {
        let mut names = self.0.list_collection_names().await.unwrap_or_default();
        names.retain(|name| !COLLECTIONS.contains(&name.as_str()) && !name.starts_with("system."));
        names.sort_unstable();
        names
    }
}

/// Whether Sotto has written to this database before. Errors: it is an old one, by whatever name
/// its server is called here.
pub async fn is_in_use(target: &Mongo) -> Outcome<bool> {
    let cannot = |error: Error| format!("MongoDB cannot be read: {}", error.kind);
    // What is wrong with the URI, opening the store says best.
    let Ok(options) = ClientOptions::parse(&target.uri).await else { return Ok(true) };
    let database = Client::with_options(options).map_err(cannot)?.database(&target.database);
    let users = database.collection::<RawDocumentBuf>("users");
    if users.find_one(doc! { "_id": { "$type": "objectId" } }).await.map_err(cannot)?.is_some() {
        let name = &target.database;
        return Err(
            format!("{name} is an old database itself: choose another DATABASE_NAME for Sotto").into()
        );
    }
    let names = database.list_collection_names().await.map_err(cannot)?;
    Ok(names.iter().any(|name| name == "friendships"))
}

async fn options(uri: &str) -> Outcome<ClientOptions> {
    let mut options = ClientOptions::parse(uri).await.map_err(|error| match error.kind.as_ref() {
        ErrorKind::DnsResolve { .. } => cannot("found", &error),
        // What the driver quotes may be a part of the password that it took for something else.
        _ => {
            "the old database's URI cannot be understood; in user and password write : / ? # [ ] @ % as %3A \
              and so on"
                .into()
        }
    })?;
    options.app_name.get_or_insert_with(|| "sotto import-chatroom".into());
    options.connect_timeout.get_or_insert(CONNECT);
    options.server_selection_timeout.get_or_insert(CONNECT);
    Ok(options)
}

fn cannot(what: &str, error: &Error) -> String {
    format!("the old database cannot be {what}: {}", error.kind)
}

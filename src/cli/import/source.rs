//! The old database, which is only read.

use super::{Outcome, rows::Row};
use crate::web::config::Mongo;
use futures::{Stream, TryStreamExt};
use mongodb::{
    Client, Database,
    bson::{Document, RawDocumentBuf},
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
    /// Connects. Errors: there is no such database, or it is the one that would be written.
    pub async fn open(uri: &str, name: Option<&str>, target: Option<&Mongo>) -> Outcome<Self> {
        let options = options(uri).await?;
        let name = name.or(options.default_database.as_deref()).unwrap_or(USUAL_NAME).to_owned();
        if let Some(target) = target.filter(|target| target.database == name) {
            let own = ClientOptions::parse(&target.uri).await.map(|own| own.hosts).unwrap_or_default();
            if own.iter().any(|host| options.hosts.contains(host)) {
                return Err(format!(
                    "{name} is the database that Sotto would write to: choose another DATABASE_NAME for Sotto"
                )
                .into());
            }
        }
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

/// Whether a database has a collection.
pub async fn has_collection(mongo: &Mongo, collection: &str) -> Outcome<bool> {
    let client = Client::with_options(options(&mongo.uri).await?)?;
    let names = client.database(&mongo.database).list_collection_names().await;
    let names = names.map_err(|error| format!("MongoDB cannot be read: {}", error.kind))?;
    Ok(names.iter().any(|name| name == collection))
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

//! The old database, which is only read.

use crate::cli::import::{CommandResult, rows::Row};
use futures::{Stream, StreamExt, TryStreamExt, stream::BoxStream};
use mongodb::{
    Client, Collection, Database,
    bson::{Bson, Document, RawDocumentBuf, doc},
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

/// So many rows are fetched again at a time.
const BATCH: usize = 500;

pub struct Source(Database);

impl Source {
    /// Connects. Errors: there is no such database.
    pub async fn open(uri: &str, name: Option<&str>) -> CommandResult<Self> {
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
    ) -> CommandResult<impl Stream<Item = CommandResult<Row>> + Unpin> {
        let rows = self.0.collection::<RawDocumentBuf>(collection);
        let found = rows.find(Document::new()).sort(order).allow_disk_use(true).await;
        let found = found.map_err(|error| cannot("read", &error))?;
        Ok(found.map_ok(|raw| Row::read(&raw)).map_err(|error| cannot("read", &error).into()))
    }

    /// The rows of a collection by what a field says as a date. MongoDB sorts dates, texts and numbers apart:
    /// where there are several of these, the rows' ids are sorted here, in memory, and fetched again.
    pub async fn in_order_of_time<'a>(
        &'a self,
        collection: &'a str,
        field: &'a str,
    ) -> CommandResult<BoxStream<'a, CommandResult<Row>>> {
        let order = doc! { field: 1, "_id": 1 };
        let others = doc! { field: { "$exists": true, "$not": { "$type": "date" } } };
        let rows = self.0.collection::<RawDocumentBuf>(collection);
        let other = rows.find_one(others).await.map_err(|error| cannot("read", &error))?;
        if other.is_none() {
            return Ok(self.rows(collection, order).await?.boxed());
        }
        let mut ids = Vec::new();
        let mut found = self.rows(collection, order).await?;
        while let Some(row) = found.try_next().await? {
            // What has no date is told of last.
            ids.push((row.date(field).map_or(i64::MAX, |at| at.0), row.raw_id().cloned()));
        }
        ids.sort_by_key(|(at, _)| *at);
        let batches: Vec<Vec<Bson>> =
            ids.chunks(BATCH).map(|ids| ids.iter().filter_map(|(_, id)| id.clone()).collect()).collect();
        let fetched = futures::stream::iter(batches).then(move |ids| {
            let rows = rows.clone();
            async move { fetch(&rows, ids).await }
        });
        Ok(fetched.map_ok(|rows| futures::stream::iter(rows.into_iter().map(Ok))).try_flatten().boxed())
    }

    /// The collections that nothing was read from.
    pub async fn unread_collections(&self) -> Vec<String> {
        let mut names = self.0.list_collection_names().await.unwrap_or_default();
        names.retain(|name| !COLLECTIONS.contains(&name.as_str()) && !name.starts_with("system."));
        names.sort_unstable();
        names
    }
}

/// Rows by their ids, in the order of these.
async fn fetch(rows: &Collection<RawDocumentBuf>, ids: Vec<Bson>) -> CommandResult<Vec<Row>> {
    let found = rows.find(doc! { "_id": { "$in": &ids } }).await.map_err(|error| cannot("read", &error))?;
    let found: Vec<RawDocumentBuf> = found.try_collect().await.map_err(|error| cannot("read", &error))?;
    let mut found: Vec<_> = found.iter().map(Row::read).collect();
    let place = |row: &Row| ids.iter().position(|id| Some(id) == row.raw_id()).unwrap_or(ids.len());
    found.sort_by_cached_key(place);
    Ok(found)
}

async fn options(uri: &str) -> CommandResult<ClientOptions> {
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

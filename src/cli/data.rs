//! The store that a command works on.

use crate::{
    cli::CommandResult,
    kit::{Config, config::Mongo},
};
use mongodb::{
    Client,
    bson::{RawDocumentBuf, doc},
    error::Error,
    options::ClientOptions,
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{
    Store,
    bytes::{
        Bytes,
        folder::Folder,
        s3::{Bucket, S3},
    },
    embedded::{EmbeddedStore, Lock},
    mongo::MongoStore,
};

/// The folder of the embedded store, for what is done with its files. Errors: the data is in
/// MongoDB.
pub fn folder(config: &Config) -> CommandResult<&Path> {
    match &config.mongo {
        Some(_) => Err(format!(
            "the data is in MongoDB (MONGODB_URI): use mongodump and mongorestore, and after mongodump copy {}",
            place(config)
        )
        .into()),
        None => Ok(&config.data),
    }
}

/// The folder with the bytes of files, wherever the rest of the data is.
pub fn files(config: &Config) -> PathBuf {
    Folder::within(&config.data)
}

/// Where the bytes of files are, in words.
pub fn place(config: &Config) -> String {
    match &config.bucket {
        Some(bucket) => format!("the bucket {}", bucket.name),
        None => files(config).display().to_string(),
    }
}

/// Keeps other servers out of the data for as long as the answer is held; a database serves many.
pub fn lock(config: &Config) -> CommandResult<Option<Lock>> {
    match &config.mongo {
        Some(_) => Ok(None),
        None => Ok(Some(Lock::take(&config.data)?)),
    }
}

/// Opens the store, and makes one where there is none.
pub async fn open_or_make(config: &Config) -> CommandResult<Arc<dyn Store>> {
    Ok(match &config.mongo {
        Some(mongo) => Arc::new(MongoStore::open(&mongo.uri, &mongo.database).await?),
        None => Arc::new(EmbeddedStore::open(&config.data)?),
    })
}

/// Opens the place of the bytes of files. Errors: there is none, or it cannot be used.
pub async fn bytes(config: &Config) -> CommandResult<Arc<dyn Bytes>> {
    let folder = Folder::open(files(config))?;
    Ok(match &config.bucket {
        Some(settings) => Arc::new(bucket(settings, folder).await?),
        None => Arc::new(folder),
    })
}

/// Opens a bucket, with the folder for what is on its way there. Errors: it cannot be written, read and erased from.
pub async fn bucket(settings: &Bucket, folder: Folder) -> CommandResult<S3> {
    let s3 = S3::over(settings, folder)?;
    s3.check().await.map_err(|error| format!("the bucket {} (SOTTO_FILES): {error}", settings.name))?;
    Ok(s3)
}

/// Opens the store that is there. Errors: there is none; a mistyped folder must not become one.
pub async fn open(config: &Config) -> CommandResult<Arc<dyn Store>> {
    if config.mongo.is_none() && !EmbeddedStore::is_in(&config.data) {
        return Err(format!(
            "there is no data in {}: name its folder with --data, or start sotto once",
            config.data.display()
        )
        .into());
    }
    open_or_make(config).await
}

/// Whether Sotto has written to this database before. Errors: it is an old one, by whatever name
/// its server is called here.
pub async fn is_in_use(target: &Mongo) -> CommandResult<bool> {
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

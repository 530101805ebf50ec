//! The store that a command works on.

use crate::{cli::CommandResult, kit::Config};
use std::{path::Path, sync::Arc};
use store::{
    Store,
    bytes::{Bytes, folder::Folder, s3::S3},
    embedded::{EmbeddedStore, Lock},
    mongo::MongoStore,
};

/// The folder of the embedded store, for what is done with its files. Errors: the data is in
/// MongoDB.
pub fn folder(config: &Config) -> CommandResult<&Path> {
    match &config.mongo {
        Some(_) => Err("the data is in MongoDB (MONGODB_URI): use mongodump and mongorestore".into()),
        None => Ok(&config.data),
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
    let folder = Folder::open(config.data.join("files"))?;
    Ok(match &config.bucket {
        Some(bucket) => {
            let s3 = S3::over(bucket, folder)?;
            s3.check().await.map_err(|error| format!("the bucket {} (SOTTO_FILES): {error}", bucket.name))?;
            Arc::new(s3)
        }
        None => Arc::new(folder),
    })
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

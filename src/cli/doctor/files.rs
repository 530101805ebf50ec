//! Whether what the store knows of files and the bytes that lie beside it agree, from both sides. Nothing is changed:
//! what a store that was put back from an older copy does not know, no program may erase unasked.

use super::{
    Finding::{self, Fail, Ok as Fine, Warn},
    PATIENCE,
};
use crate::{
    cli::{CommandResult, data},
    kit::Config,
};
use model::{id::FileId, words::size};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};
use store::{
    FileState, Store,
    bytes::{Noted, folder::Folder},
    embedded::{EmbeddedStore, backup::NotedFiles},
    mongo::MongoStore,
};
use tokio::time::timeout;

/// So many are named of those that are not as they should be.
const NAMED: usize = 5;
/// So many rows are read at a time.
const PAGE: usize = 500;

/// What knows of files.
enum Known {
    /// A data file, which is only read.
    Data(NotedFiles),
    /// A database.
    Store(Arc<dyn Store>),
}

/// A line for the files that the store knows, and one for the bytes that lie there. None: there is no store yet, or
/// another line says what is wrong with it.
pub async fn examine(config: &Config) -> Vec<(&'static str, Finding)> {
    let known = match known(config).await {
        Ok(Some(known)) => known,
        Ok(None) => return Vec::new(),
        Err(error) => return vec![("files", Fail(error.to_string()))],
    };
    let folder = Folder::at(data::files(config));
    let failed = |error: Box<dyn std::error::Error>| Fail(error.to_string());
    let findings = vec![
        ("files", rows(&known, &folder).await.unwrap_or_else(failed)),
        ("bytes", bytes(config, &known, &folder).await.unwrap_or_else(failed)),
    ];
    if let Known::Store(store) = known {
        store.close().await;
    }
    findings
}

async fn known(config: &Config) -> CommandResult<Option<Known>> {
    let Some(mongo) = &config.mongo else {
        let file = EmbeddedStore::file_in(&config.data);
        return Ok(if file.is_file() { NotedFiles::of(&file).ok().map(Known::Data) } else { None });
    };
    let open = async {
        // Looking makes no collections.
        if !data::is_in_use(mongo).await? {
            return Ok(None);
        }
        let store: Arc<dyn Store> = Arc::new(MongoStore::open(&mongo.uri, &mongo.database).await?);
        Ok(Some(Known::Store(store)))
    };
    timeout(PATIENCE, open).await.map_err(|_| "MongoDB does not answer in time")?
}

impl Known {
    /// The next files whose bytes are to be there.
    async fn after(&self, last: Option<FileId>) -> CommandResult<Vec<Noted>> {
        Ok(match self {
            Self::Data(data) => data.after(last)?,
            Self::Store(store) => store.noted_files(last, PAGE).await?,
        })
    }

    /// Whether the bytes of a file are to be there, as it is now.
    async fn has(&self, id: FileId) -> CommandResult<bool> {
        Ok(match self {
            Self::Data(data) => data.has(id)?,
            Self::Store(store) => {
                store.file(id).await?.is_some_and(|file| file.state != FileState::Uploading)
            }
        })
    }

    /// Those of which anything is known.
    async fn known_of(&self, ids: &[FileId]) -> CommandResult<BTreeSet<FileId>> {
        match self {
            Self::Data(data) => {
                let known = ids.iter().map(|id| Ok(data.knows(*id)?.then_some(*id)));
                known.filter_map(CommandResult::transpose).collect()
            }
            Self::Store(store) => Ok(store.known_files(ids).await?.into_iter().collect()),
        }
    }
}

/// Whether every file has its bytes.
async fn rows(known: &Known, folder: &Folder) -> CommandResult<Finding> {
    let (mut all, mut sum, mut last) = (0_u64, 0_u64, None);
    let mut faulty = Named::default();
    loop {
        let page = known.after(last).await?;
        let Some(newest) = page.last() else { break };
        last = Some(newest.id);
        for noted in &page {
            (all, sum) = (all + 1, sum.saturating_add(noted.size));
            if let Some(fault) = folder.look(noted)
                // It may have been erased meanwhile.
                && known.has(noted.id).await?
            {
                faulty.add(|| format!("{}: {fault}", noted.id));
            }
        }
    }
    Ok(match (all, faulty.all) {
        (0, _) => Fine("there are none".into()),
        (all, 0) => Fine(format!("{all}, {} in all, with their bytes", size(sum))),
        (all, faulty_ones) => Fail(format!(
            "{faulty_ones} of {all} are not as they should be ({faulty}): restore a backup that has their bytes, or have \
             the messages deleted and sent again"
        )),
    })
}

/// Whether all bytes are those of a file, and how many there are.
async fn bytes(config: &Config, known: &Known, folder: &Folder) -> CommandResult<Finding> {
    let (mut sum, mut strange) = (0_u64, 0_u64);
    let mut unknown = Named::default();
    for last in 0..=u8::MAX {
        let mut parts = BTreeMap::<FileId, Vec<PathBuf>>::new();
        for (id, path) in folder.parts(last)? {
            parts.entry(id).or_default().push(path);
        }
        let ids: Vec<_> = parts.keys().copied().collect();
        let known = known.known_of(&ids).await?;
        for (id, paths) in parts {
            let kept = |path: &PathBuf| path.symlink_metadata().map_or(0, |is| is.len());
            let bytes: u64 = paths.iter().map(kept).sum();
            sum = sum.saturating_add(bytes);
            // What was forgotten meanwhile lies there no more.
            if !known.contains(&id) && paths.iter().any(|path| path.symlink_metadata().is_ok()) {
                strange = strange.saturating_add(bytes);
                unknown.add(|| paths[0].display().to_string());
            }
        }
    }
    let place = data::files(config);
    Ok(match unknown.all {
        0 => Fine(format!("{} in {}, all of files that the store knows", size(sum), place.display())),
        _ => Warn(format!(
            "{} in {}; {} of these belong to nothing that the store knows, as after an older copy of it was put \
             back ({unknown}): move them away, unless what knows them is to be restored",
            size(sum),
            place.display(),
            size(strange)
        )),
    })
}

/// How many there are of something, and what the first of them are called.
#[derive(Default)]
struct Named {
    all: u64,
    first: Vec<String>,
}

impl Named {
    fn add(&mut self, name: impl FnOnce() -> String) {
        self.all += 1;
        if self.first.len() < NAMED {
            self.first.push(name());
        }
    }
}

impl std::fmt::Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.first.join("; "))?;
        match self.all - self.first.len() as u64 {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

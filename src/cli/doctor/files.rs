//! Whether what the store knows of files and the bytes that lie in a folder or a bucket agree, from both sides. Nothing is changed:
//! what a store that was put back from an older copy does not know, no program may erase unasked.

use super::{
    Finding::{self, Fail, Ok as Fine, Warn},
    PATIENCE,
};
use crate::{
    cli::{CommandResult, data},
    kit::Config,
};
use futures::{StreamExt, stream};
use model::{id::FileId, words::size};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};
use store::{
    FileState, Store,
    bytes::{Bytes, Fault, Noted, folder::Folder, s3::S3},
    embedded::{EmbeddedStore, backup::NotedFiles},
    mongo::MongoStore,
};
use tokio::time::timeout;

/// So many are named of those that are not as they should be.
const NAMED: usize = 5;
/// So many rows are read at a time.
const PAGE: usize = 500;

/// So many questions are asked of a bucket at the same time.
const AT_ONCE: usize = 16;

/// Where the bytes are.
enum Place {
    Folder(Folder),
    Bucket(S3),
}

/// Something that lies there.
struct Lying {
    name: String,
    bytes: u64,
}

impl Place {
    async fn of(config: &Config) -> CommandResult<Self> {
        let path = data::files(config);
        Ok(match &config.bucket {
            // What is on its way there lies in a folder, which is made.
            Some(bucket) => Self::Bucket(data::bucket(bucket, Folder::open(path)?).await?),
            None => Self::Folder(Folder::at(path)),
        })
    }

    /// What is wrong with each.
    async fn look(&self, noted: &[Noted]) -> Vec<Option<Fault>> {
        match self {
            Self::Folder(folder) => noted.iter().map(|noted| folder.look(noted)).collect(),
            Self::Bucket(bucket) => {
                stream::iter(noted).map(|noted| bucket.look(noted)).buffered(AT_ONCE).collect().await
            }
        }
    }

    /// What lies there of the files whose ids end with this byte.
    async fn lying(&self, last: u8) -> CommandResult<BTreeMap<FileId, Vec<Lying>>> {
        let mut lying = BTreeMap::<FileId, Vec<Lying>>::new();
        match self {
            Self::Folder(folder) => {
                for (id, path) in folder.parts(last)? {
                    let bytes = length(&path);
                    lying.entry(id).or_default().push(Lying { name: path.display().to_string(), bytes });
                }
            }
            Self::Bucket(bucket) => {
                for (id, name, bytes) in bucket.objects(last).await? {
                    lying.entry(id).or_default().push(Lying { name, bytes });
                }
            }
        }
        Ok(lying)
    }

    /// Whether any of it lies there still.
    async fn lies(&self, id: FileId, parts: &[Lying]) -> CommandResult<bool> {
        Ok(match self {
            Self::Folder(_) => parts.iter().any(|part| Path::new(&part.name).symlink_metadata().is_ok()),
            Self::Bucket(bucket) => {
                use store::bytes::Piece::{Thumbnail, Whole};
                bucket.size(id, Whole).await?.is_some() || bucket.size(id, Thumbnail).await?.is_some()
            }
        })
    }
}

fn length(path: &Path) -> u64 {
    path.symlink_metadata().map_or(0, |is| is.len())
}

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
    let place = match Place::of(config).await {
        Ok(place) => place,
        Err(error) => return vec![("bytes", Fail(error.to_string()))],
    };
    let known = match known(config).await {
        Ok(Some(known)) => known,
        Ok(None) => return Vec::new(),
        Err(error) => return vec![("files", Fail(error.to_string()))],
    };
    let failed = |error: Box<dyn std::error::Error>| Fail(error.to_string());
    let findings = vec![
        ("files", rows(&known, &place).await.unwrap_or_else(failed)),
        ("bytes", bytes(config, &known, &place).await.unwrap_or_else(failed)),
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
async fn rows(known: &Known, place: &Place) -> CommandResult<Finding> {
    let (mut all, mut sum, mut last) = (0_u64, 0_u64, None);
    let mut faulty = Named::default();
    loop {
        let page = known.after(last).await?;
        let Some(newest) = page.last() else { break };
        last = Some(newest.id);
        for (noted, fault) in page.iter().zip(place.look(&page).await) {
            (all, sum) = (all + 1, sum.saturating_add(noted.size));
            if let Some(fault) = fault
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
async fn bytes(config: &Config, known: &Known, place: &Place) -> CommandResult<Finding> {
    let (mut sum, mut strange) = (0_u64, 0_u64);
    let mut unknown = Named::default();
    for last in 0..=u8::MAX {
        let lying = place.lying(last).await?;
        let ids: Vec<_> = lying.keys().copied().collect();
        let known = known.known_of(&ids).await?;
        for (id, parts) in lying {
            let bytes: u64 = parts.iter().map(|part| part.bytes).sum();
            sum = sum.saturating_add(bytes);
            // What was forgotten meanwhile lies there no more.
            if !known.contains(&id) && place.lies(id, &parts).await? {
                strange = strange.saturating_add(bytes);
                unknown.add(|| parts[0].name.clone());
            }
        }
    }
    let place = data::place(config);
    Ok(match unknown.all {
        0 => Fine(format!("{} in {place}, all of files that the store knows", size(sum))),
        _ => Warn(format!(
            "{} in {place}; {} of these belong to nothing that the store knows, as after an older copy of it was put \
             back ({unknown}): move them away, unless what knows them is to be restored",
            size(sum),
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

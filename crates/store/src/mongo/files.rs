//! Files: what is known of each, from the beginning of its upload until its bytes are erased.

use super::{
    Db, MongoStore,
    documents::{Stored, number, number_of},
    error::{Failure, READ, answered, damaged},
    file_documents::{ERASED, FileDocument},
    sent_files::{self, Verdict, verdict},
    tries::{Tries, repeated},
    users,
};
use crate::{FileFacts, FileLimits, FileState, Files, NewFile, Result, StoreError, StoredFile, bytes::Noted};
use futures::TryStreamExt;
use model::{
    id::{ConversationId, FileId, UserId},
    time::Timestamp,
};
use mongodb::{
    bson::{Binary, Bson, Document, Uuid, doc, spec::BinarySubtype},
    options::Hint,
};
use serde::Deserialize;

/// When an erased file has expired: before all others, so that is where it is found.
const ERASED_AT: Timestamp = Timestamp(0);

#[async_trait::async_trait]
impl Files for MongoStore {
    async fn create_file(&self, new: NewFile, limits: FileLimits) -> Result<()> {
        let owner = ConversationId(new.owner.0);
        self.write(self.counting.run(owner, create(self.db.clone(), new, limits))).await
    }

    async fn file(&self, id: FileId) -> Result<Option<StoredFile>> {
        self.read(find_one(&self.db, id)).await
    }

    async fn files(&self, ids: &[FileId]) -> Result<Vec<StoredFile>> {
        self.read(find(&self.db, ids)).await
    }

    async fn bytes_used(&self, owner: UserId) -> Result<u64> {
        self.read(bytes_used(&self.db, owner)).await
    }

    async fn advance_upload(&self, id: FileId, from: u64, to: u64, expires_at: Timestamp) -> Result<bool> {
        self.write(advance(self.db.clone(), id, from, to, expires_at)).await
    }

    async fn end_upload(&self, id: FileId, received: u64) -> Result<bool> {
        self.write(end(self.db.clone(), id, received)).await
    }

    async fn finish_upload(&self, id: FileId, facts: FileFacts) -> Result<Option<StoredFile>> {
        self.write(finish(self.db.clone(), id, facts)).await
    }

    async fn discard_file(&self, id: FileId, owner: UserId) -> Result<bool> {
        self.write(discard(self.db.clone(), id, owner)).await
    }

    async fn files_to_erase(&self, now: Timestamp, limit: usize) -> Result<Vec<FileId>> {
        self.write(to_erase(self.db.clone(), now, limit)).await
    }

    async fn forget_file(&self, id: FileId) -> Result<bool> {
        self.write(forget(self.db.clone(), id)).await
    }

    async fn known_files(&self, ids: &[FileId]) -> Result<Vec<FileId>> {
        self.read(known(&self.db, ids)).await
    }

    async fn unsent_files(
        &self,
        owner: UserId,
        after: Option<FileId>,
        limit: usize,
    ) -> Result<Vec<StoredFile>> {
        self.read(unsent(&self.db, owner, after, limit)).await
    }

    async fn noted_files(&self, after: Option<FileId>, limit: usize) -> Result<Vec<Noted>> {
        self.read(noted(&self.db, after, limit)).await
    }
}

async fn create(db: Db, new: NewFile, limits: FileLimits) -> Result<()> {
    let owner = new.owner;
    if !users::stay(&db, &[owner]).await? {
        return Err(StoreError::NotFound);
    }
    let uploads = doc! { "owner": owner.bson(), "state": "uploading" };
    if answered(db.files.count_documents(uploads).max_time(READ)).await? >= limits.uploads {
        return Err(StoreError::TooManyUploads);
    }
    if bytes_used(&db, owner).await?.saturating_add(new.size) > limits.quota {
        return Err(StoreError::QuotaExceeded);
    }
    let document = FileDocument::from(&new);
    repeated(|| async {
        match answered(db.files.insert_one(&document)).await {
            // The id is new, so an earlier attempt of this call has put it there.
            Ok(_) | Err(Failure::Duplicate) => Ok(()),
            Err(failure) => Err(failure),
        }
    })
    .await?;
    // An account that goes erases the files that it finds, maybe before this one.
    if !users::stay(&db, &[owner]).await? {
        erase(&db, doc! { "_id": new.id.bson() }).await?;
        return Err(StoreError::NotFound);
    }
    Ok(())
}

async fn bytes_used(db: &Db, owner: UserId) -> std::result::Result<u64, Failure> {
    let sum = [
        doc! { "$match": { "owner": owner.bson() } },
        doc! { "$group": { "_id": null, "bytes": { "$sum": "$size" } } },
    ];
    let sum = db.files.aggregate(sum).max_time(READ);
    let sum: Vec<Document> = answered(async { sum.await?.try_collect().await }).await?;
    sum.first().map_or(Ok(0), |sum| number_of(sum.get_i64("bytes").map_err(damaged)?))
}

/// The files that are not erased. One that is in doubt is as it will be once it is settled.
async fn find(db: &Db, ids: &[FileId]) -> std::result::Result<Vec<StoredFile>, Failure> {
    let ids: Vec<_> = ids.iter().map(|id| id.bson()).collect();
    let find = db.files.find(doc! { "_id": { "$in": ids } }).max_time(READ);
    let found: Vec<FileDocument> = answered(async { find.await?.try_collect().await }).await?;
    let mut files = Vec::new();
    for mut file in found {
        match verdict(db, &file).await? {
            None => {}
            Some(Verdict::Sent) => (file.state, file.expires_at) = ("sent".into(), None),
            Some(Verdict::Free) => file.state = "ready".into(),
            Some(Verdict::Dropped) => continue,
        }
        files.extend(file.record()?);
    }
    Ok(files)
}

async fn find_one(db: &Db, id: FileId) -> std::result::Result<Option<StoredFile>, Failure> {
    Ok(find(db, &[id]).await?.pop())
}

async fn advance(db: Db, id: FileId, from: u64, to: u64, expires_at: Timestamp) -> Result<bool> {
    if to < from {
        return Ok(false);
    }
    let before = doc! {
        "_id": id.bson(), "state": "uploading", "received": number(from), "size": { "$gte": number(to) },
    };
    let change = doc! { "$set": { "received": number(to), "expires_at": expires_at.bson() } };
    let mut tries = Tries::new();
    loop {
        match answered(db.files.update_one(before.clone(), change.clone())).await {
            Ok(outcome) if outcome.matched_count == 0 && tries.doubtful => {
                // An attempt whose answer was lost may have noted it.
                let found = find_one(&db, id).await?;
                let noted = |file: &StoredFile| (file.received, file.expires_at) == (to, Some(expires_at));
                return Ok(found.is_some_and(|file| noted(&file)));
            }
            Ok(outcome) => return Ok(outcome.matched_count == 1),
            Err(failure) => tries.after(failure).await?,
        }
    }
}

async fn end(db: Db, id: FileId, received: u64) -> Result<bool> {
    let before = doc! { "_id": id.bson(), "state": "uploading", "received": number(received) };
    let change = doc! { "$set": { "size": number(received) } };
    // What an attempt has changed whose answer was lost, the next one finds as it was.
    let outcome =
        repeated(|| async { answered(db.files.update_one(before.clone(), change.clone())).await }).await?;
    Ok(outcome.matched_count == 1)
}

/// `None`: there is nothing to finish, and nothing that was finished before.
async fn finish(db: Db, id: FileId, facts: FileFacts) -> Result<Option<StoredFile>> {
    let Some(file) = find_one(&db, id).await? else { return Ok(None) };
    if file.state == FileState::Uploading && file.received == file.size {
        let whole = doc! { "_id": id.bson(), "state": "uploading", "received": number(file.size) };
        let ready = ready(&facts);
        repeated(|| async { answered(db.files.update_one(whole.clone(), ready.clone())).await }).await?;
    }
    // Also what somebody else has made of it meanwhile.
    Ok(find_one(&db, id).await?.filter(|file| file.state != FileState::Uploading))
}

fn ready(facts: &FileFacts) -> Document {
    let mut known = doc! {
        "state": "ready",
        "size": number(facts.size),
        "received": number(facts.size),
        "kind": facts.kind.as_str(),
        "sha256": Binary { subtype: BinarySubtype::Generic, bytes: facts.sha256.to_vec() },
        "expires_at": facts.expires_at.bson(),
    };
    let optional: [(&str, Option<Bson>); 4] = [
        ("width", facts.width.map(|width| i64::from(width).into())),
        ("height", facts.height.map(|height| i64::from(height).into())),
        ("duration", facts.duration.map(|duration| number(duration).into())),
        ("placeholder", facts.placeholder.as_ref().map(|placeholder| placeholder.as_str().into())),
    ];
    known.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    doc! { "$set": known }
}

async fn discard(db: Db, id: FileId, owner: UserId) -> Result<bool> {
    let mut unsent = unsent_of(owner);
    unsent.insert("_id", id.bson());
    erase(&db, unsent).await
}

/// What a user has not sent.
fn unsent_of(owner: UserId) -> Document {
    doc! { "owner": owner.bson(), "state": { "$in": ["uploading", "ready"] } }
}

/// Erases all that was sent in a conversation, whoever did.
pub(super) async fn erase_in(db: &Db, conversation: ConversationId) -> Result<()> {
    erase(db, doc! { "conversation": conversation.bson() }).await.map(drop)
}

/// Erases what a user has not sent whose account goes. What they have sent in groups that they had left before stays
/// with its messages.
pub(super) async fn erase_unsent(db: &Db, owner: UserId) -> Result<()> {
    erase(db, unsent_of(owner)).await.map(drop)
}

/// Erases the files that match; what stays is the note that their bytes are to be. Whether there were any.
pub(super) async fn erase(db: &Db, which: Document) -> Result<bool> {
    let nothing: Document = ERASED.iter().map(|field| ((*field).to_owned(), "".into())).collect();
    let erased = doc! {
        "$set": { "state": "erased", "expires_at": ERASED_AT.bson() },
        "$unset": nothing,
    };
    let mut tries = Tries::new();
    loop {
        match answered(db.files.update_many(which.clone(), erased.clone())).await {
            // An attempt whose answer was lost may have done it.
            Ok(outcome) => return Ok(tries.doubtful || outcome.matched_count > 0),
            Err(failure) => tries.after(failure).await?,
        }
    }
}

async fn to_erase(db: Db, now: Timestamp, limit: usize) -> Result<Vec<FileId>> {
    sent_files::settle_old(&db, now, limit).await?;
    let expired = doc! {
        "expires_at": { "$gt": ERASED_AT.bson(), "$lte": now.bson() },
        "state": { "$in": ["uploading", "ready"] },
    };
    // Asked often, and mostly in vain: then nothing is written.
    if !select(&db, expired.clone(), 1).await?.is_empty() {
        erase(&db, expired).await?;
    }
    Ok(select(&db, doc! { "expires_at": ERASED_AT.bson() }, limit).await?)
}

/// What a sweep wants to know of a file.
#[derive(Deserialize)]
struct IdDocument {
    #[serde(rename = "_id")]
    id: Uuid,
}

/// The ids of those that match, by the index over when they expire.
async fn select(db: &Db, which: Document, limit: usize) -> std::result::Result<Vec<FileId>, Failure> {
    let files = db.files.clone_with_type::<IdDocument>();
    let find = files.find(which).projection(doc! { "_id": 1 });
    let find = find.sort(doc! { "expires_at": 1, "_id": 1 }).limit(number(limit as u64));
    let find = find.hint(Hint::Keys(doc! { "expires_at": 1, "_id": 1 })).max_time(READ);
    let found: Vec<IdDocument> = answered(async { find.await?.try_collect().await }).await?;
    Ok(found.into_iter().map(|file| Stored::of(file.id)).collect())
}

async fn forget(db: Db, id: FileId) -> Result<bool> {
    let mut tries = Tries::new();
    loop {
        match answered(db.files.delete_one(doc! { "_id": id.bson(), "state": "erased" })).await {
            // An attempt whose answer was lost may have deleted it.
            Ok(outcome) => return Ok(tries.doubtful || outcome.deleted_count == 1),
            Err(failure) => tries.after(failure).await?,
        }
    }
}

async fn known(db: &Db, ids: &[FileId]) -> std::result::Result<Vec<FileId>, Failure> {
    let ids: Vec<_> = ids.iter().map(|id| id.bson()).collect();
    let files = db.files.clone_with_type::<IdDocument>();
    let find = files.find(doc! { "_id": { "$in": ids } }).projection(doc! { "_id": 1 }).max_time(READ);
    let found: Vec<IdDocument> = answered(async { find.await?.try_collect().await }).await?;
    Ok(found.into_iter().map(|file| Stored::of(file.id)).collect())
}

/// The next files of a user after this one that are in no message; of one in doubt the message knows more.
async fn unsent(
    db: &Db,
    owner: UserId,
    after: Option<FileId>,
    limit: usize,
) -> std::result::Result<Vec<StoredFile>, Failure> {
    let mut which = unsent_of(owner);
    if let Some(after) = after {
        which.insert("_id", doc! { "$gt": after.bson() });
    }
    let find = db.files.find(which).sort(doc! { "_id": 1 }).limit(number(limit as u64)).max_time(READ);
    let found: Vec<FileDocument> = answered(async { find.await?.try_collect().await }).await?;
    let files = found.into_iter().filter_map(|file| file.record().transpose());
    files.collect()
}

/// The next files after this one whose bytes are to be there: in doubt or not, they are.
async fn noted(db: &Db, after: Option<FileId>, limit: usize) -> std::result::Result<Vec<Noted>, Failure> {
    let mut which = doc! { "state": { "$in": ["ready", "sent"] } };
    if let Some(after) = after {
        which.insert("_id", doc! { "$gt": after.bson() });
    }
    let find = db.files.find(which).sort(doc! { "_id": 1 }).limit(number(limit as u64));
    let find = find.hint(Hint::Keys(doc! { "_id": 1 })).max_time(READ);
    let found: Vec<FileDocument> = answered(async { find.await?.try_collect().await }).await?;
    found.into_iter().map(FileDocument::noted).collect()
}

//! Files and the message that has them: several documents, of which the message is the one that counts.
//!
//! Before it is written, the files that it gets or loses are marked as in doubt; afterwards they are settled as the
//! message says. What a crash leaves in between stays in doubt, and whoever reads or sweeps it asks the message:
//!
//! | in doubt | the message has it | it does not |
//! | --- | --- | --- |
//! | claimed: with a moment at which it expires | it is sent | it is ready again |
//! | being dropped: without one, as all that is sent | it stays sent | it is erased |

use super::{
    Db,
    documents::{Stored, number},
    error::{Failure, READ, answered},
    file_documents::FileDocument,
    files::erase,
    messages,
    tries::repeated,
};
use crate::{NewMessage, Result, StoreError, clock};
use futures::TryStreamExt;
use model::{
    id::{ConversationId, FileId, MessageId},
    message::Message,
    time::Timestamp,
};
use mongodb::bson::{Bson, Document, Uuid, doc};

/// How long whoever has marked a file has time to settle it, in milliseconds: much longer than any write is tried.
const SETTLED_WITHIN: i64 = 10 * 60 * 1000;

/// Claims the files of a new message for it; they are in doubt from now on. Errors: `NotFound`, one of them cannot be
/// sent, and none is claimed.
pub(super) async fn claim(db: &Db, new: &NewMessage) -> Result<()> {
    let files: Vec<_> = new.attachments.iter().map(|attachment| attachment.file).collect();
    for (earlier, file) in files.iter().enumerate() {
        if files[..earlier].contains(file) || !claim_one(db, new, *file).await? {
            give_back(db, new).await;
            return Err(StoreError::NotFound);
        }
    }
    Ok(())
}

async fn claim_one(db: &Db, new: &NewMessage, file: FileId) -> Result<bool> {
    // An earlier call for the same message, or an attempt of this one, may have claimed it.
    let own = of_message(new.conversation, new.id);
    let free = doc! { "_id": file.bson(), "owner": new.sender.bson(), "$or": [{ "state": "ready" }, &own] };
    let mut claimed = own;
    claimed.insert("doubtful_until", doubtful_until());
    let claim = doc! { "$set": claimed };
    let outcome = repeated(|| async { answered(db.files.update_one(free.clone(), claim.clone())).await });
    Ok(outcome.await?.matched_count == 1)
}

/// Gives back what was claimed for a message that is not stored, and will not be.
pub(super) async fn give_back(db: &Db, new: &NewMessage) {
    let mut claimed = of_message(new.conversation, new.id);
    claimed.extend(doc! { "owner": new.sender.bson(), "expires_at": { "$exists": true } });
    left_in_doubt(update(db, claimed, freed()).await);
}

/// Settles what was claimed for a message that is stored: what it has is sent, and the rest ready again.
pub(super) async fn settle_sent(db: &Db, message: &Message) {
    let (has, of_it) = (ids(message), of_message(message.conversation_id, message.id));
    // Also one that somebody has given back meanwhile who saw no message.
    let theirs = doc! {
        "_id": { "$in": &has }, "owner": message.sender.bson(), "$or": [{ "state": "ready" }, &of_it],
    };
    let mut others = of_it.clone();
    others.extend(doc! { "_id": { "$nin": has }, "expires_at": { "$exists": true } });
    let settled = async {
        update(db, theirs, sent(of_it)).await?;
        update(db, others, freed()).await
    };
    left_in_doubt(settled.await);
}

/// Before a message changes: the files that it will not have any more are in doubt. Returns whether there are any.
pub(super) async fn mark_dropped(db: &Db, next: &Message) -> Result<bool> {
    let dropped = dropped(next);
    // Most changes drop none, and a look costs less than a write.
    if answered(db.files.find_one(dropped.clone()).max_time(READ)).await?.is_none() {
        return Ok(false);
    }
    // Whichever was claimed and is not settled yet was sent all the same: the message that changes has it.
    let doubt = doc! { "$set": { "doubtful_until": doubtful_until() }, "$unset": { "expires_at": "" } };
    update(db, dropped, doubt).await?;
    Ok(true)
}

/// After it has changed: they are erased.
pub(super) async fn erase_dropped(db: &Db, message: &Message) {
    left_in_doubt(erase(db, dropped(message)).await.map(drop));
}

fn dropped(next: &Message) -> Document {
    let mut dropped = of_message(next.conversation_id, next.id);
    dropped.insert("_id", doc! { "$nin": ids(next) });
    dropped
}

fn left_in_doubt(settled: Result<()>) {
    if let Err(error) = settled {
        // Whoever reads them asks the message, and a sweep settles them.
        tracing::warn!(%error, "files of a message are left in doubt");
    }
}

fn doubtful_until() -> Bson {
    Timestamp(clock::now().0 + SETTLED_WITHIN).bson()
}

/// What makes those sent that a message has.
fn sent(of_message: Document) -> Document {
    doc! { "$set": of_message, "$unset": { "expires_at": "", "doubtful_until": "" } }
}

/// What makes those ready again that were claimed.
fn freed() -> Document {
    doc! {
        "$set": { "state": "ready" },
        "$unset": { "conversation": "", "message": "", "doubtful_until": "" },
    }
}

/// Changes those that match in a way that may be done twice.
async fn update(db: &Db, which: Document, change: Document) -> Result<()> {
    repeated(|| async { answered(db.files.update_many(which.clone(), change.clone())).await }).await.map(drop)
}

/// What becomes of a file that is in doubt.
pub(super) enum Verdict {
    Sent,
    Free,
    Dropped,
}

/// Asks the message. `None`: the file is not in doubt.
pub(super) async fn verdict(db: &Db, file: &FileDocument) -> std::result::Result<Option<Verdict>, Failure> {
    let (Some(_), Some((conversation, message))) = (file.doubtful_until, file.place()) else {
        return Ok(None);
    };
    let message = messages::by_id(db, conversation, message, db.durable.clone()).await?;
    let has_it = message.is_some_and(|message| ids(&message).contains(&file.id));
    Ok(Some(match (has_it, file.expires_at) {
        (true, _) => Verdict::Sent,
        (false, Some(_)) => Verdict::Free,
        (false, None) => Verdict::Dropped,
    }))
}

/// The files that a message has.
fn ids(message: &Message) -> Vec<Uuid> {
    message.content.attachments().iter().map(|attachment| attachment.file.field()).collect()
}

/// Those that were sent with a message, or are claimed for it.
fn of_message(conversation: ConversationId, message: MessageId) -> Document {
    doc! { "conversation": conversation.bson(), "message": message.bson(), "state": "sent" }
}

/// Settles what is in doubt for too long: whoever has marked it is there no more.
pub(super) async fn settle_old(db: &Db, now: Timestamp, limit: usize) -> Result<()> {
    let find = db.files.find(doc! { "doubtful_until": { "$lte": now.bson() } });
    let find = find.limit(number(limit as u64)).max_time(READ);
    let found: Vec<FileDocument> = answered(async { find.await?.try_collect().await }).await?;
    for file in found {
        // Not if somebody has marked it anew since the message was asked.
        let as_found = doc! { "_id": file.id, "doubtful_until": file.doubtful_until };
        match (verdict(db, &file).await?, file.place()) {
            (Some(Verdict::Sent), Some((conversation, message))) => {
                update(db, as_found, sent(of_message(conversation, message))).await?;
            }
            (Some(Verdict::Free), _) => update(db, as_found, freed()).await?,
            (Some(Verdict::Dropped), _) => drop(erase(db, as_found).await?),
            (Some(Verdict::Sent) | None, _) => {}
        }
    }
    Ok(())
}

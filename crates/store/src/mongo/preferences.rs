//! What a member alone keeps of a conversation: one document, written over as a whole if it is still the one that was
//! read.

use super::{
    Db, MongoStore,
    conversations::{self, Known},
    documents::{Stored, number, number_of},
    error::{Failure, READ, answered},
    messages,
    tries::{Tries, repeated},
};
use crate::{Preferences, Result, StoreError};
use model::{
    id::{ConversationId, UserId},
    message::Message,
    prefs::{MAX_PINNED, Prefs, PrefsChange},
    time::Timestamp,
};
use mongodb::bson::{DateTime, Document, Uuid, doc};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a member alone keeps of a conversation, in `prefs`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PrefsDocument {
    conversation: Uuid,
    user: Uuid,
    /// The seq of the message that says that they joined, 0 in direct conversations: whoever has come back begins anew.
    since: i64,
    rev: i64,
    pinned: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pinned_at: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    muted_until: Option<DateTime>,
    /// The head when it was put away, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    archived_at: Option<i64>,
    unread: bool,
    mentions: bool,
}

impl PrefsDocument {
    fn of(conversation: ConversationId, user: UserId, since: u64, prefs: &Prefs) -> Self {
        Self {
            conversation: conversation.field(),
            user: user.field(),
            since: number(since),
            rev: number(prefs.rev),
            pinned: prefs.pinned,
            pinned_at: prefs.pinned_at.map(Stored::field),
            muted_until: prefs.muted_until.map(Stored::field),
            archived_at: prefs.archived.then_some(number(prefs.archived_at)),
            unread: prefs.unread,
            mentions: prefs.mentions,
        }
    }

    fn prefs(self) -> std::result::Result<Prefs, Failure> {
        Ok(Prefs {
            rev: number_of(self.rev)?,
            pinned: self.pinned,
            pinned_at: self.pinned_at.map(Timestamp::of),
            muted_until: self.muted_until.map(Timestamp::of),
            archived: self.archived_at.is_some(),
            archived_at: number_of(self.archived_at.unwrap_or(0))?,
            unread: self.unread,
            mentions: self.mentions,
        })
    }
}

#[async_trait::async_trait]
impl Preferences for MongoStore {
    async fn set_prefs(
        &self,
        user: UserId,
        conversation: ConversationId,
        change: PrefsChange,
        at: Timestamp,
    ) -> Result<Option<Prefs>> {
        let (db, lanes) = (self.db.clone(), self.lanes.clone());
        // What is counted over all conversations of somebody is changed one after the other; and what one leaves
        // behind is not there again once it was erased.
        let setting = async move { lanes.run(conversation, set(db, user, conversation, change, at)).await };
        self.write(self.counting.run(ConversationId(user.0), setting)).await
    }
}

/// What a member keeps of it.
pub(super) async fn of(db: &Db, known: &Known, user: UserId) -> std::result::Result<Prefs, Failure> {
    let found = stored(db, known.conversation.id, user).await?;
    let found = found.filter(|document| document.since == since(known, user));
    Ok(found.map(PrefsDocument::prefs).transpose()?.unwrap_or_default())
}

/// Deletes what somebody kept who has left.
pub(super) async fn forget(db: &Db, conversation: ConversationId, user: UserId) {
    // What stays is no longer theirs, should they come back.
    if let Err(error) = answered(db.prefs.delete_one(of_member(conversation, user))).await {
        tracing::debug!(?error, "what somebody kept of a group that they have left is left");
    }
}

/// Deletes all that somebody keeps.
pub(super) async fn delete_of(db: &Db, user: UserId) -> Result<()> {
    let theirs = || doc! { "user": user.bson() };
    repeated(|| async { answered(db.prefs.delete_many(theirs())).await }).await.map(drop)
}

fn of_member(conversation: ConversationId, user: UserId) -> Document {
    doc! { "conversation": conversation.bson(), "user": user.bson() }
}

fn since(known: &Known, user: UserId) -> i64 {
    number(known.since.get(&user).copied().unwrap_or(0))
}

async fn stored(
    db: &Db,
    conversation: ConversationId,
    user: UserId,
) -> std::result::Result<Option<PrefsDocument>, Failure> {
    answered(db.prefs.find_one(of_member(conversation, user)).max_time(READ)).await
}

async fn set(
    db: Db,
    user: UserId,
    conversation: ConversationId,
    change: PrefsChange,
    at: Timestamp,
) -> Result<Option<Prefs>> {
    let (known, head, newest) = futures::try_join!(
        conversations::find(&db, conversation, db.durable.clone()),
        messages::head(&db, conversation),
        messages::newest(&db, conversation)
    )?;
    let known = known.filter(|known| known.conversation.members.contains(&user));
    let since = since(&known.ok_or(StoreError::NotFound)?, user);
    let wanted = Wanted { change, head, newest, at };
    let mut tries = Tries::new();
    loop {
        let failure = match attempt(&db, user, conversation, since, &wanted).await {
            Ok(Attempt::Set(prefs)) => return Ok(Some(prefs)),
            // An attempt of this call may have made it so.
            Ok(Attempt::IsSo(prefs)) => return Ok(tries.doubtful.then_some(prefs)),
            Ok(Attempt::Full) => return Err(StoreError::Full),
            Ok(Attempt::Outrun) => {
                tries.look_again().await?;
                continue;
            }
            Err(failure) => failure,
        };
        tries.after(failure).await?;
    }
}

/// What is to be otherwise, since when, and of what.
struct Wanted {
    change: PrefsChange,
    head: u64,
    newest: Option<Arc<Message>>,
    at: Timestamp,
}

/// What came of an attempt.
enum Attempt {
    Set(Prefs),
    IsSo(Prefs),
    Full,
    /// Somebody else was faster.
    Outrun,
}

async fn attempt(
    db: &Db,
    user: UserId,
    conversation: ConversationId,
    since: i64,
    wanted: &Wanted,
) -> std::result::Result<Attempt, Failure> {
    let found = stored(db, conversation, user).await?;
    let expected = found.as_ref().map(|found| doc! { "since": found.since, "rev": found.rev });
    let found = found.filter(|found| found.since == since);
    let before = found.map(PrefsDocument::prefs).transpose()?.unwrap_or_default();
    let before = before.settled(wanted.newest.as_deref());
    let Some(next) = wanted.change.after(before, wanted.head, wanted.at) else {
        return Ok(Attempt::IsSo(before));
    };
    if next.pinned && !before.pinned {
        let others =
            doc! { "user": user.bson(), "pinned": true, "conversation": { "$ne": conversation.bson() } };
        if answered(db.prefs.count_documents(others).max_time(READ)).await? >= MAX_PINNED as u64 {
            return Ok(Attempt::Full);
        }
    }
    let document = PrefsDocument::of(conversation, user, since as u64, &next);
    let Some(mut expected) = expected else {
        answered(db.prefs.insert_one(document)).await?;
        return Ok(Attempt::Set(next));
    };
    expected.extend(of_member(conversation, user));
    let replaced = answered(db.prefs.replace_one(expected, document)).await?;
    Ok(if replaced.matched_count == 1 { Attempt::Set(next) } else { Attempt::Outrun })
}
